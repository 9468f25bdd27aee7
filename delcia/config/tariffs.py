"""Tariffs and their bands."""

from delcia.config.calendars import Calendars
from delcia.config.days import days
from delcia.config.findings import Findings, quoted
from delcia.config.nodes import Entry, Mapping, Scalar, Sequence
from delcia.config.quantities import minute_of_day, price, span
from delcia.config.reading import mapping, number, scalar, scalars, text, value
from delcia.config.zones import zone_name
from delcia.core.model import Band, Guard, Span, Tariff

CONDITIONS = ("hours", "days", "season", "between")


def tariff(entry: Entry, site_zone: str | None, calendars: Calendars, findings: Findings) -> Tariff | None:
    """Return a tariff, or None where something about it was reported."""
    node = entry.node
    if not isinstance(node, Mapping):
        return None
    zone = scalar(node, "timezone", findings)
    name = zone_name(zone, findings) if zone else site_zone
    bands, surcharges = (_layer(node, key, calendars, findings) for key in ("bands", "surcharges"))
    currency = text(node, "currency", findings)
    starts, guard = text(node, "day_starts_at", findings), mapping(node, "guard", findings)
    if not (name and currency and bands):
        return None
    return Tariff(
        entry.key,
        name,
        currency,
        bands,
        surcharges,
        minute_of_day(starts) if starts else 0,
        _guard(guard, findings) if guard else Guard(),
    )


def written_bands(node: Mapping, key: str) -> list[Mapping]:
    """Return the bands, or the surcharges, of a tariff as they were written."""
    layer = node.get(key)
    return [item for item in layer.items if isinstance(item, Mapping)] if isinstance(layer, Sequence) else []


def is_limited(band: Mapping) -> bool:
    """Return whether a band has conditions."""
    return any(key in band.entries for key in CONDITIONS)


def _guard(node: Mapping, findings: Findings) -> Guard:
    start, end = (number(node, key, findings) for key in ("start_min", "end_min"))
    return Guard(int(start or 0), int(end or 0))


def _layer(node: Mapping, key: str, calendars: Calendars, findings: Findings) -> tuple[Band, ...]:
    """Return the bands, or the surcharges, which need no name and need not match always."""
    if value(node, key, findings) is None:
        return ()
    written = written_bands(node, key)
    found = tuple(_band(item, calendars, findings) for item in written)
    if written:
        _check_order(written, key, findings)
    return tuple(band for band in found if band and (band.name or key == "surcharges"))


def _band(node: Mapping, calendars: Calendars, findings: Findings) -> Band | None:
    name, cost = text(node, "name", findings), scalar(node, "price", findings)
    hours, when = spans(node, "hours", findings), days(node, calendars, findings)
    return Band(name or "", price(cost), hours, when) if cost else None


def _check_order(written: list[Mapping], key: str, findings: Findings) -> None:
    """Report a last band with conditions, and one before it without: that hides all that follow."""
    *before, last = written
    if key == "bands" and is_limited(last):
        keys = " and ".join(f"'{name}'" for name in CONDITIONS if name in last.entries)
        message = f"the last band must match always, but has {keys}"
        findings.error(last.place, "last-band", message, "add a last band with name and price only")
    for band in before:
        if not is_limited(band):
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
