"""How builders look at nodes that may be missing or wrong: whatever was already reported is read as None."""

from delcia.config.findings import Findings
from delcia.config.nodes import Mapping, Node, Scalar, Sequence
from delcia.core.model import Place


def value(node: Mapping, key: str, findings: Findings) -> Node | None:
    """Return the value of a key, or None when it is missing or was found wrong."""
    found = node.get(key)
    return None if found is None or findings.rejected(found) else found


def scalar(node: Mapping, key: str, findings: Findings) -> Scalar | None:
    """Return the single value of a key, or None."""
    found = value(node, key, findings)
    return found if isinstance(found, Scalar) else None


def mapping(node: Mapping, key: str, findings: Findings) -> Mapping | None:
    """Return the mapping under a key, or None."""
    found = value(node, key, findings)
    return found if isinstance(found, Mapping) else None


def scalars(node: Mapping, key: str, findings: Findings) -> tuple[Scalar, ...] | None:
    """Return the sound values of the list under a key, or None when there is no list."""
    found = value(node, key, findings)
    if not isinstance(found, Sequence):
        return None
    return tuple(item for item in found.items if isinstance(item, Scalar) and not findings.rejected(item))


def text(node: Mapping, key: str, findings: Findings) -> str | None:
    """Return the text of a key, or None."""
    found = scalar(node, key, findings)
    return found.value if found and isinstance(found.value, str) else None


def number(node: Mapping, key: str, findings: Findings) -> float | None:
    """Return the number of a key, or None."""
    found = scalar(node, key, findings)
    is_number = found and isinstance(found.value, int | float) and not isinstance(found.value, bool)
    return float(found.value) if found and is_number else None  # type: ignore[arg-type]  # is_number says so


def truth(node: Mapping, key: str, findings: Findings) -> bool | None:
    """Return true or false of a key, or None."""
    found = scalar(node, key, findings)
    return found.value if found and isinstance(found.value, bool) else None


def place(node: Mapping, key: str) -> Place:
    """Return where a key stands, or where its mapping does."""
    entry = node.entries.get(key)
    return entry.place if entry else node.place
