"""Wanted, written and present files compared: every combination, and what each means."""

from typing import assert_never

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delcia.core.changes import Artifact, Change, Changes, Create, Delete, Drift, Keep, Update, compare, digest

MARKED, NEWER, FOREIGN = "# X-Delcia: plan=a\nold\n", "# X-Delcia: plan=a\nnew\n", "[Timer]\n"
NAME = "delcia-plan-a.timer"

TABLE = [
    # wanted, as last written, on disk, what follows
    (NEWER, None, None, Create(Artifact(NAME, NEWER))),
    (NEWER, MARKED, None, Create(Artifact(NAME, NEWER), Drift.DELETED)),
    (NEWER, NEWER, NEWER, Keep(Artifact(NAME, NEWER))),
    (NEWER, MARKED, NEWER, Keep(Artifact(NAME, NEWER))),
    (NEWER, None, NEWER, Keep(Artifact(NAME, NEWER))),
    (NEWER, MARKED, MARKED, Update(Artifact(NAME, NEWER), MARKED)),
    (NEWER, NEWER, MARKED, Update(Artifact(NAME, NEWER), MARKED, Drift.EDITED)),
    (NEWER, NEWER, FOREIGN, Update(Artifact(NAME, NEWER), FOREIGN, Drift.EDITED)),
    (NEWER, None, MARKED, Update(Artifact(NAME, NEWER), MARKED, Drift.UNRECORDED)),
    (NEWER, None, FOREIGN, None),
    (None, MARKED, MARKED, Delete(NAME, MARKED)),
    (None, MARKED, FOREIGN, Delete(NAME, FOREIGN, Drift.EDITED)),
    (None, MARKED, None, Delete(NAME, None, Drift.DELETED)),
]


@pytest.mark.parametrize(("wanted", "written", "present", "change"), TABLE)
def test_a_file_is_judged_by_what_is_wanted_what_was_written_and_what_is_there(
    wanted: str | None, written: str | None, present: str | None, change: Change | None
) -> None:
    found = compare(
        [] if wanted is None else [Artifact(NAME, wanted)],
        {} if written is None else {NAME: digest(written)},
        {NAME: present},
    )
    assert found.changes == (() if change is None else (change,))
    assert found.foreign == ((NAME,) if change is None else ())


def test_a_marked_file_that_nobody_asked_about_is_left_alone() -> None:
    found = compare([], {}, {NAME: MARKED})
    assert found == Changes(())
    assert found.to_make == found.drifted == ()


@pytest.mark.parametrize("name", ["", "../cron", "a/b", ".hidden", "a\0b"])
def test_the_name_of_an_artifact_cannot_leave_its_folder(name: str) -> None:
    with pytest.raises(ValueError, match="not a file name"):
        Artifact(name, "")


names = st.sampled_from(["a", "b", "c"])
texts = st.sampled_from([MARKED, NEWER, FOREIGN])


@given(
    st.dictionaries(names, st.sampled_from([MARKED, NEWER])),
    st.dictionaries(names, texts.map(digest)),
    st.dictionaries(names, texts),
)
def test_after_the_changes_there_is_nothing_to_change(
    wanted: dict[str, str], owned: dict[str, str], disk: dict[str, str]
) -> None:
    artifacts = [Artifact(name, text) for name, text in wanted.items()]
    found = compare(artifacts, owned, disk)
    after = dict(disk)
    for change in found.changes:
        match change:
            case Create() | Update() | Keep():
                after[change.name] = change.artifact.text
            case Delete():
                after.pop(change.name, None)
            case _:
                assert_never(change)
    untouched = {name: text for name, text in disk.items() if name not in {change.name for change in found.changes}}
    assert {name: text for name, text in after.items() if name in untouched} == untouched
    if not found.foreign:
        again = compare(artifacts, {artifact.name: artifact.sha256 for artifact in artifacts}, after)
        assert not again.to_make
        assert not again.foreign
