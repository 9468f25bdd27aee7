"""Projections as a person, or another program, reads them."""
