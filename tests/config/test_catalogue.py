"""The cars that delcia knows."""

import csv
from pathlib import Path

import pytest

from delcia.config.catalogue import models
from delcia.core.model import Control


def test_every_row_has_its_sources_and_sound_numbers() -> None:
    for name, model in models().items():
        assert name == model.id
        assert model.source, name
        assert model.control_source, name
        assert model.overhead_basis, name
        assert 10 < model.usable_kwh < 120, name
        assert 3 < model.ac_1phase_kw <= 7.4, name
        assert 0 <= model.ac_3phase_kw <= 43, name
        assert 0.1 <= model.overhead_kw < 1, name
        assert {model.start, model.stop, model.soc_limit} <= {
            *("kca", "kcm", "pause-resume", "ev-settings", "soc-levels", "none", "no-effect", "unknown"),
        }


def test_there_is_one_id_for_each_model_code_and_battery() -> None:
    rows = [(m.model_code, m.usable_kwh, m.overhead_kw) for m in models().values() if m.model_code]
    assert len(rows) == len(set(rows))


def test_only_the_first_springs_are_trusted_to_stop() -> None:
    assert [name for name, model in models().items() if model.control.stop] == ["spring-26"]
    assert models()["spring-26"].control == Control(start=True, stop=True, soc_limit=False)
    assert models()["r5-52"].control == Control(start=True, stop=False, soc_limit=True)
    assert models()["zoe-52"].control == Control(start=True, stop=False, soc_limit=False)


@pytest.mark.parametrize(
    ("id_of_data", "id_of_plan"), [("spring_26", "spring-26"), ("zoe_52", "zoe-52"), ("r5_52", "r4-52")]
)
def test_the_numbers_are_those_of_the_published_charges(id_of_data: str, id_of_plan: str) -> None:
    with (Path(__file__).parent.parent / "data" / "charge_times.csv").open(encoding="utf-8", newline="") as file:
        usable = {float(row["usable_kWh"]) for row in csv.DictReader(file) if row["vehicle"] == id_of_data}
    assert usable <= {models()[id_of_plan].usable_kwh}


def test_the_cars_that_go_on_by_themselves_after_a_stop_are_the_first_zoes() -> None:
    assert {name for name, model in models().items() if model.resumes} == {"zoe-22", "zoe-41", "zoe-41-q90"}
