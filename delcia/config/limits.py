"""Whether one value keeps to its limits: words, patterns and ranges of the schema, in words with units."""

import re
from functools import cache
from typing import Any

from delcia.config.findings import LONGEST_WORDS, VIN, Findings, is_private, quoted
from delcia.config.nodes import Scalar
from delcia.config.private import belongs_on_the_host
from delcia.config.repairs import repair
from delcia.config.wording import not_one_of

Schema = dict[str, Any]


def check_scalar(node: Scalar, schema: Schema, key: str, findings: Findings) -> None:
    """Report a value that is not among those that the schema allows, and mark it as wrong."""
    before = len(findings.problems)
    value = node.value
    if "enum" in schema and value not in schema["enum"]:
        findings.error(node.place, "unknown-word", *not_one_of(node.text, schema["enum"], key, findings))
    elif isinstance(value, str):
        _check_text(node, value, schema, findings)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        _check_range(node, value, schema, key, findings)
    if len(findings.problems) > before:
        findings.reject(node)


def _check_text(node: Scalar, text: str, schema: Schema, findings: Findings) -> None:
    start = text[:LONGEST_WORDS]
    if VIN.search(start) and belongs_on_the_host(node, start, findings):
        return
    if "pattern" in schema and not _compiled(schema["pattern"]).search(text):
        slug, says = schema.get("x-slug", "bad-value"), schema.get("x-says", "allowed here")
        if belongs_on_the_host(node, start, findings):
            return
        hint = (repair(slug, start) if not is_private(start) else "") or schema.get("x-hint", "")
        findings.error(node.place, slug, f"{quoted(text)} is not {says}", hint)
    elif "not" in schema and text in schema["not"]["enum"]:
        findings.error(node.place, schema["x-not-slug"], f"'{text}' is {schema['x-not']}", schema["x-not-hint"])


def _check_range(node: Scalar, value: float, schema: Schema, key: str, findings: Findings) -> None:
    above = schema.get("exclusiveMinimum")
    least, most = schema.get("minimum", above), schema.get("maximum")
    if least is None or most is None or ((value > above if above is not None else value >= least) and value <= most):
        return
    unit = schema.get("x-unit", "")
    allowed = f"more than {least} and at most {most}" if above is not None else f"{least} to {most}"
    findings.error(
        node.place,
        "out-of-range",
        f"'{key}' is {node.text} {unit}, allowed is {allowed} {unit}",
        f"write a number in {unit}, {allowed}",
    )


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern of the schema; `$` is the end, not the line's as in Python."""
    return re.compile(pattern.removesuffix("$") + r"\Z" if pattern.endswith("$") else pattern)
