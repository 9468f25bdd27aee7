"""A site with one of everything, to be varied by one plan and one tariff."""

from decimal import Decimal

from delcia.core.model import (
    Account,
    Band,
    Battery,
    Charger,
    Control,
    Days,
    InBands,
    Plan,
    Site,
    Span,
    Tariff,
    ToSoc,
    Vehicle,
    When,
)

SPRING = Vehicle(
    name="spring",
    model="spring-26",
    battery=Battery(usable_kwh=24.8, ac_1phase_kw=6.6, ac_3phase_kw=0, overhead_kw=0.25),
    control=Control(start=True, stop=True, soc_limit=False),
    hold=True,
    minimum_soc_pct=20,
)
SOCKET = Charger("socket", 2.3)


def span(text: str) -> Span:
    """Return the span of `22:00-06:00`."""
    begin, end = (int(part[:2]) * 60 + int(part[3:]) for part in text.split("-"))
    return Span(begin, end if end > begin else end + 1440)


def band(name: str, *spans: str, days: Days | None = None, price: str = "0.15") -> Band:
    """Return a band of a tariff; without spans it lasts all day."""
    return Band(name, Decimal(price), tuple(span(text) for text in spans), days or Days())


def tariff(*bands: Band, zone: str = "Europe/Paris", name: str = "edf") -> Tariff:
    """Return a tariff of these bands and one that holds whenever they do not."""
    return Tariff(name, zone, "EUR", (*bands, band("peak", price="0.2065")))


EDF = tariff(band("off-peak", "01:38-06:38", "12:38-14:38"))


def plan(
    when: When | None = None, *, name: str = "nights", days: Days | None = None, ready_by_min: int | None = None
) -> Plan:
    """Return a plan for the Spring at the socket."""
    return Plan(
        name=name,
        vehicle="spring",
        charger="socket",
        target=ToSoc(80),
        when=when or InBands("edf", ("off-peak",)),
        days=days or Days(),
        ready_by_min=ready_by_min,
    )


def site(*plans: Plan, timezone: str = "Europe/Paris", tariff: Tariff = EDF) -> Site:
    """Return the site of these plans."""
    return Site(
        timezone=timezone,
        vehicles={"spring": SPRING},
        chargers={"socket": SOCKET},
        tariffs={tariff.name: tariff},
        plans={plan.name: plan for plan in plans},
        accounts={"default": Account("default")},
    )
