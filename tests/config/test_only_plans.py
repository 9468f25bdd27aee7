"""What is signed by the panel's key changes plans, or is refused: whatever is tried."""

import pytest
from support.plans import SMALLEST

from delcia.config.only_plans import only_plans_changed

BEFORE = {"home.yaml": SMALLEST.encode()}


def refused(**after: str | bytes | None) -> list[str]:
    """Return the places of the problems of a change, given by the texts of changed files."""
    files = {name.replace("__", "/").replace("_", "."): text for name, text in after.items()}
    given = {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}
    later = {path: data for path, data in {**BEFORE, **given}.items() if data is not None}
    return [f"{found.path}:{found.line}: {found.slug}" for found in only_plans_changed(BEFORE, later)]


@pytest.mark.parametrize(
    "after",
    [
        SMALLEST,
        SMALLEST.replace("to_soc: 80", "to_soc: 90"),
        SMALLEST.replace("nights:", "evenings:"),
        SMALLEST[: SMALLEST.index("plans:")],
        "# another remark\n" + SMALLEST.replace("{amps: 16}", "{ amps: 16 } # still"),
        SMALLEST.replace("chargers:\n  socket: {amps: 16}\n", "") + "chargers: {socket: {amps: 16}}\n",
        SMALLEST.replace("to_soc: 80", "to_soc: &much 80").replace("ready_by", "x: *much, ready_by"),
    ],
)
def test_plans_remarks_and_the_way_it_is_written_are_free(after: str) -> None:
    assert refused(home_yaml=after) == []


def test_files_of_plans_alone_may_come_and_go() -> None:
    assert refused(more__b_yml="plans: {}\n", c_yaml="") == []
    assert only_plans_changed({"b.yml": b"plans: {}\n"}, {}) == ()


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (("amps: 16", "amps: 32"), "home.yaml:4: beyond-plans"),
        (("amps: 16", "amps: 16.0"), "home.yaml:4: beyond-plans"),
        (("amps: 16", 'amps: "16"'), "home.yaml:4: beyond-plans"),
        (("hold: true", "hold: 1"), "home.yaml:2: beyond-plans"),
        (("Europe/Paris", "Europe/London"), "home.yaml:1: beyond-plans"),
        (("price: 0.2065", "price: 0.2"), "home.yaml:6: beyond-plans"),
        (("timezone: Europe/Paris\n", ""), "home.yaml:1: beyond-plans"),
        (("timezone", "accounts: {a: {}}\ntimezone"), "home.yaml:1: beyond-plans"),
        (("plans:", "plans: {}\nplans:"), "home.yaml:1: beyond-plans"),
        (("timezone", "timezone: Europe/Paris\ntimezone"), "home.yaml:1: beyond-plans"),
        (("plans:", "<<: {chargers: {}}\nplans:"), "home.yaml:1: beyond-plans"),
        (("plans:", "---\nplans:"), "home.yaml:1: beyond-plans"),
        (("timezone", "accounts: []\ntimezone"), "home.yaml:1: beyond-plans"),
        (("plans:", "[plans"), "home.yaml:1: beyond-plans"),
    ],
)
def test_anything_else_in_a_plan_file_is_refused_at_its_place(change: tuple[str, str], place: str) -> None:
    assert refused(home_yaml=SMALLEST.replace(*change)) == [place]


def test_an_anchor_in_a_plan_does_not_carry_a_change_out_of_it() -> None:
    text = "plans: {a: {charge: {to_soc: &n 16}}}\nchargers: {socket: {amps: *n}}\n"
    before, after = {"a.yaml": text.encode()}, {"a.yaml": text.replace("16", "32").encode()}
    assert [(problem.line, problem.slug) for problem in only_plans_changed(before, after)] == [(2, "beyond-plans")]


def test_other_files_are_refused_whatever_is_in_them() -> None:
    assert refused(tempo_txt="2026-12-14\n", _github__x_yaml="plans: {}\n", README_md="", home_yaml=b"\xff") == [
        ".github/x.yaml:1: beyond-plans",
        "README.md:1: beyond-plans",
        "home.yaml:1: beyond-plans",
        "tempo.txt:1: beyond-plans",
    ]
    places = [f"home.yaml:{line}: beyond-plans" for line in (4, 6, 1, 2)]
    assert refused(home_yaml=None) == places, "chargers, tariffs, timezone, vehicles, where they were"
