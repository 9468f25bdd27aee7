"""Changing plans for good: the text of a plan file, and the commit that says it."""
