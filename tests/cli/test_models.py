"""`delcia models`: the cars that delcia knows."""

import json

from jsonschema import Draft202012Validator
from support.command import delcia

from delcia.resources import resource


def test_the_table_names_every_car_on_lines_that_fit_a_screen() -> None:
    ran = delcia("models")
    lines = ran.stdout.splitlines()
    assert (ran.status, ran.stderr) == (0, "")
    assert lines[0].split()[:3] == ["id", "car", "code"]
    assert any(line.startswith("spring-26 ") and line.rstrip().endswith("yes      yes     no") for line in lines)
    assert max(map(len, lines)) <= 120


def test_json_keeps_to_its_published_schema_and_has_every_source() -> None:
    answer = json.loads(delcia("models", "--json").stdout)
    schema = json.loads(resource("schemas", "models.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(answer)
    assert {model["id"] for model in answer["models"]} >= {"spring-26", "zoe-52", "r5-52", "r4-52", "a290-52"}
    assert all(model["source"] and model["control_source"] for model in answer["models"])
