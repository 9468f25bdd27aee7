"""The first plan file of an owner: short, complete, and with the words to change it."""

from dataclasses import dataclass

from delcia.config.bill import OffPeak
from delcia.config.catalogue import Model
from delcia.config.quantities import WEEKDAYS
from delcia.config.vehicles import ANYWHERE
from delcia.config.wording import flow

SCHEMA_COPY = ".delcia.schema.json"
"""A hidden copy beside the plans, so that an editor can complete and check keys; delcia does not read it."""
_REMARKS = 36
_SOCKET_AMPS = 14


@dataclass(frozen=True, slots=True)
class FirstPlan:
    """What the owner answered. `prices` are off-peak and else, as written; None leaves the tariff out."""

    timezone: str
    model: Model
    vehicle: str
    off_peak: tuple[OffPeak, ...]
    amps: float = 10
    phases: int = 1
    prices: tuple[str, str] | None = None
    currency: str = "EUR"
    to_soc: int = 80
    ready_by: str | None = "07:00"
    hold: bool = True
    meter: str | None = None
    """The zone of a meter that ignores summer time, such as `+00:00`."""
    prices_said: str = ""
    """What is to be known of the prices."""


def first_plan(wish: FirstPlan) -> str:
    """Return the text of `home.yaml`."""
    parts = [_HEAD, _remark(f"timezone: {wish.timezone}", "of the home"), _vehicle(wish), _charger(wish)]
    if wish.prices:
        parts.append(_tariff(wish, wish.prices))
    parts.append(_plan(wish))
    return "\n\n".join(parts) + "\n"


_HEAD = f"""\
# yaml-language-server: $schema={SCHEMA_COPY}
# What the car should do. 'delcia validate' checks this file, 'delcia report' shows what comes of it, and
# 'delcia apply' makes it run. Nothing secret belongs here: 'delcia login' asks for that on the host."""


def _vehicle(wish: FirstPlan) -> str:
    hold = flow(wish.hold)
    remark = "a charge that begins at home waits for a plan; 'delcia login' stores where home is"
    if not wish.hold:
        remark = "plugging in may begin a charge"
    if wish.model.placeless:
        hold = ANYWHERE if wish.hold else hold
        remark = "the car tells no place; where commands switch its charger, anywhere lets its charge wait for a plan"
    return "\n".join(
        [
            "vehicles:",
            f"  {wish.vehicle}:",
            _remark(f"    model: {wish.model.id}", f"{wish.model.label}; 'delcia models' lists all"),
            _remark(f"    hold: {hold}", remark),
        ]
    )


def _charger(wish: FirstPlan) -> str:
    numbers = f"amps: {wish.amps:g}" + (f", phases: {wish.phases}" if wish.phases > 1 else "")
    return "chargers:\n" + _remark(f"  {_name(wish)}: {{{numbers}}}", "phases: 1 and volts: 230 unless said")


def _tariff(wish: FirstPlan, prices: tuple[str, str]) -> str:
    cheap, dear = prices
    meter = [_remark(f'    timezone: "{wish.meter}"', "of the meter, which ignores summer time")] if wish.meter else []
    return "\n".join(
        [
            "tariffs:",
            "  home:",
            *meter,
            _remark(f"    currency: {wish.currency}", wish.prices_said).rstrip(" #"),
            _remark("    bands:", "the first band that matches an instant counts; the last matches always"),
            *(f"      - {{name: off-peak{_when(hours, wish.ready_by)}, price: {cheap}}}" for hours in wish.off_peak),
            f"      - {{name: peak, price: {dear}}}",
        ]
    )


def _when(hours: OffPeak, ready_by: str | None) -> str:
    """Return the conditions of a band: its hours, the days on which they begin, and its season.

    A window belongs to the first `ready_by` after it begins: a whole day has one before it, and one for the next day.
    """
    spans = list(hours.spans)
    if not spans and ready_by and ready_by != "00:00":
        spans = [f"00:00-{ready_by}", f"{ready_by}-24:00"]
    told = [("hours", spans), ("days", list(hours.days)), ("season", hours.season)]
    return "".join(
        f", {key}: {flow(list(value) if isinstance(value, tuple) else value)}" for key, value in told if value
    )


def _plan(wish: FirstPlan) -> str:
    when = "{tariff: home, bands: [off-peak]}" if wish.prices else f"{{windows: {flow(list(wish.off_peak[0].spans))}}}"
    lines = [
        "plans:",
        "  nights:",
        f"    vehicle: {wish.vehicle}",
        f"    charger: {_name(wish)}",
        _remark(f"    charge: {{to_soc: {wish.to_soc}}}", "in %; or hours: 2h30, or energy_kwh: 10"),
        f"    when: {when}",
    ]
    if wish.ready_by:
        mornings = _mornings(wish.off_peak, wish.ready_by)
        is_daily = len(mornings) == len(WEEKDAYS)
        ready_by = f'    ready_by: "{wish.ready_by}"'
        lines.append(_remark(ready_by, "days: [mon-fri] would keep it to some days") if is_daily else ready_by)
        if not is_daily:
            lines.append(_remark(f"    days: {flow(mornings)}", "no off-peak hours come before the other mornings"))
    return "\n".join(lines)


def _mornings(off_peak: tuple[OffPeak, ...], ready_by: str) -> list[str]:
    """Return the days on which a car can be ready by off-peak hours; hours of a season count as those of the year."""
    served = set()
    for hours in off_peak:
        for day in hours.days or WEEKDAYS:
            number = WEEKDAYS.index(day)
            for begin in (span.partition("-")[0] for span in hours.spans or ("00:00-24:00",)):
                served.add((number + (begin >= ready_by)) % len(WEEKDAYS))
            if not hours.spans:
                served.add((number + 1) % len(WEEKDAYS))
    return [WEEKDAYS[number] for number in sorted(served)]


def _name(wish: FirstPlan) -> str:
    return "socket" if wish.amps <= _SOCKET_AMPS and wish.phases == 1 else "box"


def _remark(line: str, words: str) -> str:
    return f"{line:<{_REMARKS - 1}} # {words}"
