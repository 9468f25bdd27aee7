"""What the owner's host names and delcia calls: programs and web addresses, bounded in time, nothing of them shown."""
