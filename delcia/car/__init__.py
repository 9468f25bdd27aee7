"""Cars: one protocol, and the ways to reach one."""
