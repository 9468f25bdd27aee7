"""The texts of a page that may be in another language."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TimelineWords:
    """The texts beside a time line; `said` puts what delcia says into the language of the page."""

    title: str = "the next 48 hours"
    soc: str = "state of charge, 0 to 100 %"
    charging: str = "charging"
    said: Callable[[str], str] = str
