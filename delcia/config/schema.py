"""The plan language's schema held against nodes: the shape of one file, in words that say what to do.

`schemas/delcia.schema.json` is the one description of the language. This module reads the part of JSON Schema 2020-12
that it uses, so editors, other validators and delcia agree. Keys that begin with `x-` carry words: `x-says` (what is
allowed), `x-slug`, `x-hint`, `x-unit`, `x-beside` (whose neighbour a key cannot be), `x-missing`, `x-later` (not yet).
"""

import json
from functools import cache
from typing import Any

from delcia.config.findings import Findings, quoted
from delcia.config.limits import check_scalar
from delcia.config.nodes import Entry, Mapping, Node, Scalar, Sequence
from delcia.config.private import belongs_elsewhere
from delcia.config.wording import flow, kind_of, wanted
from delcia.resources import resource

Schema = dict[str, Any]
NOT_YET = "not-supported"


@cache
def language() -> Schema:
    """Return the schema of a plan file, each reference already replaced by what it names."""
    root = json.loads(resource("schemas", "delcia.schema.json").read_text(encoding="utf-8"))
    whole: Schema = _resolved(root, root["$defs"], {})
    return whole


def _resolved(schema: Any, definitions: Schema, done: dict[str, Schema]) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(schema, list):
        return [_resolved(item, definitions, done) for item in schema]
    if not isinstance(schema, dict):
        return schema
    own = {key: _resolved(value, definitions, done) for key, value in schema.items() if key not in {"$ref", "$defs"}}
    if isinstance(schema.get("$ref"), str):
        name = schema["$ref"].removeprefix("#/$defs/")
        if name not in done:
            done[name] = _resolved(definitions[name], definitions, done)
        return {**done[name], **own}
    return own


def check(root: Mapping, findings: Findings) -> None:
    """Report everything in a file whose shape is not that of the plan language."""
    _check(root, language(), Entry("plan file", root.place, root), findings)


def _check(node: Node, schema: Schema, where: Entry, findings: Findings) -> None:
    """Check one value; `where` is the key it belongs to, or that of the list around it."""
    later = schema.get("x-later")
    if later is True:
        findings.error(where.place, NOT_YET, f"'{where.key}' is not supported yet", f"remove '{where.key}'")
        findings.reject(node)
    elif not _has_type(node, schema):
        slug = (
            schema.get("x-slug", "wrong-type") if isinstance(node, Scalar) and node.value is not None else "wrong-type"
        )
        findings.error(node.place, slug, *wanted(node, schema, where.key))
        findings.reject(node)
    elif isinstance(node, Scalar):
        check_scalar(node, schema, where.key, findings)
        if later and node.value in later and not findings.rejected(node):
            hint = f"leave '{where.key}' out"
            findings.error(node.place, NOT_YET, f"'{where.key}: {node.text}' is not supported yet", hint)
            findings.reject(node)
    elif isinstance(node, Sequence):
        _check_list(node, schema, where, findings)
    else:
        _check_mapping(node, schema, where, findings)


def _has_type(node: Node, schema: Schema) -> bool:
    allowed = schema.get("type")
    if allowed is None:
        return isinstance(node, Scalar) or "enum" not in schema
    kind = kind_of(node)
    names = (allowed,) if isinstance(allowed, str) else allowed
    return kind in names or (kind == "integer" and "number" in names)


def _check_list(node: Sequence, schema: Schema, where: Entry, findings: Findings) -> None:
    least, most, count = schema.get("minItems", 0), schema.get("maxItems"), len(node.items)
    if count < least or (most is not None and count > most):
        allowed = f"exactly {least}" if least == most else f"at least {least}"
        hint = schema.get("x-hint") or f"write such as {flow(schema['examples'][0])}"
        findings.error(node.place, "wrong-count", f"'{where.key}' has {count} items, {allowed} needed", hint)
        findings.reject(node)
    for item in node.items:
        place = item.place if not isinstance(item, Mapping) else where.place
        _check(item, schema.get("items", {}), Entry(where.key, place, item), findings)


