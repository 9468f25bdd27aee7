"""Off-peak hours in the words of an electricity bill, such as `HC (1H38-6H38;12H38-14H38)`.

The text is cut into tokens (hours, days, labels, seasons, clocks); a word without a meaning is refused by its name.
`lun-ven 22h-6h + WE` has two entries: those hours on five days, and two whole days. Where a bill names peak hours
alone, all others are off-peak.
"""

from dataclasses import dataclass, replace

from delcia.config.bill_tokens import HINT, Clock, Token, tokens_of
from delcia.config.bill_words import DAYS, Label, Season
from delcia.core.model import DAY_MIN


@dataclass(frozen=True, slots=True)
class OffPeak:
    """Off-peak hours: spans `HH:MM-HH:MM` (none: the whole day), the days on which they begin (none: every day)."""

    spans: tuple[str, ...]
    days: tuple[str, ...] = ()
    season: Season | None = None


@dataclass(frozen=True, slots=True)
class Bill:
    """What a bill says. `clock`: the meter is on UTC, or on the zone's standard time, all year; None: on the home's."""

    off_peak: tuple[OffPeak, ...]
    clock: Clock | None = None


@dataclass(frozen=True, slots=True)
class _Entry:
    """Hours in minutes of their day, half-open; the whole day without `span`."""

    label: Label | None
    span: tuple[int, int] | None
    days: tuple[str, ...]
    season: Season | None


def bill_of(text: str) -> Bill:
    """Return what a bill says. Raises ValueError, which names what is odd or not understood."""
    tokens = tokens_of(text)
    clocks = {token.clock for token in tokens if token.clock is not None}
    if len(clocks) > 1:
        msg = "the meter has one clock: GMT, or the zone's standard time"
        raise ValueError(msg)
    entries = _entries([token for token in tokens if token.clock is None])
    if not entries:
        raise ValueError(HINT)
    return Bill(_off_peak(entries), next(iter(clocks), None))


def _entries(tokens: list[Token]) -> list[_Entry]:
    """Return what the tokens say, each with its label, days and season."""
    first = next((token.kind for token in tokens if token.kind in {"hours", "label", "all-day"}), None)
    behind = first != "label"
    entries: list[_Entry] = []
    so_far = _Entry(None, None, (), None)
    waiting = ""
    """Days that no hours have followed yet: alone, they are whole days."""
    for number, token in enumerate(tokens):
        if token.kind == "days" and _trails(tokens, number):
            entries[-1] = replace(entries[-1], days=token.days)
            continue
        if waiting and token.kind in {"days", "label", "season", "all-day"}:
            entries.append(_whole(so_far, waiting))
            waiting = ""
        elif token.kind == "all-day":
            entries.append(_whole(so_far, token.text))
        match token.kind:
            case "hours":
                entries.append(replace(so_far, span=token.span))
                waiting = ""
            case "days":
                so_far, waiting = replace(so_far, days=token.days), token.text
            case "label" if behind:
                entries = [entry if entry.label else replace(entry, label=token.label) for entry in entries]
                so_far = replace(so_far, days=())
            case "label":
                so_far = replace(so_far, label=token.label, days=())
            case "season":
                so_far = replace(so_far, season=token.season, days=())
            case _:
                pass
    return [*entries, _whole(so_far, waiting)] if waiting else entries


def _whole(so_far: _Entry, words: str) -> _Entry:
    """Return whole days."""
    if not so_far.days:
        msg = f"'{words}' has no hours; {HINT}"
        raise ValueError(msg)
    return so_far


def _trails(tokens: list[Token], number: int) -> bool:
    """Return whether days stand behind their hours, as in `22h-6h lun-ven`: right behind, and with none to follow."""
    if number == 0 or tokens[number - 1].kind != "hours":
        return False
    later = next((token.kind for token in tokens[number + 1 :] if token.kind != "parting"), None)
    if later != "hours":
        earlier = [token.kind for token in tokens[: number - 1] if token.kind != "parting"]
        if earlier[-1:] == ["hours"] or tokens[number].listed:
            msg = f"'{tokens[number].text}' may belong to several hours, or to none: say days before their hours"
            raise ValueError(msg)
        return True
    return False


