"""YAML to nodes: places, bounds and what is refused."""

import time
from itertools import pairwise
from pathlib import Path

import pytest
from support.plans import NOW

from delcia.config import load
from delcia.config.findings import Findings
from delcia.config.nodes import Mapping, Node, Scalar, Sequence, plain
from delcia.config.source import read


def said(text: str) -> tuple[object, list[tuple[str, int, int]]]:
    findings = Findings()
    root = read("a.yaml", text, findings)
    return (plain(root) if root else None), [(p.slug, p.line, p.column) for p in findings.problems]


def places(node: Node, found: dict[str, tuple[int, int]] | None = None) -> dict[str, tuple[int, int]]:
    found = {} if found is None else found
    match node:
        case Mapping():
            for entry in node.entries.values():
                found[f"{entry.key}:"] = (entry.place.line, entry.place.column)
                places(entry.node, found)
        case Sequence():
            for item in node.items:
                places(item, found)
        case Scalar():
            found[node.text] = (node.place.line, node.place.column)
    return found


def test_every_key_and_value_knows_its_place() -> None:
    root = read("a.yaml", "# é\nplans:\n  é:  {a: [x, 'y z'],\n   b: 22:00}\n  'q': |\n    long\n", Findings())
    assert root is not None
    assert places(root) == {
        "plans:": (2, 1),
        "é:": (3, 3),
        "a:": (3, 8),
        "x": (3, 12),
        "y z": (3, 15),
        "b:": (4, 4),
        "22:00": (4, 7),
        "q:": (5, 3),
        "long\n": (5, 8),
    }


def test_all_duplicate_keys_are_told_not_just_the_first() -> None:
    value, problems = said("a: 1\nb: {c: 1, c: 2, c: 3}\na: 2\n'a': 3\n")
    assert value == {"a": 1, "b": {"c": 1}}
    assert problems == [
        ("duplicate-key", 2, 11),
        ("duplicate-key", 2, 17),
        ("duplicate-key", 3, 1),
        ("duplicate-key", 4, 1),
    ]


def test_an_anchor_can_be_used_again() -> None:
    assert said("a: &x {b: 1}\nc: *x\nd: [*x, *x]\n") == ({"a": {"b": 1}, "c": {"b": 1}, "d": [{"b": 1}, {"b": 1}]}, [])


def test_an_alias_can_be_a_key() -> None:
    assert said("a: &x y\n*x : 1\n") == ({"a": "y", "y": 1}, [])


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "---\n...\n", "null\n", "~"])
def test_an_empty_file_says_nothing(text: str) -> None:
    assert said(text) == (None, [])


def test_a_bomb_is_refused_at_once() -> None:
    names = [f"a{n}" for n in range(60)]
    text = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
    text += "".join(f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in pairwise(names))
    began = time.process_time()  # not the clock: other tests run beside it
    value, problems = said(text)
    assert value is None
    assert [slug for slug, _, _ in problems] == ["too-many-values"]
    assert time.process_time() - began < 1


@pytest.mark.no_cover
@pytest.mark.parametrize(
    "text",
    [
        "a: " + "[" * 500_000,
        "a: " + "{" * 500_000,
        "- " * 500_000,
        "? " * 500_000,
        "a: " + "[],".join([""] * 300_000),
        "[" + "x," * 400_000 + "]",
        "a: &a\n" * 50_000,
        "x: " + "!" * 900_000,
        "x: " + "&" * 900_000,
        "x: '" + "'" * 900_000,
        'x: "' + "\\" * 900_000,
        "x: " + "9" * 900_000,
        "x: |\n" + " \n" * 400_000,
        "\n" * 900_000 + "x",
        "#" * 900_000,
        "%" * 900_000,
        "a" * 900_000 + ": 1",
        "a\n" * 400_000,
        "? a\n" * 200_000,
        "{a: " * 200_000,
        "timezone: '" + "aa\n" * 300_000 + "'",
        "timezone: '" + "a1 aaa\n" * 140_000 + "'",
        "timezone: '" + ("a" * 3_900 + "\n") * 250 + "'",
        "timezone: '" + ("@." * 1_900 + "\n") * 250 + "'",
        "chargers: {a: {amps: '" + "0\n" * 400_000 + "'}}",
        "accounts: {a: {locale: '" + "0\n" * 400_000 + "'}}",
        "plans: {a: {ready_by: '" + "1 " * 1_900 + "', days: ['" + "a-" * 1_900 + "']}}",
        "plans: {? '" + "aa\n" * 300_000 + "' : {}}",
        "plans:\n" + ("  " + "é" * 1_900 + ": x\n") * 120,
        "x: " + "!" * 3_900,
        "x: " + "%41" * 1_300,
        "%TAG ! t" + "t" * 3_900 + "\n---\nx: !" + "%41" * 1_200,
        "x: '" + "'' \n" * 200_000 + "'",
        "x: >\n" + "  a\n" * 200_000,
        "a: " + "[\n" * 19 + "a,\n" * 80_000,
        "".join(f"a{i}: &a{i} x\n" for i in range(40_000)),
        "".join(f"a{i}: 1\n" for i in range(24_000)),
        "plans:\n" + "".join(f"  a{i}: {{vehicle: b{i}}}\n" for i in range(9_000)),
        "tariffs:\n" + "".join(f"  a{i}: {{timezone: Europe/P{i}}}\n" for i in range(9_000)),
        "accounts: {" + "".join(f"a{i}: {{}},\n" for i in range(9_000)) + "}\n"
        "vehicles: {" + "".join(f"a{i}: {{account: b{i}}},\n" for i in range(5_000)) + "}\n",
        "tariffs: {a: {bands: [" + "".join(f"{{name: b{i}}},\n" for i in range(5_000)) + "]}}\n"
        "plans: {" + "".join(f"a{i}: {{when: {{tariff: a, bands: [c{i}]}}}},\n" for i in range(2_500)) + "}\n",
    ],
    ids=lambda text: repr(text[:12]),
)
def test_no_text_of_a_megabyte_takes_long(text: str, tmp_path: Path) -> None:
    (tmp_path / "home.yaml").write_text(text, encoding="utf-8")
    took_s = float("inf")
    for _ in range(3):  # what else the machine does makes it slower, and nothing makes it quicker
        began = time.process_time()
        assert load(tmp_path, NOW).site is None
        took_s = time.process_time() - began
        if took_s < 2:
            break
    assert took_s < 2
