"""A host with a car that stands plugged in and is held, and somebody before its panel."""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from support.cli_home import CliHome
from support.panels import Visitor

PASSWORD = "a password of the house"  # noqa: S105 - of a house that is not there
COMMENT = "# what the neighbours said: not before ten\n"
"""The first line of the plans, where they are in git."""


@dataclass(slots=True)
class Evening:
    """A host, and somebody before its panel."""

    host: CliHome
    visitor: Visitor

    def live(self, *instants: datetime) -> None:
        """Let time pass, with a run for all at each instant; the panel's clock goes along."""
        with ThreadPoolExecutor(1) as beside:  # the thread of a browser has an event loop of its own
            beside.submit(self.host.live, *instants).result()
        os.environ.update(self.host.environment)
