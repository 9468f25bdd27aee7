"""The clock of the command line, and `DELCIA_NOW`."""

from datetime import UTC, datetime, timedelta

import pytest

from delcia.cli.clock import now
from delcia.errors import DelciaError, Exit


def test_without_a_wish_it_is_the_present() -> None:
    assert abs(now() - datetime.now(UTC)) < timedelta(seconds=5)


@pytest.mark.parametrize(
    ("given", "hour"), [("2026-11-23T19:41:00+01:00", 18), ("2026-11-23T19:41:00Z", 19), ("2026-11-23 19:41+00:00", 19)]
)
def test_a_wish_is_taken_as_an_instant(given: str, hour: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DELCIA_NOW", given)
    assert now() == datetime(2026, 11, 23, hour, 41, tzinfo=UTC)
    assert now().tzinfo is UTC


@pytest.mark.parametrize("given", ["2026-11-23T19:41:00", "tomorrow", "1732387260", "25:00"])
def test_a_time_without_offset_is_refused(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DELCIA_NOW", given)
    with pytest.raises(DelciaError) as caught:
        now()
    assert caught.value.slug == "bad-now"
    assert caught.value.status == Exit.USAGE
    assert given in caught.value.message
