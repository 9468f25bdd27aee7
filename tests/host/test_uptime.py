"""When the machine was switched on, as far as it tells."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from delcia.host.uptime import booted_at

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def test_a_machine_tells_for_how_long_it_has_been_on(tmp_path: Path) -> None:
    (tmp_path / "uptime").write_text("90.25 170.11\n", encoding="ascii")
    assert booted_at(NOW, tmp_path / "uptime") == NOW - timedelta(seconds=90.25)


@pytest.mark.parametrize("text", [None, "", "soon\n", "1e400\n"])
def test_a_machine_that_does_not_tell_is_no_trouble(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "uptime").write_text(text, encoding="ascii")
    assert booted_at(NOW, tmp_path / "uptime") is None
