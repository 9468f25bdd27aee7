"""The languages of the panel: each has all texts, and French knows what delcia says."""

import re
import tomllib
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from support.plans import NOW
from support.sentences import sentences

from delcia.cli.panelunits import OUTDATED
from delcia.cli.upgraded import NEWS
from delcia.core.home import HOW
from delcia.core.learned import Learned
from delcia.core.means import describe
from delcia.core.model import Control
from delcia.core.state import Boost, Pause, Trip
from delcia.core.wording import PERSONS, PLAIN
from delcia.panel.tongue import CODES, Tongue, chosen, tongue
from delcia.report.holding import UNCOVERED
from delcia.report.words import LEFT_ALONE, NOT_ENFORCED, OWNERS, PLUGS, basis_words, override_words
from delcia.resources import resource

MODULES = (
    *(
        f"editing/{name}.py"
        for name in ("changes", "checkouts", "homes", "local", "locks", "plan_text", "saving", "upstream")
    ),
    *(f"config/{name}.py" for name in ("checks", "days", "gaps", "means", "never", "plans", "reach", "uncovered")),
    *(f"cli/{name}.py" for name in ("diagnosis", "following", "panelplans", "unwatched")),
    *(f"runtime/{name}.py" for name in ("asking", "calls", "charge", "foreseeing", "job", "lending", "placing")),
    *("core/ahead.py", "car/charger.py", "car/renault/words.py", "panel/asking.py", "panel/plan_form.py"),
)
"""Whose sentences come to the page: what keeps a plan from being saved, problems of plans, findings, notices."""
ENGLISH = re.compile(r"\b(?:the|is|it|its|of|and|to|not|with|by|was|be|been|cannot|has|from|that|this|at|or|in|no)\b")
"""Words without which hardly an English sentence can be."""
FRENCH = tongue("fr")
BOTH = (False, True)
HOMELESS = ("no home is known on this host", "the plans name a home, but not where it is")
SAID = (
    *PLAIN.values(),
    *PERSONS.values(),
    *NOT_ENFORCED.values(),
    *OWNERS.values(),
    *PLUGS.values(),
    LEFT_ALONE,
    UNCOVERED,
    HOW,
    *(f"{why}, so 'spring' is not held: it charges whenever it is plugged in" for why in HOMELESS),
    *(
        f"{before}{words}"
        for before in ("", "plugged in at home, it is ")
        for words in (
            "held, above its target of 80 %: charges again below 78 %",
            "held, at its target of 80 %: charges again below 78 %",
            "held until Tue 01:38",
            "held until a plan wants it",
        )
    ),
    *(
        f"a person started this charge: it goes on until {full}, or its own limit; 'delcia stop spring' ends it"
        for full in ("full", "full, about Tue 03:40")
    ),
    *(
        basis_words(Learned("socket", factor, entries, full_entries=full, clamped=held, listed=listed), own_numbers=own)
        for factor, entries, full, held, listed, own in (
            (1.0, 0, 0, False, 0, True),
            (1.0, 1, 0, False, 0, False),
            (1.08, 5, 2, True, 0, False),
            (0.9, 5, 0, False, 5, False),
            (0.9, 5, 0, False, 2, False),
        )
    ),
    *(
        override_words(override, NOW, NOW.tzinfo or UTC)
        for override in (
            Boost(NOW, NOW, 60),
            Boost(NOW, NOW, minutes=90),
            Boost(NOW, NOW, 60, amps=8),
            Boost(NOW, NOW, minutes=90, amps=8),
            Boost(NOW, NOW, 60, charger="box"),
            Boost(NOW, NOW, minutes=90, charger="box"),
            Pause(NOW),
            Pause(NOW, NOW),
            Pause(NOW, stop=True),
            Pause(NOW, NOW, stop=True),
            Pause(NOW, NOW, skip=True),
            Trip(NOW, NOW, 100),
            Trip(NOW, NOW, 100, NOW),
            Trip(NOW, NOW, 100, NOW, 60),
            Trip(NOW, NOW, 100, amps=8),
            Trip(NOW, NOW, 100, NOW, amps=8),
            Trip(NOW, NOW, 100, minutes=60, amps=8),
        )
    ),
    OUTDATED,
    "the commit 0123456789 has no folder 'plans'",
    "move the plans to a place such as /srv/car, which delcia-panel owns, or name a repository: docs/panel.md",
    "keep the key in /var/lib/delcia-panel",
    "'2026-11-20T06:00' is past",
    "write HH:MM, or YYYY-MM-DDTHH:MM",
    "write a time to come, such as 'sat 06:00'",
    NEWS,
    "stop: asked for; the next charge begins at 01:38",
    "stop: asked for; left alone until unplugged, or 'delcia resume spring'",
    "waiting for the car to do what it was asked; its plans count again from 06:38 on, and none wants it soon",
    "stopped by a person until 22:00; next charge 01:38",
    "stopped by a person until 01:38",
    "its plans rest until 06:38; next charge 12:38",
    "left alone until 22:00; next charge 01:38",
    "nothing to do; next charge 22:39; 100 % by 07:00",
    "nothing to do; next charge 22:39; 60 min by 07:00",
    "nothing to do; next charge 01:38, unless it fails again: the login at Renault has expired",
    "should charge now, but says that it is not at home: left alone; 'delcia boost spring' charges it",
    (
        "what delcia changed in the car could not be given back: the login at Renault has expired; "
        "look in its app, and at its charger"
    ),
    "start until 06:38, then 71 % (target 80 %, off-peak), though it last said that it is not plugged in",
    "start until 06:38 (its minimum is 20 %)",
    "was asked 2 times to start; nothing has been heard of it since",
    "was asked 3 times to start; says that it has ended: a limit of its own?",
    "asked once to charge, though it said at 19:00 that it is not plugged in; not heard of since",
    "Tue 01:38 → 05:28 (05:05–05:51) · 8.8 kWh · 1.39 EUR · 80 % (179 km) at 07:00: misses 100 %",
    "Tue 01:38 → 05:28 · 8.8 kWh · 81 % at the end, late for 07:00",
    "in 2 parts: Tue 01:38–02:00 up to 22 % (minimum), Tue 03:00–05:00",
    *(describe(Control(start, stop, limit)) for start in BOTH for stop in BOTH for limit in BOTH),
)


