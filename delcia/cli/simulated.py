"""What became of simulated cars, in words and as data."""

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo

from delcia.cli.months import months
from delcia.core.clock import zone
from delcia.core.consequence import Night, Ready
from delcia.core.intervals import Interval
from delcia.core.model import Site, Vehicle
from delcia.report.columns import aligned
from delcia.report.numbers import money
from delcia.report.words import clock, instant
from delcia.runtime.billing import Bill, joined
from delcia.runtime.nights import nights_of
from delcia.runtime.simulate import Simulated

LEAST_MORE_PCT = 1.0
"""What differs by less at the end is not worth a word."""
MOMENTS = {"plug": "plugged in", "unplug": "unplugged"}


def lines_of(
    site: Site, results: Sequence[Simulated], span: tuple[datetime, datetime], *, log: bool, by_month: bool = False
) -> Iterator[str]:
    """Yield the story of each vehicle, decision by decision, night by night or month by month, and what it comes to."""
    tz = zone(site.timezone)
    yield heading(span, tz)
    for item in results:
        if not log and len(results) > 1:
            yield f"{item.vehicle}:"
        vehicle = site.vehicles[item.vehicle]
        if by_month:
            yield from months(site, vehicle, item, tz)
        else:
            yield from _log(item, tz) if log else _nights(site, vehicle, item, span[1], tz)
        yield from _sum(item)


def heading(span: tuple[datetime, datetime], tz: tzinfo) -> str:
    """Return from when to when it was simulated."""
    start, end = (moment.astimezone(tz) for moment in span)
    return f"simulated, {start:%a %Y-%m-%d %H:%M} to {end:%a %Y-%m-%d %H:%M}"


def data_of(results: Sequence[tuple[str | None, Simulated]], start: datetime, end: datetime) -> dict[str, object]:
    """Return the results for programs (schemas/simulation.schema.json)."""
    return {
        "schema": "delcia/simulation/1",
        "from": instant(start),
        "to": instant(end),
        "vehicles": [{**_data(item), "only_plan": only} for only, item in results],
    }


def _log(item: Simulated, tz: tzinfo) -> Iterator[str]:
    """Yield all that happened, in order: what happens to the car stands before what delcia makes of it."""
    cable = [
        (moment.at, 0, f"{item.vehicle}: {MOMENTS[moment.what]} with {moment.soc_pct:.0f} %") for moment in item.moments
    ]
    said = [(said.at, 1, said.words) for said in item.said]
    ready = [(ready.at, 2, f"{item.vehicle}: {_ready(ready, tz)}") for ready in item.ready]
    for at, _, words in sorted([*cable, *said, *ready], key=lambda entry: entry[:2]):
        yield f"{at.astimezone(tz):%a %H:%M}  {words}"


def _ready(ready: Ready, tz: tzinfo) -> str:
    text = f"{ready.soc_pct:.0f} % at {ready.at.astimezone(tz):%H:%M}"
    if not ready.plugged:
        return f"{text}, not plugged in"
    return f"{text}: misses {ready.target_soc_pct:.0f} %" if ready.missed else text


def _nights(site: Site, vehicle: Vehicle, item: Simulated, end: datetime, tz: tzinfo) -> Iterator[str]:
    """Yield a line for each time that the car was plugged in."""
    yield from aligned([_night(item, night, tz) for night in nights_of(site, vehicle, item, end)], "lrrll")


def _night(item: Simulated, night: Night, tz: tzinfo) -> list[str]:
    return [
        f"{night.stay.start.astimezone(tz):%a %Y-%m-%d}   {night.soc_from_pct:3.0f} → {night.soc_to_pct:3.0f} %",
        f"{night.energy_wall_kwh:.1f} kWh",
        "" if night.cost is None else f"{money(night.cost)} {item.currency}",
        "; ".join(_ready(ready, tz) for ready in night.ready),
        ", ".join(_span(charged, tz) for charged in night.charged),
    ]


def _span(charged: Interval, tz: tzinfo) -> str:
    start, end = charged.start.astimezone(tz), charged.end
    return f"{start:%H:%M}–{clock(end, end, tz)}"


def _sum(item: Simulated) -> Iterator[str]:
    """Yield what it comes to, against the same life without delcia."""
    yield f"{item.vehicle}, simulated: {_bill(item.bill, item.currency)}"
    plain = f"  without delcia, charging on plug-in: {_bill(item.plain, item.currency)}"
    yield f"{plain}{more_words(item)}"
    judged = [ready for ready in item.ready if ready.plugged and ready.target_soc_pct is not None]
    met = sum(not ready.missed for ready in judged)
    times = f"ready in time on {met} of {len(judged)} days; " if judged else ""
    yield f"  {times}{_calls(item)}".rstrip("; ")


def more_words(item: Simulated) -> str:
    """Return what of the energy without delcia is left in the battery at the end, and so has to be paid otherwise."""
    more_pct = item.plain_soc_pct - item.soc_pct
    if abs(more_pct) < LEAST_MORE_PCT:
        return ""
    cost = _cost(Bill(0.0, item.more.cost and abs(item.more.cost)), item.currency)
    size = f"{abs(item.more.energy_wall_kwh):.1f} kWh{f', {cost}' if cost else ''}"
    return f"; {abs(more_pct):.0f} points {'more' if more_pct > 0 else 'less'} at the end ({size})"


def _calls(item: Simulated) -> str:
    return "" if item.calls is None else f"{item.calls} readings of the car"


def _bill(found: Bill, currency: str | None) -> str:
    cost = _cost(found, currency)
    return f"{found.energy_wall_kwh:.1f} kWh for {cost}" if cost else f"{found.energy_wall_kwh:.1f} kWh"


def _cost(found: Bill, currency: str | None) -> str:
    return "" if found.cost is None else f"{money(found.cost)} {currency}"


def _data(item: Simulated) -> dict[str, object]:
    return {
        "vehicle": item.vehicle,
        "energy_wall_kwh": round(item.bill.energy_wall_kwh, 3),
        "cost": money(item.bill.cost),
        "currency": item.currency,
        "on_plug_in": {
            "energy_wall_kwh": round(item.plain.energy_wall_kwh, 3),
            "cost": money(item.plain.cost),
            "soc_pct": round(item.plain_soc_pct, 1),
            "more_at_end_kwh": round(item.more.energy_wall_kwh, 3),
            "more_at_end_cost": money(item.more.cost),
        },
        "soc_pct": round(item.soc_pct, 1),
        "readings": item.calls,
        "moments": [
            {"at": instant(moment.at), "what": moment.what, "soc_pct": round(moment.soc_pct, 1)}
            for moment in item.moments
        ],
        "charges": [
            {
                "starts_at": instant(piece.interval.start),
                "ends_at": instant(piece.interval.end),
                "soc_from_pct": round(piece.soc_from_pct, 1),
                "soc_to_pct": round(piece.soc_to_pct, 1),
                "energy_wall_kwh": round(piece.energy_wall_kwh, 3),
            }
            for piece in joined(item.charged)
        ],
        "ready": [
            {
                "plan": ready.plan,
                "at": instant(ready.at),
                "soc_pct": round(ready.soc_pct, 1),
                "target_soc_pct": ready.target_soc_pct,
                "plugged": ready.plugged,
                "missed": ready.missed,
            }
            for ready in item.ready
        ],
        "decisions": [{"at": instant(said.at), "words": said.words, "status": int(said.status)} for said in item.said],
    }
