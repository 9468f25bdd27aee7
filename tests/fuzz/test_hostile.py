"""Hostile plan files: no crash, no hang, no traceback, and nothing in a unit or crontab but what the plan says.

`DELCIA_FUZZ_S=600 pytest tests/fuzz` looks for longer than the 20 seconds of computing that it takes otherwise, or the
60 that `install.sh --test` gives it.
"""

import os
import re
import tempfile
import time
from itertools import cycle
from pathlib import Path

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from support.command import delcia
from support.hostile import COUNT, STRINGS, bases, corpus, file_name, spots, with_strings
from support.plans import NOW
from support.unit_files import directives

from delcia.compile.crontab import CronSettings
from delcia.compile.crontab import render as crontab
from delcia.compile.generation import dump, load
from delcia.compile.systemd import UnitSettings, render
from delcia.config import load as load_plans
from delcia.core.cronlines import cron_lines
from delcia.core.model import Site
from delcia.core.timetable import live_plans, triggers_of
from delcia.core.triggers import RECONCILE, calendar_text

LONGEST_S = 2.0
SECONDS = float(os.environ.get("DELCIA_FUZZ_S", "20"))
PROGRAM = "/opt/delcia/bin/delcia"
CRON = CronSettings("/etc/cron.d/delcia", PROGRAM, NOW, "Europe/Paris", user="delcia")
RUN = re.compile(rf"delcia\t{PROGRAM} charge (?P<what>\S+) --scheduled --cron 2>&1 \| /usr/bin/logger -t delcia")


def judged(data: bytes, name: str = "home.yaml") -> Site | None:
    """Load a file; it is refused in words, or its artifacts mean the plan."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, name).write_bytes(data)
        began = time.process_time()  # not the clock: other tests run beside it
        loaded = load_plans(Path(folder), NOW)
        if loaded.site is not None:
            means_the_plan(loaded.site)
        assert time.process_time() - began < LONGEST_S
    assert (loaded.site is None) == any(problem.level == "error" for problem in loaded.problems)
    for problem in loaded.problems:
        assert problem.text().replace("\n    hint: ", "").isprintable()
    return loaded.site


def means_the_plan(site: Site) -> None:
    """Read units, crontab and stored plans back, and hold them against what the plans say."""
    assert load(dump(site)) == site
    triggers = {plan.name: triggers_of(site, plan, NOW) for plan in live_plans(site, NOW)}
    triggers = {name: found for name, found in triggers.items() if found}
    assert triggers.keys() <= site.plans.keys()
    units = {item.name: list(directives(item.text)) for item in render(site, UnitSettings(PROGRAM, NOW))}
    own = {"delcia-notify@.service", "delcia-reconcile.service", "delcia-reconcile.timer"}
    assert units.keys() == own | {f"delcia-plan-{name}.{kind}" for name in triggers for kind in ("service", "timer")}
    for name, found in triggers.items():
        timer, service = (units[f"delcia-plan-{name}.{kind}"] for kind in ("timer", "service"))
        calendars = [value for _, key, value in timer if key == "OnCalendar"]
        assert calendars == [calendar_text(trigger) for trigger in found]
        assert [value for _, key, value in timer if key == "Unit"] == [f"delcia-plan-{name}.service"]
        runs = [value for _, key, value in service if key.startswith("Exec")]
        assert runs == [f":{PROGRAM} charge {name} --scheduled"]
        assert [(section, key) for section, key, _ in service] == [
            (section, key) for section, key, _ in units["delcia-reconcile.service"]
        ]
    (artifact,) = crontab(site, CRON)
    jobs = [line.split("\t", 5) for line in artifact.text.split("\n") if line and not line.startswith("#")]
    wanted = [
        [*line.fields.split("\t"), name]
        for name, found in triggers.items()
        for line in cron_lines(found, CRON.zone, NOW)
    ]
    ran = [RUN.fullmatch(job[5]) for job in jobs]
    assert all(ran)
    assert [[*job[:5], match["what"]] for job, match in zip(jobs, ran, strict=True) if match] == [
        *wanted,
        ["*/5", "*", "*", "*", "*", "--all"],
    ]
    assert calendar_text(RECONCILE) in [value for _, _, value in units["delcia-reconcile.timer"]]


def test_hostile_files_are_refused_in_words_or_mean_what_they_say(tmp_path: Path) -> None:
    files = corpus()
    assert len(files) == COUNT
    assert sum(judged(data) is not None for data in files) < COUNT / 2
    (tmp_path / "home.yaml").touch()
    for data in files[::5]:
        (tmp_path / "home.yaml").write_bytes(data)
        ran = delcia("validate", str(tmp_path))
        assert ran.status in {0, 1}
        assert "Traceback" not in ran.stderr


def test_a_sound_plan_means_the_same_in_a_file_of_any_name() -> None:
    texts = cycle([text for text in bases() if judged(text.encode()) is not None])
    sites = [judged(next(texts).encode(), file_name(name)) for name in (*STRINGS, *STRINGS[::-1])]
    assert None not in sites


def test_all_of_them_together_are_told_of_at_their_places(tmp_path: Path) -> None:
    for number, data in enumerate(corpus()):
        (tmp_path / f"p{number}.yaml").write_bytes(data[:10_000])
    ran = delcia("validate", str(tmp_path))
    assert ran.status == 1
    assert "Traceback" not in ran.stderr
    assert len({line.split(":")[0] for line in ran.stdout.splitlines() if not line.startswith(" ")}) > COUNT / 2


@st.composite
def spoiled(draw: st.DrawFn) -> str:
    """Return a sound file with other text in the place of up to three scalars: hostile, any, or its own words."""
    text = draw(st.sampled_from(bases()))
    own = [text[start:end] for start, end in spots(text)]
    words = st.one_of(st.sampled_from(STRINGS), st.text(max_size=40), st.sampled_from(own))
    return with_strings(text, draw(st.dictionaries(st.integers(0, len(own) - 1), words, max_size=3)))


def test_whatever_stands_in_a_plan_file_for_as_long_as_there_is_time() -> None:
    until, seen = time.process_time() + SECONDS, 0

    @settings(
        max_examples=100,
        database=None,
        phases=[Phase.generate, Phase.shrink],
    )
    @given(spoiled(), st.text(max_size=20))
    def look(text: str, name: str) -> None:
        nonlocal seen
        seen += 1
        judged(text.encode("utf-8", "surrogatepass"), file_name(name))

    while time.process_time() < until:
        look()
    assert seen >= 100
