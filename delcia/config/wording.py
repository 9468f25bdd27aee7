"""How delcia says what a value is and what it should be."""

import json
from typing import Any

from delcia.config.findings import did_you_mean, quoted
from delcia.config.nodes import Mapping, Node, Scalar, Sequence

Schema = dict[str, Any]
KINDS = {
    "object": "a mapping of keys",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
}


def kind_of(node: Node) -> str:
    """Return the JSON type of a node; a number without fraction is an integer."""
    match node:
        case Mapping():
            return "object"
        case Sequence():
            return "array"
        case Scalar(value=bool()):
            return "boolean"
        case Scalar(value=int()):
            return "integer"
        case Scalar(value=float(number)):
            return "integer" if number.is_integer() else "number"
        case Scalar(value=str()):
            return "string"
        case _:
            return "null"


def wanted(node: Node, schema: Schema, key: str) -> tuple[str, str]:
    """Return message and hint for a value of the wrong type."""
    allowed = schema.get("type", "string")
    names = (allowed,) if isinstance(allowed, str) else tuple(allowed)
    kinds = " or ".join(KINDS[name] for name in names)
    hint = (
        schema.get("x-hint") or f"write such as {flow({key: schema['examples'][0]})[1:-1]}"
        if "examples" in schema
        else ""
    )
    match node:
        case Scalar(value=None):
            return f"'{key}' has no value", hint
        case Mapping():
            return f"'{key}' wants {kinds}, not a mapping", hint
        case Sequence():
            return f"'{key}' wants {kinds}, not a list", hint
        case Scalar(text=text, quoted=in_quotes):
            return f"'{key}' wants {kinds}, not {quoted(text)}", _repair(text, names, in_quotes=in_quotes) or hint


def _repair(text: str, names: tuple[str, ...], *, in_quotes: bool) -> str:
    """Return what to write instead, where that can be guessed."""
    bare = text.strip().removesuffix("%").strip()
    truths = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}
    if "boolean" in names:
        word = truths.get(text.lower(), text.lower())
        return f"write {word}" if word in {"true", "false"} else ""
    if names[0] in {"integer", "number"}:
        number = bare.replace(",", ".") if bare.count(",") == 1 else bare
        if number != text and _is_number(number):
            return f"write {number}"
        return "remove the quotes" if in_quotes and _is_number(number) else ""
    return "put it in quotes" if names == ("string",) else ""


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdecimal() and text.isascii()


def not_one_of(text: str, words: list[object], key: str) -> tuple[str, str]:
    """Return message and hint for a word that is not among those allowed."""
    names = [str(word) for word in words]
    listed = f"{', '.join(names[:-1])} or {names[-1]}"
    return f"'{key}' must be {listed}, not {quoted(text)}", did_you_mean(text, names, f"write {listed}")


def flow(value: object) -> str:
    """Return plain data as YAML on one line, times and spans quoted."""
    match value:
        case dict():
            return "{" + ", ".join(f"{key}: {flow(item)}" for key, item in value.items()) + "}"
        case list():
            return "[" + ", ".join(flow(item) for item in value) + "]"
        case str() if any(c in value for c in ":[]{},#'\"") or value[:1] in "+-":
            return json.dumps(value, ensure_ascii=False)
        case str():
            return value
        case _:
            return json.dumps(value)
