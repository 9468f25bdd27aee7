"""One plan in the text of a plan file: added, changed or taken out, with everything else as it was."""

from collections.abc import Iterator, Sequence
from typing import Any

from delcia.config.findings import Findings
from delcia.config.nodes import plain
from delcia.config.source import read
from delcia.editing.cuts import Cut, applied, column, cuts_to, insertion, is_strict, line_start, rank, removals
from delcia.editing.spans import Part, Span, spans, within
from delcia.editing.writing import line, same, written
from delcia.errors import DelciaError

Document = dict[str, Any]
"""Plain data, as `delcia.config.nodes.plain` returns it."""
_BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
_STEP = 2
_LONGEST = 120


def with_plan(path: str, text: str, name: str, plan: Document | None) -> str:
    """Return a file's text in which a plan says this; None takes it out.

    Raises DelciaError `cannot-edit` when that cannot be done without a change of something else.
    """
    before = document(path, text)
    if before is None:
        raise _refusal(path, name)
    bare = text.removeprefix(_BOM)
    try:
        root = spans(bare)
    except ValueError:
        raise _refusal(path, name) from None  # two readers of YAML do not agree on everything
    assert root is not None  # noqa: S101 - the file is a mapping, says `document`
    expected, wanted = _expected(before, name, plan)
    cuts = list(_cuts(bare, root, name, wanted))
    after = applied(bare, [*cuts, *_freed(bare, root, cuts)])
    if not same(document(path, after), expected):
        raise _refusal(path, name)
    return text[: len(text) - len(bare)] + after


def document(path: str, text: str) -> Document | None:
    """Return what a plan file says, None when it cannot be read as one."""
    findings = Findings()
    found = read(path, text, findings)
    said = plain(found) if found is not None else {}
    return said if isinstance(said, dict) and not findings.problems else None


def _refusal(path: str, name: str) -> DelciaError:
    message = f"the plan '{name}' is written in {path} in a way that cannot be changed from here"
    hint = "edit the file by hand; values that several plans share (& and *) are best written out"
    return DelciaError(message, slug="cannot-edit", hint=hint)


def _expected(before: Document, name: str, plan: Document | None) -> tuple[Document, Document | None]:
    """Return what the file must say afterwards, and the plan with the items of its lists in the order written."""
    plans = before.get("plans") or {}
    others = {key: value for key, value in plans.items() if key != name}
    if plan is None:
        return {**before, "plans": others}, None
    wanted = _in_order(plans.get(name), plan)
    return {**before, "plans": {**others, name: wanted}}, wanted


def _in_order(old: object, new: Any) -> Any:  # noqa: ANN401 - plain data of any shape
    """Return plain data with what was there before in its place, and what is new behind it."""
    match old, new:
        case dict(), dict():
            return {key: _in_order(old.get(key), value) for key, value in new.items()}
        case list(), list():
            kept = [item for item in old if item in new]
            return kept + [item for item in new if item not in kept]
        case _:
            return new


def _cuts(text: str, root: Span, name: str, wanted: Document | None) -> Iterator[Cut]:
    plans = root.part("plans")
    written_plan = plans.span.part(name) if plans else None
    if written_plan is not None and wanted is not None:
        yield from cuts_to(text, written_plan.span, wanted)
    elif plans is not None and written_plan is not None:
        yield from _without(text, plans.span, written_plan)
    elif wanted is not None:
        yield from _added(text, root, plans, name, wanted)


def _without(text: str, plans: Span, gone: Part) -> Iterator[Cut]:
    """Yield the cuts that take a plan out, with the comments directly over it."""
    if len(plans.parts) == 1:
        yield Cut(plans.start, plans.end, "{}")
        return
    for cut in removals(text, plans, [plans.parts.index(gone)]):
        if plans.flow:
            yield cut
            continue
        start, end = _above(text, cut.start), cut.end
        if not text[line_start(text, start - 1) : start].strip():
            end = len(text) - len(text[end:].lstrip("\r\n"))
        yield Cut(start, end, "")


def _above(text: str, at: int) -> int:
    """Return where the comments begin that stand directly over a line."""
    while at and text[line_start(text, at - 1) : at].lstrip().startswith("#"):
        at = line_start(text, at - 1)
    return at


def _added(text: str, root: Span, plans: Part | None, name: str, plan: Document) -> Iterator[Cut]:
    if plans is not None and plans.span.parts:
        yield insertion(text, plans.span, len(plans.span.parts) - 1, _like(text, plans.span, name, plan))
        return
    below = [" " * _STEP + below for below in _block(name, plan, _STEP)]
    if plans is None:
        lines = (
            [line("plans", {name: _sorted(plan)}, strict=is_strict(text, root))] if root.flow else ["plans:", *below]
        )
        yield insertion(text, root, len(root.parts) - 1, lines)
    elif root.flow:
        yield Cut(plans.span.start, plans.end, " " + line(None, {name: _sorted(plan)}, strict=is_strict(text, root)))
    else:
        yield Cut(len(text[: plans.span.start].rstrip()), plans.end, "")
        yield insertion(text, root, root.parts.index(plans), below)


def _like(text: str, plans: Span, name: str, plan: Document) -> Sequence[str]:
    """Return the lines of a new plan, written as the last one is."""
    last, own = plans.parts[-1], column(text, plans.parts[0].start)
    whole = line(name, _sorted(plan), strict=is_strict(text, plans))
    if plans.flow or (last.span.flow and own + len(whole) <= _LONGEST):
        return [whole]
    inner = last.span.parts[0].start if last.span.kind == "mapping" and not last.span.flow else 0
    lines = _block(name, plan, column(text, inner) - own if inner else _STEP)
    between = text[plans.parts[-2].end : last.start] if len(plans.parts) > 1 else ""
    return ["", *lines] if "\n\n" in between.replace("\r", "").replace(" ", "") else lines


def _block(name: str, plan: Document, step: int) -> list[str]:
    return [f"{written(name)}:", *(" " * step + line(key, value) for key, value in _sorted(plan).items())]


def _sorted(plan: Document) -> Document:
    return dict(sorted(plan.items(), key=lambda item: rank(item[0])))


def _freed(text: str, root: Span, cuts: Sequence[Cut]) -> Iterator[Cut]:
    """Yield the cuts that leave to others the values which they share with what is changed: the first one gets them."""
    aliases = [span for span in within(root) if span.kind == "alias"]
    for span in within(root):
        touched = [cut for cut in cuts if cut.start < span.end and (cut.end > span.start or cut.start > span.start)]
        if span.kind == "alias" or not span.anchor or not touched or "\n" in text[span.start : span.end]:
            continue
        users = [alias for alias in aliases if alias.target is span and not _is_in(alias, cuts)]
        if users:
            yield Cut(users[0].start, users[0].end, text[span.start : span.end])
            if not _is_in(span, cuts):
                mark = len(f"&{span.anchor}")
                rest = text[span.start + mark :]
                yield Cut(span.start, span.start + mark + len(rest) - len(rest.lstrip()), "")


def _is_in(span: Span, cuts: Sequence[Cut]) -> bool:
    return any(cut.start <= span.start and span.end <= cut.end for cut in cuts)
