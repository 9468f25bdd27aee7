"""Chargers: what the wall offers, by which commands of the host it is switched, and when it has power at all."""

from delcia.config.findings import Findings
from delcia.config.merge import Merged
from delcia.config.nodes import Entry, Mapping
from delcia.config.plans import check_band, reference
from delcia.config.reading import mapping, number, scalars, text
from delcia.core.model import Charger, Supply

VOLTS = 230


def charger(entry: Entry, merged: Merged, findings: Findings) -> Charger | None:
    """Return a charger, or None where something about it was reported."""
    node = entry.node
    if not isinstance(node, Mapping):
        return None
    phases = int(number(node, "phases", findings) or 1)
    power_kw = number(node, "power_kw", findings)
    if power_kw is None:
        amps = number(node, "amps", findings)
        volts = number(node, "volts", findings) or VOLTS
        if amps is None:
            return None
        power_kw = round(amps * volts * phases / 1000, 3)
    supply = _supply(node, merged, findings)
    return Charger(entry.key, power_kw, phases, text(node, "commands", findings), supply)


def _supply(node: Mapping, merged: Merged, findings: Findings) -> Supply | None:
    supply = mapping(node, "supply", findings)
    if supply is None:
        return None
    tariff, named = reference(supply, "tariff", merged, findings), scalars(supply, "bands", findings)
    if tariff is None or not named:
        return None
    for band in named:
        check_band(band, tariff, merged.bands.get(tariff, ()), findings)
    return Supply(tariff, tuple(dict.fromkeys(band.text for band in named)))
