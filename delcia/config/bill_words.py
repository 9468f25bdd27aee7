"""The words of electricity bills in French, English, German, Dutch, Spanish and Italian, and their meaning.

A word that is not in these tables is refused by name: a condition that is overlooked would charge at the wrong price.
"""

from collections.abc import Mapping
from typing import Literal

Label = Literal["off-peak", "peak"]
Season = tuple[str, str] | str

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WORKING, _WEEK_END = DAYS[:5], DAYS[5:]
_NAMES = (
    "lun lundi mon monday mo montag ma maandag lunes lunedi",
    "mar mardi tue tues tuesday di dienstag dinsdag martes martedi",
    "mer mercredi wed wednesday mi mittwoch wo woensdag mie miercoles mercoledi",
    "jeu jeudi thu thur thurs thursday donnerstag donderdag jue jueves gio giovedi",
    "ven vendredi fri friday fr freitag vr vrijdag vie viernes venerdi",
    "sam samedi sat saturday sa samstag sonnabend za zaterdag sab sabado sabato",
    "dim dimanche sun sunday so sonntag zo zondag dom domingo domenica",
)
DAY_WORDS: Mapping[str, tuple[str, ...]] = {
    **{word: (day,) for day, words in zip(DAYS, _NAMES, strict=True) for word in words.split()},
    **{
        f"{plural}s": (day,)
        for day, words in zip(DAYS, _NAMES, strict=True)
        for plural in words.split()
        if plural.endswith(("day", "di", "che", "tag", "dag"))
    },
    **dict.fromkeys(
        (
            *("we", "week-end", "week-ends", "weekend", "weekends", "wochenende", "am wochenende", "fin de semana"),
            *("fines de semana", "fine settimana", "in het weekend"),
        ),
        _WEEK_END,
    ),
    **dict.fromkeys(
        (
            *("en semaine", "semaine", "jours de semaine", "weekday", "weekdays", "wochentags", "doordeweeks"),
            *("doordeweekse dagen", "dias laborables", "entre semana", "giorni feriali infrasettimanali"),
        ),
        _WORKING,
    ),
    **dict.fromkeys(
        (
            *("tous les jours", "chaque jour", "toute la semaine", "7j/7", "7 jours sur 7", "every day", "daily"),
            *("all week", "taglich", "jeden tag", "elke dag", "dagelijks", "todos los dias", "tutti i giorni"),
        ),
        (),
    ),
}
"""Days by their words, without accents; no days: every day. `werktags` is not here: Saturday is one, for some."""

LABELS: Mapping[str, Label] = {
    **dict.fromkeys(
        (
            *(
                "hc",
                "heures creuses",
                "heure creuse",
                "creuses",
                "off-peak",
                "off peak",
                "offpeak",
                "night",
                "night rate",
            ),
            *(
                "cheap",
                "cheap rate",
                "low rate",
                "economy 7",
                "eco 7",
                "nt",
                "niedertarif",
                "niedrigtarif",
                "nebentarif",
            ),
            *(
                "nachttarif",
                "schwachlast",
                "schwachlastzeit",
                "nachtstrom",
                "dal",
                "daluren",
                "daltarief",
                "laagtarief",
            ),
            *("laag tarief", "nachttarief", "valle", "horas valle", "hora valle", "periodo valle", "p3", "f3", "f23"),
            *("fascia f3", "fascia f23", "ore vuote", "ore fuori punta", "fuori punta"),
        ),
        "off-peak",
    ),
    **dict.fromkeys(
        (
            *("hp", "heures pleines", "heure pleine", "pleines", "peak", "on-peak", "peak rate", "day rate", "ht"),
            *("hochtarif", "haupttarif", "tagtarif", "tagstrom", "piek", "piekuren", "piektarief", "normaal"),
            *("normaaltarief", "normaal tarief", "hoogtarief", "hoog tarief", "dagtarief", "punta", "horas punta"),
            *("hora punta", "llano", "horas llano", "p1", "p2", "f1", "fascia f1", "ore piene", "ore di punta"),
        ),
        "peak",
    ),
}

