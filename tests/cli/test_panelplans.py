"""Where the panel changes plans on its own host, and what keeps its unit from that: each fault with its way out."""

import os
from pathlib import Path

import pytest

from delcia.cli.panelplans import check_plans, place_to_write
from delcia.errors import DelciaError
from delcia.panel.settings import PanelSettings


@pytest.mark.parametrize(
    ("plans", "words", "hint"),
    [
        ({"folder": "/home/me/car/plans"}, "cannot see /home/me/car/plans: its sandbox hides /home", "/srv/car"),
        ({"folder": "/srv/../root/plans"}, "its sandbox hides /root", "/srv/car"),
        ({"repository": "file:///home/me/car.git"}, "cannot see /home/me/car.git", "name a repository"),
        ({"repository": "git@example.org:car.git", "key": "/root/.ssh/id"}, "hides /root", "keep the key in /var/lib/"),
        ({"folder": "plans"}, "'plans' cannot stand in a unit", "name an absolute path"),
        ({"folder": "/srv/my car"}, "'/srv/my car' cannot stand in a unit", "name an absolute path"),
        ({"folder": "/srv/no-such-folder"}, "/srv/no-such-folder is not there", "/srv/car"),
    ],
)
def test_what_the_unit_cannot_see_or_write_is_told(plans: dict[str, str], words: str, hint: str) -> None:
    with pytest.raises(DelciaError) as told:
        check_plans(PanelSettings(plans=plans))
    assert words in told.value.message
    assert hint in told.value.hint


@pytest.mark.parametrize("plans", [{}, {"repository": "git@example.org:car.git"}, {"repository": "https://a/b.git"}])
def test_nothing_of_this_host_is_needed_for_plans_that_live_elsewhere(plans: dict[str, str]) -> None:
    check_plans(PanelSettings(plans=plans))
    assert place_to_write(PanelSettings(plans=plans)) is None


def test_a_change_is_written_to_the_whole_checkout_of_the_plans(tmp_path: Path) -> None:
    folder = tmp_path / "car/plans"
    folder.mkdir(parents=True)
    assert place_to_write(PanelSettings(plans={"folder": str(folder)})) == folder
    (tmp_path / "car/.git").mkdir()
    assert place_to_write(PanelSettings(plans={"folder": str(folder)})) == tmp_path / "car"
    assert place_to_write(PanelSettings(plans={"repository": f"file://{tmp_path}"})) == tmp_path
    if os.geteuid() != 0:
        folder.chmod(0)
        with pytest.raises(PermissionError):
            place_to_write(PanelSettings(plans={"folder": str(folder)}))
