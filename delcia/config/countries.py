"""Public holidays of countries, by the library `holidays`; loaded only for plans that name a country."""

from datetime import date

from delcia.config.findings import Findings, listed, quoted
from delcia.config.nodes import Scalar


def public_holidays(country: Scalar, part: Scalar | None, years: range, findings: Findings) -> set[date] | None:
    """Return the public holidays of a country, or of a part of it; None after reporting that there is none such."""
    import holidays

    known = [code for code in holidays.list_supported_countries() if len(code) == len("FR")]
    if country.text not in known:
        hint = findings.nearest(country.text, known, "write the dates themselves, as dates: [...]")
        findings.error(country.place, "unknown-country", f"no holidays are known of {quoted(country.text)}", hint)
        return None
    parts = holidays.country_holidays(country.text).subdivisions
    if part is not None and part.text not in parts:
        message = f"{quoted(part.text)} is no part of {country.text} with holidays of its own"
        otherwise = f"the parts are {listed(parts)}" if parts else "remove subdiv"
        findings.error(part.place, "unknown-subdiv", message, findings.nearest(part.text, parts, otherwise))
        return None
    return set(holidays.country_holidays(country.text, subdiv=part.text if part else None, years=years))
