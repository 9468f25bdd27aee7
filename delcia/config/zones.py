"""Time zones as the owner writes them: known ones, or a hint at the nearest."""

from functools import cache

from delcia.config.findings import MOST_GUESSES, Findings, quoted
from delcia.config.nodes import Scalar
from delcia.core.clock import zone

_NOT_HOMES = ("posix/", "right/", "localtime", "posixrules", "Factory", "SystemV/")


def zone_name(node: Scalar, findings: Findings) -> str | None:
    """Return the name of an IANA zone or of a fixed offset, or None after reporting that there is none."""
    name = str(node.value)
    if not name.startswith(_NOT_HOMES):
        try:
            zone(name)
        except ValueError:
            pass
        else:
            return name
    findings.error(node.place, "bad-timezone", f"{quoted(name)} is not a time zone", _nearest(name, findings))
    return None


def _nearest(name: str, findings: Findings) -> str:
    if len(findings.problems) > MOST_GUESSES:
        return "write a name such as Europe/Paris"
    known = _known()
    by_city = {known.rpartition("/")[2].lower(): known for known in reversed(known)}
    same = {known.lower(): known for known in known}
    exact = same.get(name.lower()) or by_city.get(name.rpartition("/")[2].lower().replace(" ", "_"))
    if exact:
        return f"did you mean '{exact}'?"
    hint = findings.nearest(name, same) or findings.nearest(name, by_city)
    word = hint.split("'")[1] if hint else ""
    found = same.get(word) or by_city.get(word)
    return f"did you mean '{found}'?" if found else "write a name such as Europe/Paris"


@cache
def _known() -> tuple[str, ...]:
    from zoneinfo import available_timezones

    return tuple(name for name in sorted(available_timezones()) if "/" in name and not name.startswith(_NOT_HOMES))
