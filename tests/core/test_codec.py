"""What is kept as data comes back equal: for every dataclass of the site and of the memory."""

import json
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.small_site import plan, site

from delcia.core import learned, model, state
from delcia.core.codec import CLASSES, TAG, from_data, to_data
from delcia.core.model import Days, Energy, InBands, Span, ToSoc
from delcia.core.state import Delivered, Memory, Owner, Plug, Session

WALLS = st.integers(0, 10**9).map(lambda second: datetime(2020, 1, 1) + timedelta(seconds=second))  # noqa: DTZ001
INSTANTS = WALLS.map(lambda wall: wall.replace(tzinfo=UTC))
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
MONEY = st.decimals(allow_nan=False, allow_infinity=False)
NAMES = st.text(max_size=8)


def values(kind: Any) -> st.SearchStrategy[Any]:  # noqa: ANN401 - a type hint has no better type
    """Return values of a type hint, built from the hints alone: a new field needs nothing here."""
    origin, inner = get_origin(kind), get_args(kind)
    if isinstance(kind, UnionType) or str(origin) == "typing.Union":
        return st.one_of([values(item) for item in inner])
    if str(origin) == "typing.Literal":
        return st.sampled_from(inner)
    if origin is tuple and inner[-1:] == (...,):
        return st.lists(values(inner[0]), max_size=2).map(tuple)
    if origin is tuple:
        return st.tuples(*(values(item) for item in inner))
    if origin is not None:
        return st.dictionaries(NAMES.filter(lambda name: name != TAG), values(inner[1]), max_size=2)
    plain = {
        NoneType: st.none(),
        bool: st.booleans(),
        int: st.integers(),
        float: NUMBERS,
        str: NAMES,
        datetime: INSTANTS,
        date: st.dates(),
        Decimal: MONEY,
        Span: st.builds(lambda begin, long: Span(begin, begin + long), st.integers(0, 1439), st.integers(1, 1440)),
    }
    if kind in plain:
        return plain[kind]
    if isinstance(kind, type) and is_dataclass(kind):
        hints = get_type_hints(kind)
        return st.builds(kind, **{field.name: values(hints[field.name]) for field in fields(kind)})
    return st.sampled_from(list(kind))


@pytest.mark.parametrize("name", sorted(CLASSES))
@settings(max_examples=15)
@given(data=st.data())
def test_every_value_comes_back_equal_through_json(name: str, data: st.DataObject) -> None:
    value = data.draw(values(CLASSES[name]))
    back = from_data(json.loads(json.dumps(to_data(value))))
    assert back == value
    assert repr(back) == repr(value)


@given(WALLS)
def test_a_wall_time_stays_without_a_zone(wall: datetime) -> None:
    assert from_data(to_data(model.Once(wall))) == model.Once(wall)


def test_only_what_differs_from_the_default_is_written() -> None:
    assert to_data(Memory()) == {TAG: "Memory"}
    assert to_data(Days()) == {TAG: "Days"}
    assert to_data(ToSoc(80)) == {TAG: "ToSoc", "soc_pct": 80}
    session = Session(Owner.DELCIA, datetime(2026, 11, 24, 0, 38, tzinfo=UTC), 52.0, "window")
    assert json.dumps(to_data(session)) == (
        '{"": "Session", "owner": {"": "Owner", "value": "delcia"}, '
        '"began_at": {"": "instant", "value": "2026-11-24T00:38:00+00:00"}, "soc_pct": 52.0, "reason": "window"}'
    )


def test_zero_keeps_its_sign() -> None:
    had = Delivered("nights", datetime(2026, 11, 24, 11, tzinfo=UTC), 0.0, -0.0)
    assert repr(from_data(to_data(had))) == repr(had)


def test_what_an_earlier_or_a_later_version_wrote_can_be_read() -> None:
    assert from_data({TAG: "Memory"}) == Memory()
    assert from_data({TAG: "ToSoc", "soc_pct": 80, "of_tomorrow": {TAG: "date", "value": "2030-01-01"}}) == ToSoc(80)


def test_a_site_comes_back_equal() -> None:
    home = site(plan(), plan(InBands("edf", ("peak",)), name="noons", days=Days(weekdays=(5, 6)), ready_by_min=420))
    back = from_data(json.loads(json.dumps(to_data(home))))
    assert back == home
    assert hash(back.plans["noons"]) == hash(home.plans["noons"])


@pytest.mark.parametrize(
    "data", [{TAG: "Reactor"}, {TAG: 3}, {TAG: "Plug", "value": "half"}, {TAG: "ToSoc"}, {TAG: "date"}, {TAG: []}]
)
def test_data_of_no_known_shape_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"unknown|not a valid|no known shape"):
        from_data(data)


@pytest.mark.parametrize("value", [object(), {1, 2}, Plug, b"x", Decimal])
def test_a_foreign_value_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        to_data(value)


def test_energy_and_soc_are_told_apart() -> None:
    assert from_data(to_data(Energy(5))) == Energy(5)
    assert {cls.__module__ for cls in CLASSES.values()} == {model.__name__, state.__name__, learned.__name__}
