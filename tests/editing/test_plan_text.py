"""A plan changed in the text of its file: what else stands there stays, to the byte."""

import tempfile
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.plans import NOW
from support.wishes import WISHES

from delcia.core.model import EVERY_DAY, Duration, InBands, InWindows, Span, StartAt, ToSoc
from delcia.editing.changes import Add, Alter, Change, Disable, Enable, Remove, changed_text
from delcia.editing.proposals import propose
from delcia.editing.spans import spans
from delcia.editing.views import View, shown_plans, view_of
from delcia.editing.wish import Wish
from delcia.errors import DelciaError

STYLES = sorted((Path(__file__).parent / "styles").glob("*.yaml"))
WORKDAYS = (0, 1, 2, 3, 4)
NIGHT, LUNCH = Span(22 * 60, 30 * 60), Span(12 * 60 + 38, 14 * 60 + 38)
NEW = Wish("spring", "socket", ToSoc(80), InBands("edf", ("off-peak",)), WORKDAYS, (), 7 * 60)


def view(folder: Path, text: str) -> View:
    (folder / "home.yaml").write_bytes(text.encode())
    return view_of(folder, "plans", NOW)


def alter(found: View, **values: object) -> Change:
    [shown] = [shown for shown in shown_plans(found) if shown.name == "nights"]
    return Alter("nights", replace(shown.wish, **values), shown.mark)  # type: ignore[arg-type]  # the fields of a wish


def changes(found: View) -> dict[str, Change]:
    """Return what a person may do with the plan `nights` of every style."""
    late = {"ready_by_min": 390, "policy": "late", "guarantee": True}
    return {
        "more, on weekdays": alter(found, target=ToSoc(90), weekdays=WORKDAYS, ready_by_min=6 * 60 + 30),
        "in two windows": alter(found, when=InWindows((LUNCH, NIGHT), "edf"), **late),
        "for a time": alter(found, target=Duration(140), when=StartAt(1410), weekdays=EVERY_DAY, ready_by_min=None),
        "disabled": Disable("nights"),
        "enabled": Enable("nights"),
        "a new one": Add("office", NEW),
        "no more": Remove("nights"),
    }


@pytest.mark.parametrize("style", STYLES, ids=lambda path: path.stem)
def test_the_diff_is_what_a_person_would_have_written(
    style: Path, tmp_path: Path, golden: Callable[[Path, str], None]
) -> None:
    found = view(tmp_path, style.read_text(encoding="utf-8"))
    assert not [problem for problem in found.loaded.problems if problem.level == "error"]
    parts = []
    for what, change in changes(found).items():
        proposal = propose(found, change)
        errors = [problem.text() for problem in proposal.problems if problem.level == "error"]
        subject = proposal.message.partition("\n")[0]
        parts.append("\n".join([f"=== {what}: {subject}", *errors, proposal.diff or "nothing\n"]))
    golden(style.with_suffix(".diffs"), "".join(parts))


@pytest.mark.parametrize("style", STYLES, ids=lambda path: path.stem)
def test_line_ends_and_what_stands_before_and_behind_stay(style: Path, tmp_path: Path) -> None:
    text = style.read_text(encoding="utf-8")
    bare = view(tmp_path, text)
    expected = {what: changed_text(bare, change)[1] for what, change in changes(bare).items()}
    disguises: list[Callable[[str], str]] = [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\N{ZERO WIDTH NO-BREAK SPACE}" + text,
        lambda text: text + "# é 🚗\n",
    ]
    for disguise in disguises:
        other = view(tmp_path, disguise(text))
        for what, change in changes(other).items():
            assert changed_text(other, change)[1] == disguise(expected[what])


@pytest.mark.parametrize("style", STYLES, ids=lambda path: path.stem)
@given(wishes=st.lists(WISHES, min_size=1, max_size=2))
@settings(max_examples=25, database=None)
def test_whatever_is_wished_the_file_says_that_and_its_other_lines_stay(style: Path, wishes: list[Wish]) -> None:
    text = style.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        found = view(Path(folder), text)
        for wish in wishes:
            found = view(Path(folder), changed_text(found, alter(found, **fields_of(wish)))[1])
            assert {problem.slug for problem in found.loaded.problems} <= SENSE
            if found.loaded.site is None:
                return
            [shown] = [shown for shown in shown_plans(found) if shown.name == "nights"]
            assert in_order(shown.wish) == in_order(wish)
        again = found.texts["home.yaml"]
    others, still = lines_elsewhere(text), lines_elsewhere(again)
    assert still == others if style.stem != "shared" else len(still) == len(others)


SENSE = {"missing-key", "no-window", "short-window", "not-enforced", "hold-gap", "overlap", "dst-gap", "dst-fold"}
"""What can be wrong with a wish that is written well."""


def fields_of(wish: Wish) -> dict[str, object]:
    return {field.name: getattr(wish, field.name) for field in fields(wish)}


