"""What comes of looking at one thing of a host."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: how it stands, and what to do when it does not stand well."""

    check: str
    level: Level
    message: str
    hint: str = ""