def _off_peak(entries: list[_Entry]) -> tuple[OffPeak, ...]:
    peak = [entry for entry in entries if entry.label == "peak"]
    cheap = [entry for entry in entries if entry.label != "peak"]
    if not cheap:
        return _all_but(peak)
    _check_apart(cheap, peak)
    found: dict[tuple[tuple[str, ...], Season | None], list[str]] = {}
    whole: dict[tuple[tuple[str, ...], Season | None], bool] = {}
    for entry in cheap:
        key = entry.days, entry.season
        spans = found.setdefault(key, [])
        whole[key] = whole.get(key, False) or entry.span is None
        if entry.span is not None and (words := _words(entry.span)) not in spans:
            spans.append(words)
    return tuple(OffPeak(() if whole[key] else tuple(spans), *key) for key, spans in found.items())


def _check_apart(cheap: list[_Entry], peak: list[_Entry]) -> None:
    """Refuse a bill on which an hour is both. Seasons apart never meet."""
    for season in {entry.season for entry in (*cheap, *peak)}:
        of_season = [[e for e in group if e.season in {None, season}] for group in (cheap, peak)]
        both = _minutes(of_season[0]) & _minutes(of_season[1])
        if both:
            at = min(both) % DAY_MIN
            msg = f"{at // 60:02}:{at % 60:02} is off-peak and peak"
            raise ValueError(msg)


def _minutes(entries: list[_Entry]) -> set[int]:
    """Return the minutes of the week, from Monday's midnight on, that entries cover."""
    found: set[int] = set()
    for entry in entries:
        begins, ends = entry.span or (0, DAY_MIN)
        for day in entry.days or DAYS:
            start = DAYS.index(day) * DAY_MIN
            found.update((start + minute) % (7 * DAY_MIN) for minute in range(begins, ends))
    return found


def _all_but(peak: list[_Entry]) -> tuple[OffPeak, ...]:
    """Return all hours that are not peak hours."""
    if any(entry.season for entry in peak):
        msg = "name the off-peak hours of each season; peak hours alone are not enough there"
        raise ValueError(msg)
    taken = _minutes(peak)
    by_day: dict[tuple[tuple[int, int], ...], list[str]] = {}
    for number, day in enumerate(DAYS):
        free = [minute not in taken for minute in range(number * DAY_MIN, (number + 1) * DAY_MIN)]
        edges = [at for at in range(DAY_MIN + 1) if (at < DAY_MIN and free[at]) != (at > 0 and free[at - 1])]
        by_day.setdefault(tuple(zip(edges[::2], edges[1::2], strict=True)), []).append(day)
    if list(by_day) == [()]:
        msg = "no hour is left that is off-peak"
        raise ValueError(msg)
    if len(by_day) == 1:
        (spans,) = by_day
        return (OffPeak(tuple(map(_words, _over_midnight(list(spans))))),)
    return tuple(
        OffPeak(() if spans == ((0, DAY_MIN),) else tuple(map(_words, spans)), tuple(days))
        for spans, days in by_day.items()
        if spans
    )


def _over_midnight(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the same spans of every day, one that ends at midnight joined with one that begins there."""
    if len(spans) > 1 and spans[0][0] == 0 and spans[-1][1] == DAY_MIN:
        return [*spans[1:-1], (spans[-1][0], DAY_MIN + spans[0][1])]
    return spans


def _words(span: tuple[int, int]) -> str:
    begins, ends = span
    ends = ends if ends <= DAY_MIN else ends - DAY_MIN
    return f"{begins // 60:02}:{begins % 60:02}-{ends // 60:02}:{ends % 60:02}"
