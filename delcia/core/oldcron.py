"""The lines that the old project, mydelcia, left in a crontab."""

import re

COMMENT = "# Delcia API"
"""What it wrote behind each of its jobs."""
JOB = re.compile(r"^[^#]*/delcia_too\w*\.sh\s+-(?:start|stop|init)\s*" + re.escape(COMMENT) + r"\s*$")


def without_old_lines(text: str) -> tuple[str, int]:
    """Return a crontab without the old project's jobs, every other byte as it was, and how many there were."""
    lines = text.split("\n")
    kept = [line for line in lines if not JOB.match(line)]
    return "\n".join(kept), len(lines) - len(kept)
