"""The schema as others read it, and as delcia does: they agree on every file."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from support.plans import SMALLEST

from delcia.config.findings import Findings
from delcia.config.nodes import Entry, Mapping, Node, Scalar, Sequence, plain
from delcia.config.schema import check
from delcia.config.source import read
from delcia.core.model import Place
from delcia.resources import resource

PLANS = Path(__file__).parent.parent / "plans"
SCHEMA: dict[str, Any] = json.loads(resource("schemas", "delcia.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
STRICTER = {"not-supported", "not-in-git"}
"""What delcia refuses although the language has it, or although it may be a name."""
KEYWORDS = {
    *("$schema", "$id", "$defs", "$ref", "title", "description", "examples"),
    *("type", "properties", "additionalProperties", "propertyNames", "required", "dependentRequired"),
    *("minProperties", "maxProperties", "items", "minItems", "maxItems", "enum", "pattern", "not"),
    *("minimum", "maximum", "exclusiveMinimum", "if", "then", "else", "allOf"),
    *("x-says", "x-slug", "x-hint", "x-unit", "x-beside", "x-missing", "x-later", "x-not", "x-not-slug", "x-not-hint"),
}


def subschemas(schema: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - any JSON
    if isinstance(schema, dict):
        yield schema
        for key in ("properties", "$defs"):
            for part in schema.get(key, {}).values():
                yield from subschemas(part)
        for key in ("additionalProperties", "propertyNames", "items", "not", "if", "then", "else"):
            yield from subschemas(schema.get(key))
        for part in schema.get("allOf", ()):
            yield from subschemas(part)


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_it_uses_only_what_delcia_reads() -> None:
    for part in subschemas(SCHEMA):
        assert part.keys() <= KEYWORDS, part.keys() - KEYWORDS


def test_every_key_of_the_language_is_described_with_examples_that_are_right() -> None:
    parts = list(subschemas(SCHEMA))
    told = [
        SCHEMA,
        *SCHEMA["$defs"].values(),
        *(item for part in parts for item in part.get("properties", {}).values()),
    ]
    told = [part for part in told if part and part.keys() & {"type", "$ref", "enum"}]
    for part in told:
        if part.keys() <= {"type", "required"}:
            continue
        assert part["description"].endswith("."), part
        assert part["examples"], part
        for example in part["examples"]:
            Draft202012Validator({"$defs": SCHEMA["$defs"], **part}).validate(example)


def test_every_mapping_is_closed() -> None:
    for part in subschemas(SCHEMA):
        if part.get("type") == "object" and "properties" in part:
            assert part["additionalProperties"] is False


def node_of(value: object) -> Node:
    """Return a node that says this."""
    place = Place("a.yaml", 1)
    match value:
        case dict():
            return Mapping(place, {key: Entry(key, place, node_of(item)) for key, item in value.items()})
        case list():
            return Sequence(place, tuple(node_of(item) for item in value))
        case None | bool() | int() | float() | str():
            text = str(value).lower() if isinstance(value, bool | None) else str(value)
            return Scalar(place, value, text, isinstance(value, str))
        case _:
            raise TypeError(value)


def agree(root: Mapping) -> None:
    findings = Findings()
    check(root, findings)
    slugs = {problem.slug for problem in findings.problems}
    if VALIDATOR.is_valid(plain(root)):
        assert slugs <= STRICTER, [problem.text() for problem in findings.problems]
    else:
        assert slugs, next(VALIDATOR.iter_errors(plain(root)))


def files() -> list[Path]:
    return sorted(path for end in ("*.yaml", "*.yml") for path in PLANS.rglob(end) if "/." not in str(path))


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(PLANS)))
def test_delcia_and_jsonschema_agree_on_every_example(path: Path) -> None:
    root = read(path.name, path.read_bytes().decode("utf-8", "replace"), Findings())
    if root is not None:
        agree(root)


LEAVES: list[object] = [
    *(None, True, False, 0, 1, 3, 80, 80.0, 80.5, -1, 1e9, 0.1579),
    *("", "x", "on", "mon-fri", "sat-mon", "holidays", "summer-time", "22:00", "24:00", "22:00-06:00", "07:00-24:00"),
    *("2h30", "24h30", "2026-12-24", "2026-12-24 22:00", "11-01", "EUR", "fr_FR", "Europe/Paris", "+01:00"),
    *("reconcile", "\u0663\u0663:\u0660\u0660", "A", "x" * 41, "x" * 42, "late", "asap", "simulated", "spring-26"),
    *([], {}, ["mon"], ["11-01", "03-31"], ["2026-01-01", "2026-12-31"], ["22:00-06:00"], [1, 2], {"tariff": "edf"}),
    *({"to_soc": 80}, {"once": "2026-12-24 22:00"}, {"windows": ["22:00-06:00"]}, {"start_at": "22:00"}, {"hours": 2}),
]
KEYS = sorted({key for part in subschemas(SCHEMA) for key in part.get("properties", {})} | {"x", "nights", "Nights"})
GOOD = plain(read("a.yaml", SMALLEST, Findings()) or node_of({}))


def changed(value: Any, draw: st.DrawFn) -> Any:  # noqa: ANN401 - any JSON
    """Return plain data with one thing changed, somewhere."""
    if isinstance(value, dict) and value and draw(st.integers(0, 3)):
        key = draw(st.sampled_from(sorted(value)))
        return {**value, key: changed(value[key], draw)}
    if isinstance(value, list) and value and draw(st.integers(0, 3)):
        return [changed(value[0], draw), *value[1:]]
    if isinstance(value, dict) and draw(st.booleans()):
        key = draw(st.sampled_from(KEYS))
        if key in value:
            return {other: item for other, item in value.items() if other != key}
        return {**value, key: draw(st.sampled_from(LEAVES))}
    return draw(st.sampled_from(LEAVES))


@st.composite
def almost_plans(draw: st.DrawFn) -> Any:  # noqa: ANN401 - any JSON
    value: Any = deepcopy(GOOD)
    for _ in range(draw(st.integers(1, 4))):
        value = changed(value, draw)
    return value


@given(almost_plans())
@settings(max_examples=300, database=None)
def test_delcia_and_jsonschema_agree_on_whatever_is_changed(value: object) -> None:
    if isinstance(value, dict):
        root = node_of(value)
        assert isinstance(root, Mapping)
        agree(root)


def test_another_validator_accepts_the_examples() -> None:
    tool = shutil.which("check-jsonschema", path=str(Path(sys.executable).parent))
    assert tool, "check-jsonschema is in the test group of pyproject.toml"
    good = [str(path) for path in files() if "/good/" in str(path) and path.name != "empty.yaml"]
    schema = str(resource("schemas", "delcia.schema.json"))
    done = subprocess.run([tool, "--schemafile", schema, *good], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
