"""YAML text to a Site, or to problems with line and column."""

from delcia.config.loading import Loaded, load

__all__ = ["Loaded", "load"]
