"""An ordinary fortnight: every night ends as planned, the owner hears little, and the service is asked seldom."""

from pathlib import Path

import pytest
from household.boundary import plan_text, quick_host
from household.judge import faults
from household.life import ordinary
from household.living import household_of, live
from support.webhook import webhook

MOST_NOTICES = 3


@pytest.mark.slow
@pytest.mark.parametrize("seed", ["0", "1"])
def test_an_ordinary_fortnight_keeps_every_rule_and_tells_at_most_three_things(seed: str, quick_path: Path) -> None:
    life = ordinary(seed)
    service, timeline = household_of(life)
    with webhook() as hook:
        lived = live(life, service, quick_host(service, quick_path, hook, plan_text(), timeline), timeline)
    assert faults(lived) == []
    assert len(lived.told) <= MOST_NOTICES, [f"{notice.at} {notice.text}" for notice in lived.told]
