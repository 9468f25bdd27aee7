"""How delcia says what a value is and what it should be."""

import json
import re
from collections.abc import Sequence as Several
from typing import Any

from delcia.config.findings import Findings, is_private, quoted
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
    kinds = either(schema["enum"]) if "enum" in schema else " or ".join(KINDS[name] for name in names)
    example = f"write such as {flow({key: schema['examples'][0]})[1:-1]}" if "examples" in schema else ""
    match node:
        case Scalar(value=None):
            return f"'{key}' has no value", example
        case Mapping():
            return f"'{key}' wants {kinds}, not a mapping", example
        case Sequence():
            return f"'{key}' wants {kinds}, not a list", example
        case Scalar(text=text, quoted=in_quotes):
            said = f"the text {quoted(text)}" if in_quotes else quoted(text)
            hint = _repair(node, schema, names, key) or schema.get("x-hint") or example
            return f"'{key}' wants {kinds}, not {said}", hint


def _repair(node: Scalar, schema: Schema, names: tuple[str, ...], key: str) -> str:
    """Return what to write instead, where that can be guessed."""
    text = node.text
    if is_private(text):
        return ""
    if "boolean" in names:
        return _truth(text)
    if names[0] in {"integer", "number"}:
        number = text.strip().removesuffix(schema.get("x-unit", "")).strip().replace(",", ".", 1).lstrip("0") or "0"
        if not _is_number(number):
            return ""
        return "remove the quotes" if node.quoted and number == text else f"write {number}"
    if "array" in names and isinstance(node.value, str) and _fits(text, schema.get("items", {})):
        return f"write {key}: [{flow(text)}]"
    return "put it in quotes" if "string" in names and _fits(text, schema) else ""


def _truth(text: str) -> str:
    """Return how to write what may be meant as true or false."""
    truths = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}
    word = truths.get(text.lower(), text.lower())
    return f"write {word}" if word in {"true", "false"} else ""


def _fits(text: str, schema: Schema) -> bool:
    return "pattern" in schema and re.search(schema["pattern"], text) is not None


def _is_number(text: str) -> bool:
    return text.isascii() and re.fullmatch(r"[0-9]*\.?[0-9]+", text) is not None


def not_one_of(text: str, words: list[object], key: str, findings: Findings) -> tuple[str, str]:
    """Return message and hint for a word that is not among those allowed."""
    listed = either(words)
    hint = _truth(text) if True in words else ""
    return f"'{key}' must be {listed}, not {quoted(text)}", hint or findings.nearest(
        text, [flow(word) for word in words], f"write {listed}"
    )


def either(words: Several[object]) -> str:
    """Return words as a choice."""
    *some, last = [flow(word) for word in words]
    return f"{', '.join(some)} or {last}"


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
