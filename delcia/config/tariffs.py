"""Tariffs and their bands."""

from delcia.config.days import days
from delcia.config.findings import Findings, quoted
from delcia.config.nodes import Entry, Mapping, Scalar, Sequence
from delcia.config.quantities import price, span
from delcia.config.reading import scalar, scalars, text, value
from delcia.config.zones import zone_name
from delcia.core.model import Band, Span, Tariff

CONDITIONS = ("hours", "days", "season", "between")


def tariff(entry: Entry, site_zone: str | None, findings: Findings) -> Tariff | None:
    """Return a tariff, or None where something about it was reported."""
    node = entry.node
    if not isinstance(node, Mapping):
        return None
    zone = scalar(node, "timezone", findings)
    name = zone_name(zone, findings) if zone else site_zone
    found = _bands(node, findings)
    currency = text(node, "currency", findings)
    return Tariff(entry.key, name, currency, found) if name and currency and found else None


def _bands(node: Mapping, findings: Findings) -> tuple[Band, ...]:
    listed = value(node, "bands", findings)
    if not isinstance(listed, Sequence):
        return ()
    written = [item for item in listed.items if isinstance(item, Mapping)]
    bands = tuple(_band(item, findings) for item in written)
    if written:
        _check_order(written, findings)
    return tuple(band for band in bands if band)


def _band(node: Mapping, findings: Findings) -> Band | None:
    name, cost = text(node, "name", findings), scalar(node, "price", findings)
    hours, when = spans(node, "hours", findings), days(node, findings)
    return Band(name, price(cost), hours, when) if name and cost else None


def _check_order(written: list[Mapping], findings: Findings) -> None:
    """Report a last band with conditions, and one before it without: that hides all that follow."""
    *before, last = written
    if any(key in last.entries for key in CONDITIONS):
        keys = " and ".join(f"'{key}'" for key in CONDITIONS if key in last.entries)
        message = f"the last band must match always, but has {keys}"
        findings.error(last.place, "last-band", message, "add a last band with name and price only")
    for band in before:
        if not any(key in band.entries for key in CONDITIONS):
            message = "this band matches always, so those after it never do"
            findings.error(band.place, "hidden-band", message, "move it to the end, or give it hours")


def spans(node: Mapping, key: str, findings: Findings) -> tuple[Span, ...]:
    """Return the spans of the clock under a key; one without length is reported."""
    found = []
    for item in scalars(node, key, findings) or ():
        length = span(item.text)
        if length is None:
            _report_empty(item, findings)
        else:
            found.append(length)
    return tuple(found)


def _report_empty(item: Scalar, findings: Findings) -> None:
    hint = 'write "00:00-24:00" for the whole day'
    findings.error(item.place, "empty-window", f"{quoted(item.text)} has no length", hint)
