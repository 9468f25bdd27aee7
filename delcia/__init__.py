"""delcia charges Renault, Dacia and Alpine electric cars from a plan that lives in git."""

__version__ = "0.1.0"
