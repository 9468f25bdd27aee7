"""What the logs keep, in which order they give it back, and what they drop."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from delcia.core.sessions import PastSession
from delcia.core.state import Boost, Charge, Command, Owner, Pause, Plug, Reading
from delcia.store.budget import calls_left, calls_since, circuit_open_until, count_call, open_circuit
from delcia.store.connection import Store, rows
from delcia.store.log import (
    LoggedCommand,
    LoggedDecision,
    LoggedOverride,
    last_commands,
    last_decisions,
    last_overrides,
    last_readings,
    log_command,
    log_decision,
    log_override,
    log_reading,
)
from delcia.store.notices import (
    clear_notice,
    clear_notices,
    mark_sent,
    open_notices,
    pending_notices,
    queue_notice,
    shown_notices,
    withdraw_notices,
)
from delcia.store.opening import open_store
from delcia.store.pruning import prune
from delcia.store.sessions import log_session, sessions_between

T = datetime(2026, 11, 24, 0, 38, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def store() -> Iterator[Store]:
    """Return an empty store in memory."""
    with closing(open_store(None)) as opened:
        yield opened


def test_readings_come_back_newest_first_and_once_each(store: Store) -> None:
    first = Reading(T, T - MINUTE, Plug.PLUGGED, Charge.CHARGING, 52.5, 130)
    second = Reading(T + 10 * MINUTE, T - MINUTE)
    for reading in (first, second, second):
        log_reading(store, "spring", reading)
    log_reading(store, "zoe", first)
    assert last_readings(store, "spring", 5) == (second, first)
    assert last_readings(store, "spring", 1) == (second,)


def test_a_command_is_one_row_from_sending_to_confirmation(store: Store) -> None:
    command = Command("stop", T, "target reached")
    log_command(store, "spring", command, "sent")
    assert last_commands(store, "spring", 5) == (LoggedCommand("spring", "stop", T, "target reached", "sent"),)
    log_command(store, "spring", replace(command, confirmed_at=T + MINUTE), "confirmed")
    (logged,) = last_commands(store, "spring", 5)
    assert (logged.outcome, logged.confirmed_at) == ("confirmed", T + MINUTE)


def test_only_a_changed_decision_is_written(store: Store) -> None:
    idle = LoggedDecision("spring", T, "waiting for 01:38", "none", wanted=False)
    charging = LoggedDecision("spring", T + HOUR, "charging until 06:38", "start", wanted=True)
    written = [
        log_decision(store, idle),
        log_decision(store, replace(idle, at=T + MINUTE)),
        log_decision(store, charging),
        log_decision(store, replace(idle, vehicle="zoe")),
        log_decision(store, replace(idle, at=T + 2 * HOUR)),
    ]
    assert written == [True, False, True, True, True]
    assert last_decisions(store, "spring", 5) == (replace(idle, at=T + 2 * HOUR), charging, idle)


def test_what_persons_asked_for_is_kept_in_order(store: Store) -> None:
    boost = Boost(T, T + 12 * HOUR, to_soc_pct=90)
    for at, override in ((T, boost), (T + HOUR, Pause(T + HOUR)), (T + 2 * HOUR, None)):
        log_override(store, "spring", at, override)
    assert last_overrides(store, "spring", 2) == (
        LoggedOverride("spring", T + 2 * HOUR, None),
        LoggedOverride("spring", T + HOUR, Pause(T + HOUR)),
    )


def test_sessions_that_overlap_a_span_are_given_oldest_first(store: Store) -> None:
    session = PastSession("spring", Owner.DELCIA, T, T + HOUR, "off-peak", "nights", "socket", 40.0, 48.0, 2.3)
    later = replace(session, began_at=T + DAY, ended_at=T + DAY + HOUR)
    for item in (later, session, replace(session, vehicle="zoe"), replace(session, ended_at=T + 2 * HOUR)):
        log_session(store, item)
    longer = replace(session, ended_at=T + 2 * HOUR)
    assert sessions_between(store, "spring", T, T + 2 * DAY) == (longer, later)
    assert sessions_between(store, "spring", T + HOUR, T + DAY) == (longer,)
    assert sessions_between(store, "spring", T + 2 * HOUR, T + DAY) == ()


def test_what_is_over_before_it_was_said_is_not_said(store: Store) -> None:
    for vehicle, slug in (("spring", "not-logged-in"), ("spring", "ignored"), ("zoe", "not-logged-in")):
        assert queue_notice(store, vehicle, slug, "words", T)
    withdraw_notices(store, "spring", "not-logged-in")
    assert [(notice.vehicle, notice.slug) for notice in pending_notices(store)] == [
        ("spring", "ignored"),
        ("zoe", "not-logged-in"),
    ]


def test_a_cause_is_told_once_until_it_is_over(store: Store) -> None:
    assert queue_notice(store, "spring", "stop-ignored", "the car ignored two stops", T)
    assert not queue_notice(store, "spring", "stop-ignored", "the car ignored two stops", T + 23 * HOUR)
    assert not queue_notice(store, "spring", "stop-ignored", "the car ignored two stops", T + 8 * DAY)
    assert queue_notice(store, "zoe", "stop-ignored", "the car ignored two stops", T)
    assert queue_notice(store, "spring", "log-in", "log in again", T)
    first = pending_notices(store)[0]
    mark_sent(store, first, T)
    assert [(n.vehicle, n.slug, n.at) for n in pending_notices(store)] == [
        ("zoe", "stop-ignored", T),
        ("spring", "log-in", T),
    ]
    assert first in open_notices(store)
    clear_notices(store, "spring", T + HOUR, but={"log-in"})
    assert first not in open_notices(store)
    assert first not in shown_notices(store, T + HOUR)
    assert [n.slug for n in shown_notices(store, T + DAY)] == ["stop-ignored", "log-in"]
    assert not queue_notice(store, "spring", "stop-ignored", "it flaps", T + 2 * HOUR)
    assert queue_notice(store, "spring", "stop-ignored", "again", T + DAY)
    assert not queue_notice(store, "spring", "log-in", "log in again", T + DAY)
    clear_notice(store, "spring", "log-in", T + DAY)
    assert queue_notice(store, "spring", "log-in", "log in again", T + DAY)
    assert len(pending_notices(store)) == 4, "what waits to be sent is sent, over or not"
    clear_notices(store, "spring", T + DAY)
    assert not any(notice.vehicle == "spring" for notice in open_notices(store))
    assert [n.at for n in shown_notices(store, T + 2 * DAY) if n.vehicle == "spring"] == [T + DAY] * 2, (
        "untold, and late"
    )
    assert not any(notice.vehicle == "spring" for notice in shown_notices(store, T + 4 * DAY)), "old news"


def test_an_account_has_sixty_calls_an_hour_ten_of_them_for_stops(store: Store) -> None:
    for number in range(50):
        count_call(store, "family", T + number * MINUTE / 10, "read")
    now = T + 5 * MINUTE
    assert calls_since(store, "family", T) == 50
    assert calls_since(store, "family", T + MINUTE) == 40
    assert calls_left(store, "family", now) == 0
    assert calls_left(store, "family", now, for_stop=True) == 10
    assert calls_left(store, "other", now) == 50
    for _ in range(15):
        count_call(store, "family", now, "stop")
    assert calls_left(store, "family", now, for_stop=True) == 0
    assert calls_left(store, "family", T + HOUR + 4 * MINUTE) == 26
    assert calls_left(store, "family", now + HOUR) == 50


def test_calls_counted_by_a_clock_that_was_ahead_do_not_silence_the_car(store: Store) -> None:
    for _ in range(60):
        count_call(store, "family", T + 900 * DAY, "read")
    assert calls_left(store, "family", T) == 50
    count_call(store, "family", T, "read")
    assert calls_since(store, "family", T - DAY) == 1


def test_an_open_circuit_closes_by_itself(store: Store) -> None:
    assert circuit_open_until(store, "family", T) is None
    open_circuit(store, "family", T + 15 * MINUTE)
    assert circuit_open_until(store, "family", T) == T + 15 * MINUTE
    assert circuit_open_until(store, "other", T) is None
    assert circuit_open_until(store, "family", T + 15 * MINUTE) is None
    open_circuit(store, "family", T + 900 * DAY)
    assert circuit_open_until(store, "family", T) is None


def test_old_rows_are_pruned_and_young_ones_kept(store: Store) -> None:
    for days in (500, 399, 0):
        at = T - days * DAY
        log_reading(store, "spring", Reading(at, at))
        log_command(store, "spring", Command("start", at, "off-peak"), "sent")
    for days in (100, 89, 0):
        log_decision(store, LoggedDecision("spring", T - days * DAY, f"{days}", "none", wanted=False))
    log_session(store, PastSession("spring", Owner.CAR, T - 3000 * DAY, T - 2999 * DAY, "plugged in"))
    prune(store, T)
    assert [reading.read_at for reading in last_readings(store, "spring", 9)] == [T, T - 399 * DAY]
    assert [command.sent_at for command in last_commands(store, "spring", 9)] == [T, T - 399 * DAY]
    assert [decision.words for decision in last_decisions(store, "spring", 9)] == ["0", "89"]
    assert len(sessions_between(store, "spring", T - 4000 * DAY, T)) == 1


def test_pruning_with_nothing_to_drop_writes_nothing(store: Store) -> None:
    log_reading(store, "spring", Reading(T - 401 * DAY, T))
    before = store.connection.total_changes
    prune(store, T)
    assert store.connection.total_changes == before
    assert rows(store, "SELECT count(*) FROM readings") == [(1,)]
