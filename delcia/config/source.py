"""One YAML file read into nodes that know their line and column, or into the problems that prevent it.

Read event by event, so depth, size and aliases are bounded before anything is built: an anchor may be used again,
but a file never becomes more than 30,000 values. Merge keys (`<<`) and tags are refused: they are not of YAML 1.2.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from delcia.config.findings import Findings, quoted
from delcia.config.nodes import Entry, Mapping, Node, Scalar, Sequence
from delcia.config.scalars import meaning
from delcia.core.model import Place

DEEPEST = 20
"""Levels of nesting; the language needs seven."""
MOST_VALUES = 30_000
LONGEST_LINE = 4_000
"""libyaml takes hours over a tag of a million characters; no plan has a line like that."""
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _UnreadableError(Exception):
    """The file cannot be read beyond this place."""

    def __init__(self, place: Place, slug: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.place, self.slug, self.message, self.hint = place, slug, message, hint


@dataclass(slots=True)
class _Open:
    """A list or mapping that is being read. `key` is the key that waits for its value."""

    place: Place
    anchor: str | None
    is_mapping: bool
    items: list[Node] = field(default_factory=list)
    entries: dict[str, Entry] = field(default_factory=dict)
    key: Scalar | None = None
    skip: bool = False
    """Whether the waiting key is a duplicate, whose value is read and dropped."""
    size: int = 1


@dataclass(slots=True)
class _Reader:
    """The state of reading one file."""

    path: str
    findings: Findings
    stack: list[_Open] = field(default_factory=list)
    anchors: dict[str, tuple[Node, int] | None] = field(default_factory=dict)
    root: Node | None = None
    documents: int = 0

    def place(self, mark: Any) -> Place:  # noqa: ANN401 - PyYAML's two parsers have a Mark each
        return Place(self.path, mark.line + 1, mark.column + 1)


def read(path: str, text: str, findings: Findings) -> Mapping | None:
    """Return the mapping that a file is, or None when it is empty or could not be read."""
    text = text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    reader = _Reader(path, findings)
    try:
        _check_lines(reader, text)
        for event in _events(reader, text):
            take = _TAKERS.get(type(event))
            if take is not None:
                take(reader, event)
    except _UnreadableError as stop:
        findings.error(stop.place, stop.slug, stop.message, stop.hint)
        findings.unread.append(path)
        return None
    root = reader.root
    if root is None or (isinstance(root, Scalar) and root.value is None):
        return None
    if not isinstance(root, Mapping):
        findings.error(root.place, "wrong-type", "a plan file is a mapping of keys", "begin with a key such as plans:")
        findings.unread.append(path)
        return None
    return root


def _check_lines(reader: _Reader, text: str) -> None:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("%"):
            place = Place(reader.path, number)
            raise _UnreadableError(place, "directive", "YAML directives are not supported", "remove the line")
        if len(line) > LONGEST_LINE:
            message = f"a line of {len(line):,} characters, allowed are {LONGEST_LINE:,}"
            raise _UnreadableError(Place(reader.path, number, LONGEST_LINE + 1), "long-line", message, "break the line")


def _events(reader: _Reader, text: str) -> Iterator[Any]:
    """Yield the parser's events; turn what it refuses into words."""
    try:
        yield from yaml.parse(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _refusal(reader.place(mark) if mark else Place(reader.path, 1), text, error) from error
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        place = Place(reader.path, before.count("\n") + 1, len(before) - before.rfind("\n"))
        raise _UnreadableError(
            place, "control-character", "a control character cannot stand in a plan", "remove it"
        ) from error


def _refusal(place: Place, text: str, error: yaml.MarkedYAMLError) -> _UnreadableError:
    lines = text.splitlines()
    line = lines[place.line - 1] if place.line <= len(lines) else ""
    indent = line[: len(line) - len(line.lstrip())]
    if "\t" in indent or line[place.column - 1 : place.column] == "\t":
        place = Place(place.path, place.line, line.index("\t") + 1)
        return _UnreadableError(place, "tab", "a tab cannot indent YAML", "indent with spaces")
    if "undefined alias" in (error.problem or ""):
        return _UnreadableError(
            place, "unknown-anchor", "no anchor of this name stands before it", "define it with '&' first"
        )
    words = ", ".join(part for part in (error.context, error.problem) if part)
    return _UnreadableError(place, "yaml", f"not YAML: {words}", _syntax_hint(words, line))


def _syntax_hint(words: str, line: str) -> str:
    if "could not find expected ':'" in words:
        return "write a colon and a space after the key"
    if "mapping values are not allowed" in words:
        return "indent keys of one level alike, and quote text that has a colon"
    if "flow" in words:
        return "close every '[' and '{', and put commas between the items"
    if "quoted scalar" in words:
        return "close the quotes"
    if "cannot start any token" in words and "%" in line:
        return "quote text that has a '%'"
    return "look at the quotes, colons and indentation here and just before"


def _begin(reader: _Reader, event: Any) -> None:  # noqa: ANN401 - PyYAML's events are not typed
    reader.documents += 1
    if reader.documents > 1:
        place = reader.place(event.start_mark)
        raise _UnreadableError(place, "several-documents", "a plan file holds one document", "split the file at '---'")


def _scalar(reader: _Reader, event: Any) -> None:  # noqa: ANN401 - as above
    place = reader.place(event.start_mark)
    _refuse_tag(event.tag, place)
    quoted_text = not event.implicit[0]
    node = Scalar(place, event.value if quoted_text else meaning(event.value), event.value, quoted_text)
    _remember(reader, event.anchor, node, 1)
    _put(reader, node, 1)


def _open(reader: _Reader, event: Any) -> None:  # noqa: ANN401 - as above
    place = reader.place(event.start_mark)
    _refuse_tag(event.tag, place)
    if reader.stack and reader.stack[-1].is_mapping and reader.stack[-1].key is None:
        raise _UnreadableError(place, "bad-key", "a key cannot be a list or a mapping", "write the key as one word")
    if len(reader.stack) >= DEEPEST:
        raise _UnreadableError(place, "too-deep", f"nested more than {DEEPEST} levels deep", "write it flatter")
    if event.anchor:
        reader.anchors[event.anchor] = None
    reader.stack.append(_Open(place, event.anchor, isinstance(event, yaml.MappingStartEvent)))


def _close(reader: _Reader, _event: object) -> None:
    done = reader.stack.pop()
    node: Node = Mapping(done.place, done.entries) if done.is_mapping else Sequence(done.place, tuple(done.items))
    _remember(reader, done.anchor, node, done.size)
    _put(reader, node, done.size)


def _alias(reader: _Reader, event: Any) -> None:  # noqa: ANN401 - as above
    place = reader.place(event.start_mark)
    name = quoted(event.anchor)
    if event.anchor not in reader.anchors:
        raise _UnreadableError(
            place, "unknown-anchor", f"no anchor {name} stands before it", "define it with '&' first"
        )
    known = reader.anchors[event.anchor]
    if known is None:
        raise _UnreadableError(place, "endless-alias", f"{name} contains itself", "write the value out")
    _put(reader, *known, alias_place=place)


def _remember(reader: _Reader, anchor: str | None, node: Node, size: int) -> None:
    if anchor:
        reader.anchors[anchor] = (node, size)


def _put(reader: _Reader, node: Node, size: int, alias_place: Place | None = None) -> None:
    """Hand a finished value to what is being read around it."""
    if not reader.stack:
        reader.root = node
        return
    around = reader.stack[-1]
    around.size += size
    if around.size > MOST_VALUES:
        place = alias_place or node.place
        raise _UnreadableError(
            place, "too-many-values", f"the file grows beyond {MOST_VALUES:,} values", "write less, and fewer aliases"
        )
    if not around.is_mapping:
        around.items.append(node)
    elif around.key is None:
        _key(reader, around, node, alias_place)
    else:
        key, around.key = around.key, None
        if not around.skip:
            around.entries[key.text] = Entry(key.text, key.place, node)


def _key(reader: _Reader, around: _Open, node: Node, alias_place: Place | None) -> None:
    place = alias_place or node.place
    if not isinstance(node, Scalar) or (node.value is None and not node.text):
        raise _UnreadableError(place, "bad-key", "a key must be a word", "write the key as one word, before the colon")
    around.key = Scalar(place, node.text, node.text, node.quoted)
    around.skip = False
    if node.text == "<<" and not node.quoted:
        around.skip = True
        reader.findings.error(
            place, "merge-key", "merge keys are not supported", "write the keys out, or alias a whole value"
        )
    elif first := around.entries.get(node.text):
        around.skip = True
        at = f"line {first.place.line}, column {first.place.column}"
        reader.findings.error(
            place, "duplicate-key", f"{quoted(node.text)} stands twice; first at {at}", "keep one of the two"
        )


def _refuse_tag(tag: str | None, place: Place) -> None:
    if tag is not None:
        shown = quoted(tag.replace("tag:yaml.org,2002:", "!!", 1))
        raise _UnreadableError(place, "tag", f"the tag {shown} is not supported", "remove the tag; quote what is text")


_TAKERS = {
    yaml.ScalarEvent: _scalar,
    yaml.MappingStartEvent: _open,
    yaml.SequenceStartEvent: _open,
    yaml.MappingEndEvent: _close,
    yaml.SequenceEndEvent: _close,
    yaml.AliasEvent: _alias,
    yaml.DocumentStartEvent: _begin,
}
"""What is done with each event; what is not here says nothing."""
