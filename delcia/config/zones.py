"""Time zones as the owner writes them: known ones, or a hint at the nearest."""

from delcia.config.findings import Findings, did_you_mean, quoted
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
    findings.error(node.place, "bad-timezone", f"{quoted(name)} is not a time zone", _nearest(name))
    return None


def _nearest(name: str) -> str:
    from zoneinfo import available_timezones

    known = [known for known in sorted(available_timezones()) if "/" in known and not known.startswith(_NOT_HOMES)]
    by_city = {known.rpartition("/")[2].lower(): known for known in reversed(known)}
    same = {known.lower(): known for known in known}
    exact = same.get(name.lower()) or by_city.get(name.rpartition("/")[2].lower().replace(" ", "_"))
    if exact:
        return f"did you mean '{exact}'?"
    hint = did_you_mean(name, same) or did_you_mean(name, by_city)
    word = hint.split("'")[1] if hint else ""
    found = same.get(word) or by_city.get(word)
    return f"did you mean '{found}'?" if found else "write a name such as Europe/Paris"
