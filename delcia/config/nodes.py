"""Plain data that remembers where it was written: what a YAML file becomes before anyone judges it."""

from dataclasses import dataclass

from delcia.core.model import Place

Value = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value; `text` is how it was written, `quoted` whether it can only be text."""

    place: Place
    value: Value
    text: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    place: Place
    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A key and its value; the key's place is where a missing or unknown thing is shown."""

    key: str
    place: Place
    node: "Node"


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys in the order in which they were written."""

    place: Place
    entries: dict[str, Entry]

    def get(self, key: str) -> "Node | None":
        """Return the value of a key, or None."""
        entry = self.entries.get(key)
        return entry.node if entry else None


Node = Scalar | Sequence | Mapping


def plain(node: Node) -> object:
    """Return what a node says, without places."""
    match node:
        case Scalar():
            return node.value
        case Sequence():
            return [plain(item) for item in node.items]
        case Mapping():
            return {key: plain(entry.node) for key, entry in node.entries.items()}
