"""Plans: the wishes, and what they refer to."""

from datetime import datetime
from decimal import Decimal

from delcia.config.calendars import Calendars
from delcia.config.days import days, real_date
from delcia.config.findings import Findings, listed, quoted
from delcia.config.merge import Merged
from delcia.config.nodes import Entry, Mapping, Scalar
from delcia.config.quantities import duration_min, minute_of_day, moment, next_time
from delcia.config.reading import mapping, number, place, scalar, scalars, text, truth
from delcia.config.tariffs import spans
from delcia.core.model import (
    DAY_MIN,
    Days,
    Duration,
    Energy,
    InBands,
    InWindows,
    Once,
    Plan,
    Policy,
    StartAt,
    Target,
    Tariff,
    ToSoc,
    When,
)

_SECTIONS = {"vehicle": "vehicles", "charger": "chargers", "tariff": "tariffs"}


def plan(
    entry: Entry, merged: Merged, tariffs: dict[str, Tariff], calendars: Calendars, findings: Findings
) -> Plan | None:
    """Return a plan, or None where something about it was reported."""
    node = entry.node
    if not isinstance(node, Mapping):
        return None
    vehicle, charger = (reference(node, key, merged, findings) for key in ("vehicle", "charger"))
    target = _target(node, findings)
    when = _when(node, merged, tariffs, findings)
    dates = days(node, calendars, findings)
    ready_by = text(node, "ready_by", findings)
    policy = _policy(node, findings)
    guarantee = truth(node, "guarantee", findings) is True
    if not (vehicle and charger and target and when):
        return None
    return Plan(
        name=entry.key,
        vehicle=vehicle,
        charger=charger,
        target=target,
        when=when,
        days=dates,
        ready_by_min=minute_of_day(ready_by) if ready_by else None,
        policy=policy,
        guarantee=guarantee,
        enabled=truth(node, "enabled", findings) is not False,
        place=entry.place,
    )


def reference(node: Mapping, key: str, merged: Merged, findings: Findings) -> str | None:
    """Return the name under a key, after checking that something has that name."""
    named = scalar(node, key, findings)
    if named is None:
        return None
    known = merged.maps[_SECTIONS[key]]
    if named.text in known:
        return named.text
    if findings.unread:
        return None
    otherwise = f"the {_SECTIONS[key]} are {listed(known)}" if known else f"add it below {_SECTIONS[key]}:"
    findings.error(
        named.place, f"unknown-{key}", f"no {key} {quoted(named.text)}", findings.nearest(named.text, known, otherwise)
    )
    return None


def _policy(node: Mapping, findings: Findings) -> Policy:
    """Return the policy, after checking that there is a time to aim at."""
    named = text(node, "policy", findings)
    policy: Policy = "late" if named == "late" else "cheapest" if named == "cheapest" else "asap"
    for key, given in (("policy", policy != "asap"), ("guarantee", truth(node, "guarantee", findings) is True)):
        if given and "ready_by" not in node.entries:
            written = f"'{key}: {policy if key == 'policy' else 'true'}'"
            hint = "add ready_by: with the time by which the car must be ready"
            findings.error(place(node, key), "missing-key", f"{written} needs 'ready_by' beside it", hint)
    return policy


def _target(node: Mapping, findings: Findings) -> Target | None:
    charge = mapping(node, "charge", findings)
    if charge is None:
        return None
    soc_pct, energy_kwh = number(charge, "to_soc", findings), number(charge, "energy_kwh", findings)
    hours = scalar(charge, "hours", findings)
    if soc_pct is not None:
        return ToSoc(int(soc_pct))
    if energy_kwh is not None:
        return Energy(energy_kwh)
    return _duration(hours, findings) if hours else None


def _duration(hours: Scalar, findings: Findings) -> Duration | None:
    minutes = duration_min(hours)
    if 1 <= minutes <= DAY_MIN:
        return Duration(minutes)
    hint = "write 2.5 or 2h30"
    findings.error(hours.place, "out-of-range", f"'hours' is {hours.text}, allowed is 1 min to 24 h", hint)
    return None


def _when(node: Mapping, merged: Merged, tariffs: dict[str, Tariff], findings: Findings) -> When | None:
    when = mapping(node, "when", findings)
    if when is None:
        return None
    tariff = reference(when, "tariff", merged, findings)
    if "windows" in when.entries:
        windows = spans(when, "windows", findings)
        return InWindows(windows, tariff) if windows else None
    if "start_at" in when.entries:
        start = text(when, "start_at", findings)
        return StartAt(minute_of_day(start), tariff) if start else None
    if "once" in when.entries:
        return _once(when, tariff, findings)
    return _in_bands(when, tariff, merged, tariffs, findings) if tariff else None


def _once(when: Mapping, tariff: str | None, findings: Findings) -> Once | None:
    once, until = scalar(when, "once", findings), scalar(when, "until", findings)
    begins = _moment(once, findings)
    if begins is None or until is None:
        return Once(begins, None, tariff) if begins else None
    ends = next_time(begins, until.text) if ":" in until.text[:3] else _moment(until, findings)
    if ends is not None and ends <= begins:
        message = f"'until' is {ends:%Y-%m-%d %H:%M}, not after 'once'"
        findings.error(until.place, "empty-window", message, f"write a time after {begins:%Y-%m-%d %H:%M}")
        return None
    return Once(begins, ends, tariff) if ends else None


def _moment(node: Scalar | None, findings: Findings) -> datetime | None:
    if node is None or real_date(node, findings) is None:
        return None
    return moment(node.text)


def _in_bands(
    when: Mapping, tariff: str, merged: Merged, tariffs: dict[str, Tariff], findings: Findings
) -> InBands | None:
    named = scalars(when, "bands", findings)
    if named is None:
        known = tariffs.get(tariff)
        if known is None or "bands" in when.entries:
            return None
        if _prices_move(known):
            message = f"the surcharges of '{tariff}' change which band is the cheapest"
            findings.error(
                when.place, "no-cheapest", message, f"add bands: with some of {listed(merged.bands[tariff])}"
            )
            return None
        cheapest = min(band.price_per_kwh for band in known.bands)
        return InBands(tariff, tuple(dict.fromkeys(b.name for b in known.bands if b.price_per_kwh == cheapest)))
    bands = merged.bands.get(tariff, ())
    for band in named:
        check_band(band, tariff, bands, findings)
    return InBands(tariff, tuple(dict.fromkeys(band.text for band in named))) if named else None


def _prices_move(tariff: Tariff) -> bool:
    """Return whether the surcharges of a tariff are not the same at all times."""
    added = {item.price_per_kwh for item in tariff.surcharges}
    if tariff.surcharges and (tariff.surcharges[-1].spans or tariff.surcharges[-1].days != Days()):
        added.add(Decimal(0))
    return len(added) > 1


def check_band(band: Scalar, tariff: str, names: tuple[str, ...], findings: Findings) -> None:
    """Report a band that the tariff has not, unless its bands are not known."""
    if names and band.text not in names:
        hint = findings.nearest(band.text, names, f"its bands are {listed(names)}")
        findings.error(band.place, "unknown-band", f"the tariff '{tariff}' has no band {quoted(band.text)}", hint)
