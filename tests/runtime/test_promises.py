"""The law: what is promised from the first reading on at which nothing unwanted runs is what the simulated night does.

`DELCIA_LAWS=2000 python -m pytest tests/runtime/test_promises.py -s` tells how many were judged, and the worst.
"""

from decimal import Decimal

import pytest
from support.promises import Judged, judged
from support.random_sites import LAWS, drawn

DEAREST = Decimal("0.40")
BATCH = 10


@pytest.mark.parametrize("batch", range(LAWS // BATCH))
def test_what_is_promised_is_what_the_night_does(batch: int) -> None:
    found = {number: judged(drawn(number)) for number in range(BATCH * batch, BATCH * batch + BATCH)}
    known = {number: item for number, item in found.items() if item is not None}
    worst = max((abs(item.off_kwh) / item.slack_kwh for item in known.values()), default=0.0)
    print(f"{len(known)} of {BATCH} judged, the worst {worst:.2f} of what is allowed")  # noqa: T201 - told by hand
    broken = {number: item for number, item in known.items() if not _is_kept(number, item)}
    assert not broken


def _is_kept(number: int, item: Judged) -> bool:
    site = drawn(number)
    if abs(item.off_kwh) > item.slack_kwh:
        return False
    # A car that nothing stops charges on where another plan may have another tariff: then its energy alone is judged.
    if not site.vehicle.control.stop:
        return True
    return abs(item.charged_cost - item.promised_cost) <= Decimal(str(item.slack_kwh)) * DEAREST
