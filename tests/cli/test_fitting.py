"""What `apply` says where plans and host do not fit; it goes on all the same."""

from pathlib import Path

from support.home import SITE

from delcia.cli.fitting import misfits
from delcia.config import load
from delcia.core.access import Access, Binding
from delcia.core.model import Site
from delcia.host.credentials import save
from delcia.host.paths import Paths

PLANS = """\
  nights: {vehicle: spring, charger: box, charge: {to_soc: 80}, when: {tariff: edf, bands: [off-peak]}}
"""


def site(tmp_path: Path) -> Site:
    """Return a site with a Spring at a box that the host switches."""
    from datetime import UTC, datetime

    folder = tmp_path / "plans"
    folder.mkdir()
    chargers = "  box: {amps: 16, commands: wallbox}\n"
    text = SITE % {"vehicle": "{model: spring-26, hold: true}", "more": "", "plans": PLANS, "chargers": chargers}
    (folder / "home.yaml").write_text(text, encoding="utf-8")
    found = load(folder, datetime(2026, 11, 23, tzinfo=UTC)).site
    assert found is not None
    return found


def logged_in(tmp_path: Path, code: str) -> Paths:
    """Return a host on which the spring is bound to a car with this code."""
    paths = Paths.system(tmp_path / "root")
    binding = Binding("account", "VF1STANDIN0000001", code)
    save(paths, "default", Access("https://example.org", "token", {}, {"spring": binding}), None)
    return paths


def test_another_model_and_missing_commands_are_told_with_what_to_do(tmp_path: Path) -> None:
    told = list(misfits(site(tmp_path), logged_in(tmp_path, "R5E1VE")))
    assert told == [
        (
            "vehicle 'spring' is a spring-26 (XBG1VE) in the plans, the car says R5E1VE [model-mismatch]\n"
            "    hint: write model: r5-40, r5-52"
        ),
        told[1],
    ]
    assert "'wallbox' are not defined on this host [no-commands]" in told[1]
    assert "VF1" not in "".join(told)


def test_what_fits_is_not_mentioned(tmp_path: Path) -> None:
    paths = logged_in(tmp_path, "XBG1VE")
    paths.host_file.write_text("commands: {wallbox: {start: [/bin/true], stop: [/bin/true]}}", encoding="utf-8")
    assert list(misfits(site(tmp_path), paths)) == []


def test_without_a_login_nothing_is_known_of_the_car(tmp_path: Path) -> None:
    told = list(misfits(site(tmp_path), Paths.system(tmp_path / "root")))
    assert len(told) == 1
