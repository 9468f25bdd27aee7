"""A plan in a few words, for the description that systemd shows."""

from typing import assert_never

from delcia.core.model import DAY_MIN, InBands, InWindows, Once, Plan, Span, StartAt


def summary(plan: Plan) -> str:
    """Return when a plan charges: `22:30-06:00`, `off-peak of edf, ready by 07:00`."""
    text = _when(plan)
    return text if plan.ready_by_min is None else f"{text}, ready by {_clock(plan.ready_by_min)}"


def _when(plan: Plan) -> str:
    match plan.when:
        case InBands(tariff, bands):
            return f"{', '.join(bands)} of {tariff}"
        case InWindows(spans):
            return ", ".join(_span(span) for span in spans)
        case StartAt(begins_min):
            return f"from {_clock(begins_min)}"
        case Once(begins):
            return f"once, {begins:%Y-%m-%d %H:%M}"
        case _ as never:
            assert_never(never)


def _span(span: Span) -> str:
    end = span.ends_min if span.ends_min == DAY_MIN else span.ends_min % DAY_MIN
    return f"{_clock(span.begins_min)}-{_clock(end)}"


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
