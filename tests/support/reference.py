"""The pages of the documentation that are made from data: the plan language, the table of cars."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from delcia.config.catalogue import Model, models
from delcia.config.wording import flow
from delcia.resources import resource

LANGUAGE = """\
# The plan language

Made from `schemas/delcia.schema.json`; `pytest --update-golden tests/docs` makes it anew.

A plan directory holds any number of `*.yaml` and `*.yml` files, at any depth; hidden ones are ignored. Each is a
mapping with some of the keys below. The maps are merged; a name given twice is an error that shows both places. Times
are text, never numbers; `on`, `off`, `yes` and `no` are text too. Secrets, VINs, commands and web addresses are never
written here.
"""
CARS = """\
# The cars

Made from `delcia/data/models.csv`; `pytest --update-golden tests/docs` makes it anew. `delcia models --json` has the
sources of every number.

"yes" means that the maker's service offers it to this car, not that delcia was tried on one; see "What nobody has
verified" in the README. "?" means that no owner has reported: a start is tried, a stop and a limit are not relied on.
`control:` in a plan overrides the table. Cars with the codes X101VE and XFB2BI never tell where they are:
`hold: anywhere` alone holds them.

| id | car | code | usable kWh | AC, 1 / 3 phases | start | stop | SoC limit |
| --- | --- | --- | ---: | --- | --- | --- | --- |
"""
ANSWERS = {"none": "no", "no-effect": "no", "unknown": "?"}
Schema = Mapping[str, Any]


def cars_page() -> str:
    """Return the table of cars."""
    return CARS + "".join(_car(model) for model in models().values())


def _car(model: Model) -> str:
    three = f"{model.ac_3phase_kw:g}" if model.ac_3phase_kw else "–"
    ways = " | ".join(ANSWERS.get(way, "yes") for way in (model.start, model.stop, model.soc_limit))
    power = f"{model.ac_1phase_kw:g} / {three} kW"
    return f"| `{model.id}` | {model.label} | {model.model_code or '?'} | {model.usable_kwh:g} | {power} | {ways} |\n"


def language_page() -> str:
    """Return the reference of the plan language: every key with its meaning, what is allowed, and an example."""
    root: Schema = json.loads(resource("schemas", "delcia.schema.json").read_text(encoding="utf-8"))
    return LANGUAGE + "".join(_page(root))


def _page(root: Schema) -> Iterator[str]:
    yield "\n## A file\n\n"
    yield _table(root, root)
    waiting = list(_named(root, root))
    seen: set[str] = set()
    while waiting:
        name = waiting.pop(0)
        if name in seen or not (keys := root["$defs"][name].get("properties")):
            continue
        seen.add(name)
        part = root["$defs"][name]
        yield f"\n## {name.replace('_', ' ').capitalize()}\n\n{part['description']}\n\n"
        if needed := part.get("required"):
            yield f"Needed: {', '.join(f'`{key}`' for key in needed)}.\n\n"
        yield _table(part, root)
        yield f"\n```yaml\n{yaml.safe_dump(part['examples'][0], sort_keys=False, allow_unicode=True)}```\n"
        waiting += [found for key in keys.values() for found in _named(key, root)]
    yield "\n## How values are written\n\n| value | meaning | for example |\n| --- | --- | --- |\n"
    for name, part in root["$defs"].items():
        if "properties" not in part:
            yield f"| {name.replace('_', ' ')} | {_cell(part['description'])} | {_examples(part)} |\n"


def _table(part: Schema, root: Schema) -> str:
    rows = "".join(_rows(part["properties"], root, ""))
    return f"| key | meaning | allowed | for example |\n| --- | --- | --- | --- |\n{rows}"


def _rows(properties: Schema, root: Schema, above: str) -> Iterator[str]:
    for key, own in properties.items():
        meant = {**root["$defs"].get(own.get("$ref", "").removeprefix("#/$defs/"), {}), **own}
        yield f"| `{above}{key}` | {_cell(meant['description'])} | {_allowed(meant)} | {_examples(meant)} |\n"
        if "properties" in own:
            yield from _rows(own["properties"], root, f"{above}{key}.")


def _named(schema: object, root: Schema) -> Iterator[str]:
    """Yield the definitions that a schema refers to, in order."""
    if isinstance(schema, list):
        for item in schema:
            yield from _named(item, root)
    elif isinstance(schema, dict):
        for key, value in schema.items():
            if key == "$ref":
                yield value.removeprefix("#/$defs/")
            elif key not in {"$defs", "examples"}:
                yield from _named(value, root)


def _allowed(part: Schema) -> str:
    unit = f" {part['x-unit']}" if "x-unit" in part else ""
    if "enum" in part:
        return ", ".join(f"`{flow(value)}`" for value in part["enum"])
    if "x-says" in part:
        return _cell(part["x-says"])
    low, high = part.get("minimum", part.get("exclusiveMinimum")), part.get("maximum")
    more = "more than " if "exclusiveMinimum" in part else ""
    if low is not None and high is not None:
        return f"{more}{low:g} to {high:g}{unit}"
    kinds = part.get("type", "")
    named = {"boolean": "`true` or `false`", "object": "a mapping", "array": "a list", "string": "text"}
    each = [kinds] if isinstance(kinds, str) else kinds
    return " or ".join(named.get(kind, kind) for kind in each if kind) + unit


def _examples(part: Schema) -> str:
    return ", ".join(f"`{_flow(example)}`" for example in part.get("examples", [])[:2]).replace("|", "\\|")


def _flow(value: object) -> str:
    """Return a value as YAML on one line."""
    text = yaml.safe_dump(value, default_flow_style=True, sort_keys=False, width=10_000, allow_unicode=True)
    return text.removesuffix("\n").removesuffix("\n...")


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
