"""The smallest changes of a YAML text that make a value another one: every byte between them stays.

A dump of the whole file would wrap its lines anew, move its comments and lose its line ends; so the text is cut only
where the values differ.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from delcia.editing.spans import Part, Span
from delcia.editing.writing import line, same, written

_ORDER = (
    *("vehicle", "charger", "charge", "when", "days", "except", "season", "between"),
    *("ready_by", "policy", "guarantee", "enabled"),
)


@dataclass(frozen=True, slots=True, order=True)
class Cut:
    """What stands in place of a stretch of text."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part that is not written yet. The items of a list have no key."""

    key: str | None
    value: object


def applied(text: str, cuts: Sequence[Cut]) -> str:
    """Return the text with the cuts made."""
    for cut in sorted(set(cuts), reverse=True):
        text = text[: cut.start] + cut.text + text[cut.end :]
    return text


def cuts_to(text: str, span: Span, value: object) -> Iterator[Cut]:
    """Yield the cuts that make a value say something else."""
    if same(span.said, value):
        return
    if isinstance(value, dict) and value and span.kind == "mapping" and span.parts:
        yield from _parts_to(text, span, [_Piece(key, item) for key, item in value.items()])
    elif isinstance(value, list) and value and span.kind == "sequence" and span.parts:
        yield from _parts_to(text, span, [_Piece(None, item) for item in value])
    else:
        gap = " " if text[span.start - 1 : span.start] == ":" else ""
        yield Cut(span.start, span.end, gap + written(value, span.quote))


def removals(text: str, span: Span, gone: Collection[int]) -> Iterator[Cut]:
    """Yield the cuts that take parts, by index, out of a list or mapping that keeps others."""
    if not span.flow:
        for part in (span.parts[index] for index in gone):
            yield Cut(line_start(text, part.start), _below(text, part), "")
        return
    for first in (index for index in gone if index - 1 not in gone):
        last = next(index for index in range(first, len(span.parts)) if index + 1 not in gone)
        start, end = span.parts[first].start, span.parts[last].end
        before = span.parts[first - 1].end if first else None
        if before is None:
            yield Cut(start, span.parts[last + 1].start, "")
        elif "#" not in text[before:start]:
            yield Cut(before, end, "")
        else:
            # The comment between is about what stands before it; so the comma before it stays.
            rest = text[end : span.end]
            yield Cut(start, end + (rest.index(",") + 1 if rest.lstrip().startswith(",") else 0), "")


def insertion(text: str, span: Span, index: int, lines: Sequence[str]) -> Cut:
    """Return the cut that puts new parts behind a part of a list or mapping; in brackets a line is a part."""
    part, newline = span.parts[index], newline_of(text)
    indent = " " * column(text, span.parts[0].start)
    if span.flow:
        rest = text[part.end : _line_end(text, part.end)]
        alone = all(not text[line_start(text, other.start) : other.start].strip() for other in span.parts)
        comma = f",{newline}{indent}" if alone and "#" not in rest else ", "
        return Cut(part.end, part.end, "".join(comma + line for line in lines))
    at = _below(text, part)
    whole = text[:at].endswith("\n")
    dash = "- " if span.kind == "sequence" else ""
    new = "".join(f"{indent}{dash}{line}{newline}" if line else newline for line in lines)
    return Cut(at, at, new if whole else newline + new.removesuffix(newline))


def is_strict(text: str, span: Span) -> bool:
    """Return whether a mapping is written as JSON would be: every key in double quotes."""
    return span.flow and all(text[part.start] == '"' for part in span.parts)


def rank(key: str | None) -> int:
    """Return where a key stands in a plan that nobody has written yet; others, and the items of lists, stand last."""
    return _ORDER.index(key) if key in _ORDER else len(_ORDER)


def line_start(text: str, at: int) -> int:
    """Return where the line begins in which a place is."""
    return text.rfind("\n", 0, at) + 1


def column(text: str, at: int) -> int:
    """Return how far from the beginning of its line a place is."""
    return at - line_start(text, at)


def newline_of(text: str) -> str:
    """Return how the lines of a text end."""
    return "\r\n" if "\r\n" in text else "\n"


def _below(text: str, part: Part) -> int:
    """Return where the line begins below a part of a block, and below the comments that are further in than it is."""
    at, own = _line_end(text, part.end), column(text, part.start)
    while (line := text[at : _line_end(text, at)]).lstrip().startswith("#") and len(line) - len(line.lstrip()) > own:
        at += len(line)
    return at


def _line_end(text: str, at: int) -> int:
    """Return where the line after a place begins."""
    found = text.find("\n", at)
    return len(text) if found < 0 else found + 1


def _parts_to(text: str, span: Span, wanted: list[_Piece]) -> Iterator[Cut]:
    """Yield the cuts for a list or mapping that keeps some of its parts; if none, its first one is replaced."""
    strict = is_strict(text, span)
    kept, missing = _matched(span, wanted)
    for index, piece in kept.items():
        yield from cuts_to(text, span.parts[index].span, piece.value)
    if not kept:
        yield _replacement(text, span, line(wanted[0].key, wanted[0].value, strict=strict))
        kept, missing = {0: wanted[0]}, wanted[1:]
    yield from removals(text, span, [index for index in range(len(span.parts)) if index not in kept])
    behind: dict[int, list[str]] = {}
    for piece in sorted(missing, key=lambda piece: rank(piece.key)):
        before = [index for index, other in kept.items() if rank(other.key) <= rank(piece.key)]
        behind.setdefault(max(before or kept), []).append(line(piece.key, piece.value, strict=strict))
    for index, lines in behind.items():
        yield insertion(text, span, index, lines)


def _replacement(text: str, span: Span, new: str) -> Cut:
    """Return the cut that writes something else in place of the first part, whose comments go with its other lines."""
    first = span.parts[0]
    start = first.span.start if first.key is None else first.start
    over_lines = not span.flow and "\n" in text[start : first.end]
    end = len(text[: _line_end(text, first.end)].rstrip("\r\n")) if over_lines else first.end
    return Cut(start, end, new)


def _matched(span: Span, wanted: list[_Piece]) -> tuple[dict[int, _Piece], list[_Piece]]:
    """Return which of the wanted parts are written already, by index, and those that are not."""
    kept: dict[int, _Piece] = {}
    missing = []
    for piece in wanted:
        index = next((i for i, part in enumerate(span.parts) if i not in kept and _is(part, piece)), None)
        if index is None:
            missing.append(piece)
        else:
            kept[index] = piece
    return kept, missing


def _is(part: Part, piece: _Piece) -> bool:
    return same(part.span.said, piece.value) if piece.key is None else part.key == piece.key