def _check_mapping(node: Mapping, schema: Schema, where: Entry, findings: Findings) -> None:
    known: Schema = schema.get("properties", {})
    others = schema.get("additionalProperties")
    names = schema.get("propertyNames")
    for key, entry in node.entries.items():
        if names is not None:
            check_scalar(Scalar(entry.place, key, key), names, key, findings)
        if key in known:
            _check(entry.node, known[key], entry, findings)
        elif isinstance(others, dict):
            _check(entry.node, others, entry, findings)
        elif not belongs_elsewhere(entry, findings):
            findings.error(entry.place, "unknown-key", f"unknown key {quoted(key)}", _nearest_key(key, known, findings))
    _check_count(node, schema, where, findings)
    _check_company(node, schema, where, findings)


def _nearest_key(key: str, known: Schema, findings: Findings) -> str:
    """Return a hint at the key that may be meant: one of those here, or one a level below."""
    here = findings.nearest(key, known)
    if here:
        return here
    for name, schema in known.items():
        below = schema.get("properties", {})
        if key in below:
            return f"put it below '{name}'"
        hint = findings.nearest(key, below)
        if hint:
            return f"{hint[:-1]} below '{name}'?"
    return f"the keys here are {', '.join(known)}"


def _check_count(node: Mapping, schema: Schema, where: Entry, findings: Findings) -> None:
    count, known = len(node.entries.keys() & schema.get("properties", {}).keys()), schema.get("properties", {})
    if "minProperties" not in schema or (count == 0 and node.entries):
        return
    if count == 0:
        findings.error(
            where.place,
            "missing-key",
            f"'{where.key}' is empty",
            schema.get("x-hint", f"add one of {', '.join(known)}"),
        )
    elif count > schema.get("maxProperties", count):
        *some, last = [f"'{key}'" for key in node.entries if key in known]
        message = f"{', '.join(some)} and {last} cannot stand together"
        findings.error(where.place, "too-many-keys", message, schema.get("x-hint", ""))


def _check_company(node: Mapping, schema: Schema, where: Entry, findings: Findings) -> None:
    """Check which keys need, and which exclude, each other; one problem for each key."""
    branches = [
        part.get("then" if _holds(node, part["if"]) else "else", {})
        for part in (schema, *schema.get("allOf", ()))
        if "if" in part
    ]
    unfit: set[str] = set()
    for branch in branches:
        unfit |= _report_unfit(node, branch, unfit, findings)
    for part in (schema, *branches):
        _check_required(node, part, schema, where, findings)
    for key, needed in schema.get("dependentRequired", {}).items():
        for other in needed:
            if key in node.entries and key not in unfit and other not in node.entries:
                place = node.entries[key].place
                hint = f"add {other}, or remove {key}"
                findings.error(place, "missing-key", f"'{key}' needs '{other}' beside it", hint)


def _report_unfit(node: Mapping, branch: Schema, known: set[str], findings: Findings) -> set[str]:
    """Report the keys that a branch forbids and return them; those that are known are not told again."""
    unfit = {key for key, allowed in branch.get("properties", {}).items() if allowed is False and key in node.entries}
    for key in unfit - known:
        beside = branch["x-beside"]
        message, hint = f"'{key}' cannot stand beside '{beside}'", f"keep '{key}' or '{beside}'"
        findings.error(node.entries[key].place, "unfit-key", message, hint)
    return unfit


def _check_required(node: Mapping, part: Schema, schema: Schema, where: Entry, findings: Findings) -> None:
    required = part.get("required", ())
    missing = [key for key in required if key not in node.entries]
    if missing and len(missing) == len(required) and "x-missing" in part:
        findings.error(where.place, "missing-key", f"'{where.key}' {part['x-missing']}", part["x-hint"])
        return
    for key in missing:
        _report_missing(key, schema, where, findings)


def _report_missing(key: str, schema: Schema, where: Entry, findings: Findings) -> None:
    examples = schema.get("properties", {}).get(key, {}).get("examples")
    hint = f"add {key}: {flow(examples[0])}" if examples else f"add {key}"
    findings.error(where.place, "missing-key", f"'{where.key}' has no '{key}'", hint)


def _holds(node: Node, condition: Schema) -> bool:
    """Return whether an `if` is true: only `required`, `type` and `properties` are used there."""
    if "type" in condition and kind_of(node) != condition["type"]:
        return False
    if not isinstance(node, Mapping):
        return True
    parts = condition.get("properties", {}).items()
    return all(key in node.entries for key in condition.get("required", ())) and all(
        _holds(node.entries[key].node, part) for key, part in parts if key in node.entries
    )