def in_order(wish: Wish) -> Wish:
    """Return a wish whose windows and bands stand in one order: which one comes first says nothing."""
    match wish.when:
        case InWindows(spans, tariff):
            return replace(wish, when=InWindows(tuple(sorted(spans, key=lambda span: span.begins_min)), tariff))
        case InBands(tariff, bands):
            return replace(wish, when=InBands(tariff, tuple(sorted(bands))))
        case _:
            return wish


def lines_elsewhere(text: str) -> list[str]:
    """Return the lines that are not the plan's."""
    root = spans(text)
    assert root is not None
    plans = root.part("plans")
    plan = plans.span.part("nights") if plans else None
    assert plan is not None
    return [*text[: plan.start].splitlines(), *text[plan.end :].splitlines()[1:]]


def test_a_file_that_does_not_end_its_last_line_still_does_not(tmp_path: Path) -> None:
    text = (STYLES[0].parent / "shared.yaml").read_text(encoding="utf-8").removesuffix("            # no later\n")
    after = changed_text(view(tmp_path, text), Add("office", NEW))[1]
    assert after.startswith(f"{text}\n  office:\n")
    assert not after.endswith("\n")


def test_words_that_yaml_reads_otherwise_are_quoted(tmp_path: Path) -> None:
    text = STYLES[0].read_text(encoding="utf-8")
    wish = replace(NEW, vehicle="on", charger="010", when=InBands("2026-05-02", ("y", "1e5")), calendars=("null",))
    after = changed_text(view(tmp_path, text), Add("off", wish))[1]
    assert '"off": {"vehicle": "on", ' not in after
    for word in ('"off":', 'vehicle: "on"', 'charger: "010"', '"2026-05-02"', '["y", "1e5"]', '[mon-fri, "null"]'):
        assert word in after


def test_values_that_a_plan_shares_over_several_lines_are_left_alone(tmp_path: Path) -> None:
    text = """\
plans:
  nights: &all
    vehicle: spring
    charger: socket
    charge: {to_soc: 80}
    when: {windows: ["22:00-06:00"]}
  more: *all
"""
    found = view(tmp_path, text)
    with pytest.raises(DelciaError, match=r"the plan 'nights' is written in home\.yaml in a way") as refused:
        changed_text(found, Disable("nights"))
    assert refused.value.slug == "cannot-edit"
    assert changed_text(found, Disable("more"))[1] == text.replace(
        "*all",
        '{vehicle: spring, charger: socket, charge: {to_soc: 80}, when: {windows: ["22:00-06:00"]}, enabled: false}',
    )


def test_a_file_that_only_one_reader_of_yaml_takes_is_left_alone(tmp_path: Path) -> None:
    found = view(tmp_path, "plans:\n  nights: {vehicle: spring, charger: socket, charge: {to_soc: 80}}\t# a tab\n")
    assert found.texts
    with pytest.raises(DelciaError, match=r"the plan 'nights' is written in home\.yaml in a way") as refused:
        changed_text(found, Disable("nights"))
    assert refused.value.slug == "cannot-edit"


@pytest.mark.parametrize(
    ("plans", "after"),
    [
        ("", "plans:\n  office:\n    vehicle: spring\n"),
        ("plans: {} # none yet\n", "plans: # none yet\n  office:\n    vehicle: spring\n"),
        ("plans:\n  # none yet\n", "plans:\n  # none yet\n  office:\n    vehicle: spring\n"),
    ],
)
def test_the_first_plan_of_a_file(plans: str, after: str, tmp_path: Path) -> None:
    (tmp_path / "car.yaml").write_text("vehicles:\n  spring: {model: spring-26}\n" + plans, encoding="utf-8")
    path, text = changed_text(view_of(tmp_path, "plans", NOW), Add("office", NEW))
    assert path == "car.yaml"
    assert after in text


def test_a_new_plan_stands_with_the_others_of_its_vehicle(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "a.yaml").write_text("plans: {x: {vehicle: zoe}}\nvehicles: {spring: {}}\n", encoding="utf-8")
    (tmp_path / "sub/b.yml").write_text("plans: {y: {vehicle: spring}}\n", encoding="utf-8")
    (tmp_path / "z.yaml").write_text("plans: {z: {vehicle: zoe}}\n", encoding="utf-8")
    found = view_of(tmp_path, "plans", NOW)
    assert changed_text(found, Add("office", NEW))[0] == "sub/b.yml"
    assert changed_text(found, Add("office", replace(NEW, vehicle="twingo")))[0] == "z.yaml"


def test_a_plan_that_is_gone_there_already_or_not_as_it_was_shown_is_refused(tmp_path: Path) -> None:
    found = view(tmp_path, STYLES[0].read_text(encoding="utf-8"))
    stale = alter(found, target=ToSoc(60))
    with pytest.raises(DelciaError, match="there is a plan 'nights' already"):
        changed_text(found, Add("nights", NEW))
    with pytest.raises(DelciaError, match="no plan 'gone' any more"):
        changed_text(found, Disable("gone"))
    later = view(tmp_path, changed_text(found, alter(found, target=ToSoc(70)))[1])
    with pytest.raises(DelciaError, match="'nights' was changed meanwhile"):
        changed_text(later, stale)
