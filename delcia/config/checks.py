"""What a sound plan may still get wrong: times that the clock skips, windows too short, wishes the car cannot obey."""

from datetime import datetime

from delcia.config.findings import Findings
from delcia.config.merge import Merged
from delcia.core.model import Site


def check_site(site: Site, merged: Merged, now: datetime, findings: Findings) -> None:
    """Report what holds for the whole site."""
