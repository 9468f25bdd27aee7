"""Nothing that an owner can write becomes a directive, and nothing in a unit is newer than systemd 247."""

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.small_site import band, plan, site, tariff
from support.systemd_calendar import needs_systemd_analyze
from support.unit_files import ALLOWED, directives

from delcia.compile.escaping import exec_path, only_filtered, unit_id, unit_text
from delcia.compile.panel import UNITS
from delcia.compile.sync import UNITS as SYNC_UNITS
from delcia.compile.systemd import UnitSettings, render
from delcia.core.changes import Artifact
from delcia.core.model import InBands, Place, Site
from delcia.errors import DelciaError
from delcia.resources import resource

NOW = datetime(2026, 11, 23, 18, 41, tzinfo=UTC)
SETTINGS = UnitSettings("/opt/delcia/bin/delcia", NOW)

NASTY = (
    "a\n[Service]\nExecStart=/bin/sh",
    "a\r[Service]",
    "a\u2028b",
    "a\x85b",
    "a\\",
    "a \\",
    "100 % %n %i %",
    "$HOME ${HOME} $$",
    "a ; /bin/sh",
    "; comment",
    "# comment",
    "-x",
    "--all",
    "= a",
    "[Service]",
    "'a \"b",
    "  ",
    "été ☀ 夜",
    "\u202eevil",
    "\ud800",
    "\0",
)


def skeleton(artifacts: tuple[Artifact, ...]) -> list[tuple[str, str, str]]:
    """Return file, section and key of every setting: what no value may change."""
    return [(item.name, section, key) for item in artifacts for section, key, _ in directives(item.text)]


def test_every_directive_is_one_that_systemd_247_knows() -> None:
    for artifact in render(site(plan()), SETTINGS):
        for section, key, value in directives(artifact.text):
            assert key in ALLOWED[section], (artifact.name, key)
            assert value or key in {"CapabilityBoundingSet", "AmbientCapabilities"}, (artifact.name, key)


def test_every_template_is_rendered_by_these_tests() -> None:
    parts = {path.name for path in resource("templates", "systemd").iterdir()} - {"charge.conf.j2", "sandbox.conf.j2"}
    made = {item.name.replace("delcia-plan-nights", "delcia-plan") for item in render(site(plan()), SETTINGS)}
    assert {f"{name}.j2" for name in (*made, *UNITS, *SYNC_UNITS)} == parts


def with_source(text: str) -> Site:
    return site(replace(plan(), place=Place(text, 1)))


def with_band(text: str) -> Site:
    return site(plan(InBands("edf", (text,))), tariff=tariff(band(text, "01:00-05:00")))


def with_tariff(text: str) -> Site:
    return site(plan(InBands(text, ("off-peak",))), tariff=tariff(band("off-peak", "01:00-05:00"), name=text))


def with_vehicle(text: str) -> Site:
    return site(replace(plan(), vehicle=text))


def rendered(house: Site) -> tuple[Artifact, ...] | None:
    """Return the units of a site; None when its text is refused."""
    try:
        return render(house, SETTINGS)
    except DelciaError as error:
        return None if error.slug == "unsafe-text" and error.text().isascii() else pytest.fail(error.text())


@pytest.mark.parametrize("text", NASTY)
@pytest.mark.parametrize("house", [with_source, with_band, with_tariff, with_vehicle])
def test_text_changes_no_directive_or_is_refused(house: Callable[[str], Site], text: str) -> None:
    artifacts = rendered(house(text))
    assert artifacts is None or skeleton(artifacts) == skeleton(render(house("plain"), SETTINGS))
    if not text.endswith("\\"):
        assert (artifacts is None) == any(char in text for char in "\n\r\0\x85\u2028\u202e\ud800")


@settings(max_examples=200)
@given(st.text(), st.sampled_from([with_source, with_band, with_tariff, with_vehicle]))
def test_no_text_at_all_changes_a_directive(text: str, house: Callable[[str], Site]) -> None:
    artifacts = rendered(house(text)) or ()
    assert skeleton(artifacts) == (skeleton(render(house("plain"), SETTINGS)) if artifacts else [])
    specifiers = [value.replace("%%", "") for item in artifacts for _, _, value in directives(item.text)]
    assert {value[value.index("%") :] for value in specifiers if "%" in value} <= {"%n.service", "%i", "%i failed"}


@pytest.mark.parametrize("name", [*NASTY, "", "../x", "a/b", "/etc", "UP", "a b", "a" * 42, "_x", "a.b", "été"])
def test_a_plan_whose_name_is_no_id_is_refused(name: str) -> None:
    with pytest.raises(DelciaError) as refused:
        render(site(plan(name=name)), SETTINGS)
    assert refused.value.slug in {"unsafe-id", "unsafe-text"}


@pytest.mark.parametrize(
    "path", [*NASTY, "", "delcia", "./delcia", "/opt/my delcia", "/opt/%h/x", "/a;b", "/a$b", "/é"]
)
def test_a_program_at_a_path_that_systemd_would_read_otherwise_is_refused(path: str) -> None:
    with pytest.raises(DelciaError) as refused:
        render(site(plan()), replace(SETTINGS, executable=path))
    assert refused.value.slug == "unsafe-path"


@pytest.mark.parametrize("user", [*NASTY, "", "root:root"])
def test_a_user_whose_name_is_no_id_is_refused(user: str) -> None:
    with pytest.raises(DelciaError):
        render(site(plan()), replace(SETTINGS, user=user))


def test_a_template_that_forgets_a_filter_cannot_be_rendered() -> None:
    with pytest.raises(ValueError, match="not filtered"):
        only_filtered("text")
    for found in (unit_text("50 %"), unit_id("nights"), exec_path("/bin/x")):
        assert only_filtered(found) is found
    assert unit_text("50 %") == "50 %%"


def written(folder: Path, artifacts: tuple[Artifact, ...]) -> list[str]:
    for artifact in artifacts:
        (folder / artifact.name).write_text(artifact.text, encoding="utf-8")
    return [str(folder / artifact.name) for artifact in artifacts]


@needs_systemd_analyze
def test_systemd_has_nothing_to_say_against_the_units(tmp_path: Path) -> None:
    texts = [text for text in NASTY if rendered(with_source(text))]
    bands = [band(text, "01:00-05:00") for text in texts]
    plans = [
        replace(plan(InBands("edf", (text,)), name=f"plan-{number}"), place=Place(text, 1))
        for number, text in enumerate(texts)
    ]
    quiet = replace(SETTINGS, executable=shutil.which("true") or "/bin/true")
    files = written(tmp_path, render(site(*plans, tariff=tariff(*bands)), quiet))
    assert len(files) == 3 + 2 * len(texts) > 20
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *files], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@needs_systemd_analyze
def test_the_services_are_exposed_to_little_but_the_network(tmp_path: Path) -> None:
    services = [item for item in render(site(plan()), SETTINGS) if item.name.endswith(".service")]
    assert len(services) == 3
    for file in written(tmp_path, tuple(services)):
        done = subprocess.run(
            ["systemd-analyze", "security", "--offline=true", "--threshold=15", "--no-pager", file],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout
