"""What delcia keeps between two runs: one SQLite file, and one lock per vehicle."""
