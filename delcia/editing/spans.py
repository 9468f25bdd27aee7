"""Where each value of a YAML text begins and ends, comments and line ends apart."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from delcia.config.nodes import Value
from delcia.config.scalars import meaning


@dataclass(frozen=True, slots=True)
class Span:
    """A value and its stretch of the text, half-open, with its anchor; of an alias it is the alias' own stretch."""

    kind: Literal["scalar", "mapping", "sequence", "alias"]
    start: int
    end: int
    value: Value = None
    """What a scalar says."""
    quote: str = ""
    """The quote round a scalar, if there is one."""
    flow: bool = False
    """Whether a list or mapping is written in brackets."""
    anchor: str | None = None
    parts: tuple["Part", ...] = ()
    target: "Span | None" = None
    """What an alias stands for."""

    def part(self, key: str) -> "Part | None":
        """Return the part under a key, None when there is none."""
        return next((part for part in self.parts if part.key == key), None)

    @property
    def said(self) -> Any:  # noqa: ANN401 - plain data of any shape
        """What it says, as plain data."""
        match self.kind:
            case "mapping":
                return {part.key: part.span.said for part in self.parts}
            case "sequence":
                return [part.span.said for part in self.parts]
            case "alias":
                return self.target.said if self.target else None
            case _:
                return self.value


@dataclass(frozen=True, slots=True)
class Part:
    """An item of a list, or a key and its value; `start` is where its dash, its key or, in brackets, it begins."""

    start: int
    key: str | None
    span: Span

    @property
    def end(self) -> int:
        """Where its value ends."""
        return self.span.end


def spans(text: str) -> Span | None:
    """Return the value that a sound YAML text is, None when it is empty. A text that is not YAML raises ValueError."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        events = [event for event in YAML(typ="safe", pure=True).parse(text) if type(event).__name__ in _KINDS]
    except YAMLError as error:
        raise ValueError(str(error)) from None
    return _Reader(text, iter(events)).span() if events else None


def within(span: Span) -> Iterator[Span]:
    """Yield a value and all values written in it, in the order of the text."""
    yield span
    for part in span.parts:
        yield from within(part.span)


_KINDS = ("ScalarEvent", "AliasEvent", "MappingStartEvent", "MappingEndEvent", "SequenceStartEvent", "SequenceEndEvent")


@dataclass(slots=True)
class _Reader:
    """What is left of a text's events, and the anchors read so far."""

    text: str
    events: Iterator[Any]
    anchors: dict[str, Span] = field(default_factory=dict)

    def span(self, event: Any = None, least: int = 0) -> Span:  # noqa: ANN401 - ruamel's events are not typed
        """Return the next value; one that is not written stands at `least`."""
        event = next(self.events) if event is None else event
        start, end = event.start_mark.index, event.end_mark.index
        match type(event).__name__:
            case "AliasEvent":
                return Span("alias", start, end, anchor=event.anchor, target=self.anchors.get(event.anchor))
            case "ScalarEvent":
                found = self._scalar(event, start, end, least)
            case "MappingStartEvent":
                parts, end = self._entries()
                found = Span("mapping", start, end, flow=event.flow_style, anchor=event.anchor, parts=parts)
            case _:
                parts, end = self._items(dashes=not event.flow_style)
                found = Span("sequence", start, end, flow=event.flow_style, anchor=event.anchor, parts=parts)
        if not found.flow and found.parts:
            # A block ends where the next thing begins; what is its own ends with its last value.
            found = replace(found, end=found.parts[-1].end)
        if found.anchor is not None:
            self.anchors[found.anchor] = found
        return found

    def _scalar(self, event: Any, start: int, end: int, least: int) -> Span:  # noqa: ANN401 - as above
        if start == end and not event.value:
            return Span("scalar", least, least, anchor=event.anchor)
        value = meaning(event.value) if event.implicit[0] else event.value
        end = start + len(self.text[start:end].rstrip())
        quote = event.style if event.style in {"'", '"'} else ""
        return Span("scalar", start, end, value, quote, anchor=event.anchor)

    def _entries(self) -> tuple[tuple[Part, ...], int]:
        """Return the keys and values up to the end of a mapping, and where that is."""
        found: list[Part] = []
        while type(event := next(self.events)).__name__ != "MappingEndEvent":
            key = self.span(event)
            colon = self.text.index(":", key.end) + 1
            found.append(Part(key.start, str(event.value), self.span(least=colon)))
        return tuple(found), event.end_mark.index

    def _items(self, *, dashes: bool) -> tuple[tuple[Part, ...], int]:
        """Return the items up to the end of a list, and where that is."""
        found: list[Part] = []
        while type(event := next(self.events)).__name__ != "SequenceEndEvent":
            item = self.span(event, event.start_mark.index)
            found.append(Part(self.text.rindex("-", 0, item.start) if dashes else item.start, None, item))
        return tuple(found), event.end_mark.index
