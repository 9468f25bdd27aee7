"""What 0.1 left on hosts is read by this delcia as 0.1 meant it: files that its own code made, never edited."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from delcia.compile.generation import dump, is_of_0_1, load
from delcia.core.codec import from_data
from delcia.core.model import Once, ToSoc
from delcia.core.state import Boost, Loan, Memory, Override, Pause, Trip
from delcia.host.notifying import telling_of
from delcia.host.paths import Paths
from delcia.host.settings import switch_of
from delcia.host.syncing import sync_of
from delcia.store.connection import Store
from delcia.store.memory import memory_of
from delcia.store.opening import open_readonly

LEFT = Path(__file__).parents[1] / "data/from-0.1"
HOST_FILE = LEFT / "host/etc/delcia/host.yaml"


def state(name: str) -> Store:
    """Open what a host of 0.1 remembered."""
    return open_readonly(LEFT / name / "var/lib/delcia/state/delcia.db")


def test_a_held_car_is_still_held() -> None:
    with closing(state("held")) as store:
        memory = memory_of(store, "spring")
    assert memory.command is not None
    assert (memory.command.kind, memory.command.reason) == ("stop", "hold")
    assert memory.stop_confirmed_at == memory.command.confirmed_at


@pytest.mark.parametrize(("name", "what", "before"), [("limit", "limit", "25-90"), ("programmes", "programmes", None)])
def test_what_is_to_be_given_back_is_known(name: str, what: str, before: str | None) -> None:
    with closing(state(name)) as store:
        (loan,) = memory_of(store, "spring").loans
    assert isinstance(loan, Loan)
    assert (loan.what, loan.left) == (what, False)
    assert before is None or loan.before == before


@pytest.mark.parametrize(
    ("word", "kind"),
    [("boost", Boost), ("start", Boost), ("stop", Pause), ("pause", Pause), ("resume", type(None)), ("trip", Trip)],
)
def test_a_persons_word_still_counts(word: str, kind: type[Override]) -> None:
    memory = from_data(json.loads((LEFT / f"memory/{word}.json").read_text(encoding="utf-8")))
    assert isinstance(memory, Memory)
    assert isinstance(memory.override, kind)
    assert word != "stop" or memory.override == Pause(memory.override.asked_at, stop=True)


@pytest.mark.parametrize("name", ["held/var/lib/delcia", "limit/var/lib/delcia", "programmes/var/lib/delcia", "rich"])
def test_a_generation_is_read(name: str) -> None:
    text = (LEFT / name / "generations/1/plans.json").read_text(encoding="utf-8")
    site = load(text)
    assert (is_of_0_1(text), is_of_0_1(dump(site))) == (True, False)
    plan = site.plans["nights"]
    assert isinstance(plan.target, ToSoc)
    if name == "rich":
        assert sorted(site.plans) == ["evenings", "holiday", "nights", "own", "winter"]
        assert isinstance(site.plans["holiday"].when, Once)


def test_the_settings_of_the_host_are_read() -> None:
    telling, sync = telling_of(HOST_FILE), sync_of(HOST_FILE)
    assert telling is not None
    assert sync is not None
    assert sync.branch == "main"
    assert switch_of(Paths.system(LEFT / "host"), "relay").name == "relay"