def texts(code: str) -> dict[str, Any]:
    """Return all texts of a language."""
    with resource("templates", "panel", "texts", f"{code}.toml").open("rb") as file:
        return tomllib.load(file)


def test_every_language_has_the_same_texts_with_the_same_gaps() -> None:
    english, french = (texts(code) for code in CODES)
    for section in ("ui", "fault", "plug", "charge", "owner"):
        assert english[section].keys() == french[section].keys()
        for name, words in english[section].items():
            gaps = {part.partition("}")[0] for part in words.split("{")[1:]}
            assert gaps == {part.partition("}")[0] for part in french[section][name].split("{")[1:]}, name


def test_every_text_is_shown_somewhere() -> None:
    panel = Path(__file__).parents[2]
    files = (*panel.glob("templates/panel/*.j2"), *panel.glob("delcia/panel/*.py"))
    sources = "".join(file.read_text(encoding="utf-8") for file in files)
    computed = ("error_", "said_", "level_")
    keys = [key for key in texts("en")["ui"] if not key.startswith(computed)]
    assert [key for key in keys if not re.search(rf"\bt\.{key}\b|\"{key}\"", sources)] == []


@pytest.mark.parametrize("words", SAID)
def test_french_knows_what_delcia_says(words: str) -> None:
    assert FRENCH.said(words) != words
    assert ENGLISH.findall(FRENCH.said(words)) == []


@pytest.mark.parametrize("module", MODULES)
def test_no_sentence_that_the_panel_may_show_stays_english(module: str) -> None:
    told = {words: ENGLISH.findall(FRENCH.said(words.removeprefix("7: "))) for words in sentences(module)}
    assert told, "it says nothing: is it the right module?"
    assert {words: left for words, left in told.items() if left} == {}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            "charging until 06:38, then 71 % (target 80 %, off-peak)",
            "en charge jusqu'à 06:38, alors 71 % (objectif 80 %, off-peak)",
        ),
        (
            "Tue 01:38 → 05:28 (05:05–05:51) · 8.8 kWh · 1.39 EUR",
            "mar. 01:38 → 05:28 (05:05–05:51) · 8,8 kWh · 1,39 EUR",
        ),
        ("Tue 2026-12-01 06:00", "mar. 2026-12-01 06:00"),
        (
            "start: for 90 min, until Tue 08:05 or unplugged",
            "charge pendant 90 min, jusqu'à mar. 08:05 ou au débranchement",
        ),
        ("something new", "something new"),
        ("{} {0} {x}", "{} {0} {x}"),
        ("stop: held until {0.__class__}", "arrêt : retenue jusqu'à {0.__class__}"),
    ],
)
def test_numbers_days_and_names_keep_their_places(words: str, said: str) -> None:
    assert FRENCH.said(words) == said
    assert tongue("en").said(words) == words


@pytest.mark.parametrize(
    ("accepted", "code"),
    [
        ("fr", "fr"),
        ("fr-CA,en;q=0.8", "fr"),
        ("de,en;q=0.7,fr;q=0.9", "fr"),
        ("en-GB,fr;q=0.9", "en"),
        ("de", "en"),
        ("", "en"),
        (";;;q=x,,fr;q=nonsense", "en"),
    ],
)
def test_the_language_is_the_browsers(accepted: str, code: str) -> None:
    assert chosen(accepted, None).code == code
    assert isinstance(chosen(accepted, "fr"), Tongue)
    assert chosen(accepted, "fr").code == "fr"
