"""All files of a directory as one: the maps joined, each name once."""

from dataclasses import dataclass, field

from delcia.config.findings import Findings, quoted
from delcia.config.nodes import Entry, Mapping, Node, Scalar, Sequence
from delcia.core.model import Place

MAPS = ("accounts", "vehicles", "chargers", "calendars", "tariffs", "plans")
SINGLES = ("timezone", "home")


@dataclass(frozen=True, slots=True)
class Merged:
    """What the files say together: the single keys, and each map by name."""

    singles: dict[str, Entry] = field(default_factory=dict)
    maps: dict[str, dict[str, Entry]] = field(default_factory=lambda: {name: {} for name in MAPS})
    bands: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The names of each tariff's bands and surcharges as written, also when the tariff has problems."""


def merge(files: tuple[Mapping, ...], findings: Findings) -> Merged:
    """Join files in order; the first one to give a name wins, the others are reported."""
    merged = Merged()
    for root in files:
        for key in SINGLES:
            if key in root.entries:
                _add(merged.singles, root.entries[key], key, findings)
        for key in MAPS:
            section = root.get(key)
            if isinstance(section, Mapping):
                for entry in section.entries.values():
                    _add(merged.maps[key], entry, f"{key.removesuffix('s')} {quoted(entry.key)}", findings)
    merged.bands.update((name, _band_names(entry.node)) for name, entry in merged.maps["tariffs"].items())
    return merged


def _band_names(tariff: Node) -> tuple[str, ...]:
    layers = [tariff.get(key) for key in ("bands", "surcharges")] if isinstance(tariff, Mapping) else []
    items = [item for layer in layers if isinstance(layer, Sequence) for item in layer.items]
    names = [item.get("name") for item in items if isinstance(item, Mapping)]
    return tuple(dict.fromkeys(name.text for name in names if isinstance(name, Scalar)))


def _add(known: dict[str, Entry], entry: Entry, what: str, findings: Findings) -> None:
    first = known.setdefault(entry.key, entry)
    if first is not entry:
        message = f"{what} is given twice; first at {at(first.place)}"
        findings.error(entry.place, "given-twice", message, "keep one of the two, or choose another name")


def at(place: Place) -> str:
    """Return a place as path:line:column."""
    return f"{place.path}:{place.line}:{place.column}"
