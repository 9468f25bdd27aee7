"""delcia's part of a crontab goes in and comes out; every other byte stays."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from delcia.core.blocks import BEGIN, END, cleared, placed, taken
from delcia.errors import DelciaError

BLOCK = f"{BEGIN}: edit the plans, not these lines\n*/5\t*\t*\t*\t*\tdelcia charge\n{END}\n"
OTHER = BLOCK.replace("*/5", "*/7")
CRONTABS = (
    None,
    "",
    "\n",
    "# mine\n0 1 * * * backup\n",
    "0 1 * * * backup",
    "MAILTO=me\r\n0 1 * * * backup\r\n",
    "0 1 * * * backup\r",
    "".join(f"{line % 60} 1 * * * job {line}\n" for line in range(1000)),
    "\udcff\udcfe 0 1 * * * caf\u00e9\n",
    "0 1 * * * date +\\%F\x0b\x0c\u2028\n",
)
TEXTS = st.one_of(st.sampled_from(CRONTABS), st.text(st.sampled_from("a#* \r\n\x0b\u2028%"), max_size=12))


@given(TEXTS)
def test_what_goes_in_comes_out_and_the_rest_is_as_before(before: str | None) -> None:
    text = placed(before, BLOCK)
    assert taken(text) == BLOCK
    assert text.endswith(BLOCK[-len(END) - 1 :])
    assert cleared(text) == before


@given(TEXTS)
def test_another_block_takes_the_place_of_the_first(before: str | None) -> None:
    text = placed(placed(before, BLOCK), OTHER)
    assert taken(text) == OTHER
    assert text == placed(before, OTHER)
    assert cleared(text) == before


@given(TEXTS, st.text(st.sampled_from("a#* \r\n"), min_size=1, max_size=9))
@example("no end", "mine\n")
def test_what_the_owner_adds_after_it_stays_too(before: str | None, added: str) -> None:
    text = placed(before, BLOCK) + added
    assert taken(text) == BLOCK
    left = cleared(placed(text, OTHER))
    assert left is not None
    assert left in {f"{before or ''}{added}", f"{before}\n{added}"}


def test_the_block_stays_where_the_owner_moved_it() -> None:
    text = f"0 1 * * * first\n{BLOCK}0 2 * * * second"
    assert placed(text, OTHER) == f"0 1 * * * first\n{OTHER}0 2 * * * second"
    assert cleared(text) == "0 1 * * * first\n0 2 * * * second"


def test_a_crontab_without_delcia_has_nothing_to_take() -> None:
    for text in CRONTABS:
        assert taken(text) is None
        assert cleared(text) == text


def test_an_edited_block_is_found_as_it_is_now() -> None:
    edited = BLOCK.replace("*/5", "*/9").replace("\n", "\r\n")
    assert taken(f"x\n{edited}") == edited


@pytest.mark.parametrize(
    "damaged",
    [BLOCK.replace(f"{END}\n", ""), BLOCK.removeprefix(BEGIN), BLOCK + BLOCK, f"{END}\n{BEGIN}\n", f"{BLOCK}{END}\n"],
)
def test_marks_that_do_not_pair_are_refused(damaged: str) -> None:
    for act in (taken, cleared, lambda text: placed(text, BLOCK)):
        with pytest.raises(DelciaError, match="marks of delcia's part are damaged") as caught:
            act(f"0 1 * * * backup\n{damaged}0 2 * * * more\n")
        assert caught.value.slug == "crontab-marks"
