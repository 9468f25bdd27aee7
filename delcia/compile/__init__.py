"""A site to the files that make it run: systemd units, and the generation that charge reads."""
