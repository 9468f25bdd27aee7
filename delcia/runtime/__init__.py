"""Runs: one for a vehicle now, and many on a virtual clock."""