SEASONS: Mapping[str, Season] = {
    # The French reform of 2025-2027 (Enedis, TURPE 7) has dates of its own; elsewhere the clock says the season.
    **dict.fromkeys(("ete", "en ete", "saison haute ete", "periode ete"), ("04-01", "10-31")),
    **dict.fromkeys(("hiver", "en hiver", "periode hiver"), ("11-01", "03-31")),
    **dict.fromkeys(("summer", "in summer", "sommer", "im sommer", "zomer", "verano", "estate"), "summer-time"),
    **dict.fromkeys(("winter", "in winter", "im winter", "invierno", "inverno"), "standard-time"),
}

UTC_WORDS = frozenset({"gmt", "utc", "ut", "temps universel", "gmt all year", "gmt all year round"})
STANDARD_WORDS = frozenset(
    {"heure d'hiver", "heure d'hiver toute l'annee", "winterzeit", "ganzjahrig winterzeit", "wintertijd"}
    | {"standard time", "standard time all year", "hora de invierno", "ora solare"}
)
"""A meter whose clock ignores summer time: always on UTC, or always on the zone's standard time."""

ALL_DAY = frozenset(
    {"24h/24", "24/24", "24h sur 24", "toute la journee", "journee entiere", "all day", "24 hours", "ganztags"}
    | {"ganztagig", "den ganzen tag", "hele dag", "de hele dag", "todo el dia", "tutto il giorno", "24 ore"}
)

MOMENTS: Mapping[str, str] = {
    **dict.fromkeys(("minuit", "midnight", "mitternacht", "middernacht", "medianoche", "mezzanotte"), "24:00"),
    **dict.fromkeys(("midi", "noon", "mittags", "mediodia", "mezzogiorno"), "12:00"),
}

_HOLIDAYS = "has no dates on a bill: leave it out, then name a calendar in the band's days (docs/reference.md)"
_WORKING_DAYS = "means other days from bill to bill: say which, as in lun-ven or mon-fri"
_BUT = "takes days away: say those that count, as in lun-sam or mon-sat"
REFUSED: Mapping[str, str] = {
    **dict.fromkeys(
        (
            *("jours feries", "jour ferie", "feries", "ferie", "public holidays", "bank holidays", "holidays"),
            *("feiertage", "feiertags", "feiertagen", "feestdagen", "festivos", "festivi", "fiestas"),
        ),
        _HOLIDAYS,
    ),
    **dict.fromkeys(
        (
            *("jours ouvres", "jours ouvrables", "working days", "werktags", "werktage", "werktagen", "werkdagen"),
            *("giorni feriali", "giorni lavorativi", "dias habiles"),
        ),
        _WORKING_DAYS,
    ),
    **dict.fromkeys(
        ("sauf", "hors", "excepte", "except", "excluding", "ausser", "behalve", "excepto", "salvo", "eccetto"), _BUT
    ),
}
"""What is understood, and cannot be taken from a bill; why not, and the way out."""

ALSO = frozenset({"et", "and", "und", "en", "y", "e", "plus", "sowie", "ainsi que", "as well as"})
"""They join, so they also part: `22h-6h et week-end`."""

TO = ("a", "au", "to", "till", "until", "bis", "tot", "t/m", "hasta", "al", "alle", "alle ore", "jusqu'a", "a las")

_IGNORED = (
    "de du des le la les l d from on the at of von vom der die das den um am im ab van vanaf op om dalle dal della ore",
    "los las el del desde i il gli tutti tout tous toute toutes ganz hele todo todos all whole heures heure hours hour",
    "horas hora uren uur uhr tarif tarief tarifa tariffa option rate rates time times plage plages horaires horaire",
)
IGNORED = frozenset(word for line in _IGNORED for word in line.split())
