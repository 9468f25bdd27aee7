"""The fields of a plan's form: what they say, what is wrong with them, and the way back."""

import pytest
from hypothesis import given, settings
from support.wishes import WISHES

from delcia.core.model import Duration, Energy, InBands, InWindows, Span, StartAt, ToSoc
from delcia.editing.form import fields_of, free_name, name_in, wish_in
from delcia.editing.wish import Cheapest, Wish

FIELDS = {
    "vehicle": ["spring"],
    "charger": ["socket"],
    "far": ["80"],
    "when": ["bands"],
    "tariff": ["edf"],
    "bands": ["off-peak"],
    "days": ["mon", "tue", "wed", "thu", "fri"],
    "ready_by": ["07:00"],
    "policy": ["asap"],
    "enabled": ["on"],
}


def test_a_form_says_a_wish() -> None:
    wish = Wish("spring", "socket", ToSoc(80), InBands("edf", ("off-peak",)), (0, 1, 2, 3, 4), (), 420)
    assert wish_in(FIELDS) == (wish, {})


@pytest.mark.parametrize(
    ("fields", "target"),
    [
        ({"far": ["100"]}, ToSoc(100)),
        ({"far": ["soc"], "soc": [" 65 % "]}, ToSoc(65)),
        ({"far": ["hours"], "hours": ["2h30"]}, Duration(150)),
        ({"far": ["hours"], "hours": ["2:30"]}, Duration(150)),
        ({"far": ["hours"], "hours": ["2,5"]}, Duration(150)),
        ({"far": ["kwh"], "kwh": ["7.25"]}, Energy(7.25)),
        ({"far": ["kwh"], "kwh": ["7,125"]}, Energy(7.125)),
    ],
)
def test_how_far(fields: dict[str, list[str]], target: object) -> None:
    wish, faults = wish_in({**FIELDS, **fields})
    assert wish is not None, faults
    assert wish.target == target


@pytest.mark.parametrize(
    ("fields", "when"),
    [
        ({"when": ["cheapest"]}, Cheapest("edf")),
        ({"when": ["start_at"], "start_at": ["23:30"]}, StartAt(1410, "edf")),
        ({"when": ["start_at"], "start_at": ["23:30"], "tariff": [""]}, StartAt(1410)),
        (
            {"when": ["windows"], "begins": ["22:00", "", "12:00"], "ends": ["06:00", "", "00:00"], "tariff": [""]},
            InWindows((Span(1320, 1800), Span(720, 1440))),
        ),
        ({"when": ["windows"], "begins": ["00:00"], "ends": ["00:00"], "tariff": [""]}, InWindows((Span(0, 1440),))),
    ],
)
def test_when(fields: dict[str, list[str]], when: object) -> None:
    wish, faults = wish_in({**FIELDS, **fields})
    assert wish is not None, faults
    assert wish.when == when


@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        ({"vehicle": []}, {"vehicle": "no-choice"}),
        ({"charger": ["../x"]}, {"charger": "no-choice"}),
        ({"far": []}, {"far": "no-choice"}),
        ({"far": ["soc"], "soc": ["101"]}, {"soc": "bad-soc"}),
        ({"far": ["soc"], "soc": ["²"]}, {"soc": "bad-soc"}),
        ({"far": ["soc"], "soc": ["9" * 5000]}, {"soc": "bad-soc"}),
        ({"far": ["hours"], "hours": ["0"]}, {"hours": "bad-duration"}),
        ({"far": ["hours"], "hours": ["24h01"]}, {"hours": "bad-duration"}),
        ({"far": ["kwh"], "kwh": ["nan"]}, {"kwh": "bad-energy"}),
        ({"when": ["soon"]}, {"when": "no-choice"}),
        ({"when": ["kept"]}, {"when": "no-choice"}),
        ({"bands": []}, {"bands": "no-choice"}),
        ({"bands": ["a: b"]}, {"bands": "no-choice"}),
        ({"tariff": []}, {"tariff": "no-choice"}),
        ({"when": ["windows"]}, {"windows": "no-window"}),
        ({"when": ["windows"], "begins": ["22:00"], "ends": [""]}, {"windows": "bad-span"}),
        ({"when": ["windows"], "begins": ["22:00"], "ends": ["22:00"]}, {"windows": "bad-span"}),
        ({"when": ["start_at"], "start_at": ["7"]}, {"start_at": "bad-time"}),
        ({"days": []}, {"days": "no-day"}),
        ({"days": ["<b>"]}, {"days": "no-day"}),
        ({"ready_by": ["24:00"]}, {"ready_by": "bad-time"}),
        ({"ready_by": [""], "policy": ["late"]}, {"ready_by": "needs-ready-by"}),
        ({"ready_by": [], "guarantee": ["on"]}, {"ready_by": "needs-ready-by"}),
        ({"policy": ["never"]}, {"policy": "no-choice"}),
        ({"far": [""], "days": [], "policy": ["x"]}, {"far": "no-choice", "days": "no-day", "policy": "no-choice"}),
    ],
)
def test_each_fault_is_told_at_its_field(fields: dict[str, list[str]], faults: dict[str, str]) -> None:
    assert wish_in({**FIELDS, **fields}) == (None, faults)


def test_times_that_no_form_shows_may_be_kept() -> None:
    wish, faults = wish_in({**FIELDS, "when": ["kept"]}, kept_when=True)
    assert wish is not None, faults
    assert wish.when is None


@given(WISHES)
@settings(max_examples=60, database=None)
def test_a_form_shows_what_it_says(wish: Wish) -> None:
    found, faults = wish_in(fields_of(wish))
    if wish.ready_by_min is None and (wish.policy != "asap" or wish.guarantee):
        assert faults == {"ready_by": "needs-ready-by"}
    else:
        assert (found, faults) == (wish, {})


@pytest.mark.parametrize("energy_kwh", [7.125, 10.0, 0.1, 123.4567891, 0.00001])
def test_a_form_shows_a_whole_day_and_energy_to_the_last_digit(energy_kwh: float) -> None:
    wish = Wish("spring", "socket", Energy(energy_kwh), InWindows((Span(0, 1440),)), (0,), (), None)
    fields = fields_of(wish)
    assert (fields["begins"], fields["ends"]) == (["00:00"], ["00:00"])
    assert float(*fields["kwh"]) == energy_kwh
    assert "e" not in "".join(fields["kwh"]).lower()
    assert wish_in(fields) == (wish, {})


def test_names_of_new_plans() -> None:
    assert free_name("spring", ()) == "spring-1"
    assert free_name("spring", ("spring-1", "nights")) == "spring-2"
    assert name_in({"name": [free_name("x" * 41, ())]}, ())[1] == ""
    assert name_in({"name": [" office "]}, ()) == ("office", "")
    for name, fault in [("", "bad-name"), ("Zoé", "bad-name"), ("notify", "reserved-name"), ("nights", "plan-exists")]:
        assert name_in({"name": [name]}, ("nights",)) == (name, fault)
