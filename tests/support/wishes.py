"""Whatever a person may wish of a plan, for tests of laws."""

from hypothesis import strategies as st

from delcia.core.model import Duration, Energy, InBands, InWindows, Span, StartAt, ToSoc
from delcia.editing.wish import Cheapest, Wish

SPANS = st.builds(
    lambda begin, length: Span(begin, begin + length), st.integers(0, 1439), st.integers(1, 1439)
) | st.just(Span(0, 1440))
TIMES = st.one_of(
    st.builds(Cheapest, st.just("edf")),
    st.builds(InBands, st.just("edf"), st.sampled_from([("off-peak",), ("peak",), ("peak", "off-peak")])),
    st.builds(
        InWindows, st.lists(SPANS, min_size=1, max_size=3, unique=True).map(tuple), st.sampled_from([None, "edf"])
    ),
    st.builds(StartAt, st.integers(0, 1439), st.sampled_from([None, "edf"])),
)
WISHES = st.builds(
    Wish,
    vehicle=st.just("spring"),
    charger=st.just("socket"),
    target=st.one_of(
        st.builds(ToSoc, st.integers(1, 100)),
        st.builds(Energy, st.sampled_from([0.5, 7.125, 10.0, 123.45678, 199.9])),
        st.builds(Duration, st.integers(1, 1440)),
    ),
    when=TIMES,
    weekdays=st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
    ready_by_min=st.none() | st.integers(0, 1439),
    policy=st.sampled_from(["asap", "late", "cheapest"]),
    guarantee=st.booleans(),
    enabled=st.booleans(),
)
