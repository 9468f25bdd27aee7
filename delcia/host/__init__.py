"""The machine delcia lives on: its places, files, systemd, git, and the transaction that changes them."""
