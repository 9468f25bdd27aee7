"""Off-peak hours as bills of six languages have them: understood, or refused by the word that is not."""

import pytest

from delcia.config.bill import Bill, OffPeak, bill_of

WORK, END = ("mon", "tue", "wed", "thu", "fri"), ("sat", "sun")
NIGHT = "22:00-06:00"


def every_day(*spans: str) -> tuple[OffPeak, ...]:
    return (OffPeak(spans),)


@pytest.mark.parametrize(
    ("words", "hours"),
    [
        ("HC (1H38-6H38;12H38-14H38)", every_day("01:38-06:38", "12:38-14:38")),
        ("HC (1H38-6H38;12H38-14H38) HP (6H38-12H38;14H38-1H38)", every_day("01:38-06:38", "12:38-14:38")),
        ("HP (6H38-12H38;14H38-1H38) HC (1H38-6H38;12H38-14H38)", every_day("01:38-06:38", "12:38-14:38")),
        ("HC 22H30-6H30", every_day("22:30-06:30")),
        ("(0H00-8H00)", every_day("00:00-08:00")),
        ("22H00-24H00", every_day("22:00-24:00")),
        ("0h-24h", every_day("00:00-24:00")),
        ("22h-6h", every_day(NIGHT)),
        ("22-6", every_day(NIGHT)),
        ("22:30 à 06:30", every_day("22:30-06:30")),
        ("de 23h12 à 6h42 et de 12h40 à 13h10", every_day("23:12-06:42", "12:40-13:10")),
        ("00:30-05:30", every_day("00:30-05:30")),
        ("22.00\u201306.00, 12.30\u201314.00", every_day(NIGHT, "12:30-14:00")),
        ("22h\u00a0\u2013\u00a06h", every_day(NIGHT)),
        ("22h\u22126h", every_day(NIGHT)),
        ("22h\u20116h", every_day(NIGHT)),
        ("HC\u202f: 22h30\u2009\u2014\u20096h30", every_day("22:30-06:30")),
        ("Heures creuses de minuit à 6h", every_day("00:00-06:00")),
        ("de 20h à minuit", every_day("20:00-24:00")),
        ("entre 22h et 6h", every_day(NIGHT)),
        ("22h-6h HC, 6h-22h HP", every_day(NIGHT)),
        ("22h-6h tous les jours", every_day(NIGHT)),
        ("22h-6h 7j/7", every_day(NIGHT)),
        ("HP 7H-23H", every_day("23:00-07:00")),
        ("Peak 16:00-19:00", every_day("19:00-16:00")),
        ("HP 6h-12h, 14h-22h", every_day("12:00-14:00", NIGHT)),
        ("between 23:00 and 7:00", every_day("23:00-07:00")),
        ("11pm to 7am", every_day("23:00-07:00")),
        ("Off-peak: 12:30am - 5:30am", every_day("00:30-05:30")),
        ("midnight until 7am", every_day("00:00-07:00")),
        ("Night rate 00:30 to 07:30", every_day("00:30-07:30")),
        ("Niedertarif 22.00 Uhr bis 6.00 Uhr", every_day(NIGHT)),
        ("NT von 22 bis 6 Uhr, HT von 6 bis 22 Uhr", every_day(NIGHT)),
        ("daluren 23u-7u", every_day("23:00-07:00")),
        ("laag tarief van 21:00 tot 07:00 uur", every_day("21:00-07:00")),
        ("horas valle de 0:00 a 8:00", every_day("00:00-08:00")),
        ("valle de medianoche a 8h", every_day("00:00-08:00")),
        ("F3 23-7", every_day("23:00-07:00")),
        ("fuori punta dalle ore 19:00 alle ore 8:00", every_day("19:00-08:00")),
    ],
)
def test_hours_of_every_day(words: str, hours: tuple[OffPeak, ...]) -> None:
    assert bill_of(words) == Bill(hours)


@pytest.mark.parametrize(
    ("words", "hours"),
    [
        ("lun-ven 22h-6h", (OffPeak((NIGHT,), WORK),)),
        ("22h-6h lun-ven", (OffPeak((NIGHT,), WORK),)),
        ("22h-6h + WE", (OffPeak((NIGHT,)), OffPeak((), END))),
        ("HC 22h-6h et tout le week-end", (OffPeak((NIGHT,)), OffPeak((), END))),
        ("samedi et dimanche 24h/24 ; lundi au vendredi 22h-6h", (OffPeak((), END), OffPeak((NIGHT,), WORK))),
        ("sam, dim", (OffPeak((), END),)),
        ("HC 22h-6h, mercredis", (OffPeak((NIGHT,)), OffPeak((), ("wed",)))),
        ("week-end 0h-8h", (OffPeak(("00:00-08:00",), END),)),
        ("Mon to Fri 23:00-07:00, weekends all day", (OffPeak(("23:00-07:00",), WORK), OffPeak((), END))),
        ("Mo-Fr 22-6 Uhr, Sa und So ganztägig", (OffPeak((NIGHT,), WORK), OffPeak((), END))),
        ("HT Mo-Fr 6-22 Uhr", (OffPeak(("00:00-06:00", "22:00-24:00"), WORK), OffPeak((), END))),
        ("dal: ma t/m vr 23:00-07:00, weekend", (OffPeak(("23:00-07:00",), WORK), OffPeak((), END))),
        ("de lunes a viernes de 0 a 8 h, fines de semana", (OffPeak(("00:00-08:00",), WORK), OffPeak((), END))),
        ("dal lunedì al venerdì dalle 23 alle 7", (OffPeak(("23:00-07:00",), WORK),)),
        ("F1 lun-ven 8-19", (OffPeak(("00:00-08:00", "19:00-24:00"), WORK), OffPeak((), END))),
        ("ven-lun 20h-23h", (OffPeak(("20:00-23:00",), ("mon", "fri", "sat", "sun")),)),
        (
            "été 12h40-15h40 et 1h42-6h42 ; hiver 23h12-6h42",
            (
                OffPeak(("12:40-15:40", "01:42-06:42"), (), ("04-01", "10-31")),
                OffPeak(("23:12-06:42",), (), ("11-01", "03-31")),
            ),
        ),
        (
            "summer 1am-6am; winter 0:00-5:00",
            (OffPeak(("01:00-06:00",), (), "summer-time"), OffPeak(("00:00-05:00",), (), "standard-time")),
        ),
    ],
)
def test_days_week_ends_and_seasons_are_kept(words: str, hours: tuple[OffPeak, ...]) -> None:
    assert bill_of(words) == Bill(hours)


@pytest.mark.parametrize(
    ("words", "clock"),
    [
        ("off-peak 00:30-05:30 GMT", "utc"),
        ("Economy 7: 00:30-07:30 (UTC)", "utc"),
        ("22h-6h heure d\u2019hiver toute l'année", "standard"),
        ("22-6 Uhr Winterzeit", "standard"),
        ("dalle 23 alle 7 ora solare", "standard"),
    ],
)
def test_the_clock_of_the_meter_is_kept(words: str, clock: str) -> None:
    assert bill_of(words).clock == clock


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("", "write hours"),
        ("HC", "write hours"),
        ("22", "'22' is not understood"),
        ("25h-6h", "25:00 is not a time of day"),
        ("22h60-6h", "22:60 is not a time of day"),
        ("24h30-6h", "24:30 is not a time of day"),
        ("22h-22h", "'22h-22h' has no length"),
        ("1h38-6h38 et 3", "'3' is not understood"),
        ("8pm-7", "say am or pm for both"),
        ("13pm-7am", "13 pm is not a time of day"),
        ("22h-6h sauf dimanche", "'sauf' takes days away"),
        ("every day except sunday 22-6", "'except' takes days away"),
        ("HC 22h-6h, jours fériés", "'jours feries' has no dates"),
        ("valle 0-8, festivos", "'festivos' has no dates"),
        ("Werktags 22-6 Uhr", "'werktags' means other days"),
        ("giorni feriali 23-7", "'giorni feriali' means other days"),
        ("HC 22h-6h HP 5h-22h", "05:00 is off-peak and peak"),
        ("HP 0h-24h", "no hour is left"),
        ("hiver HP 7h-23h", "name the off-peak hours of each season"),
        ("22h-6h en semaine et week-end", "say days before their hours"),
        ("22h-6h, 12h-14h lun-ven", "say days before their hours"),
        ("22h-6h GMT heure d'hiver", "one clock"),
        ("du 1er avril au 31 octobre 12h-15h", "'1er' is not understood"),
        ("Tempo rouge 22h-6h", "'tempo' is not understood"),
        ("lun-we 22h-6h", "are no days"),
        ("tous les jours", "'tous les jours' has no hours"),
    ],
)
def test_what_is_not_understood_is_named_and_refused(words: str, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        bill_of(words)
