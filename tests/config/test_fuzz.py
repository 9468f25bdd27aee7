"""Whatever a file holds, loading ends soon and in words."""

import random
import tempfile
import time
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from support.plans import NOW, SMALLEST

from delcia.config import load

WORDS = SMALLEST.replace("\n", " \n ").split(" ")
MARKS = [*"[]{},|>#'%\t\0é", '"', "&a", "*a", "<<", "? ", ": ", "- ", "!!x", "---"]


def judge(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "home.yaml").write_bytes(data)
        began = time.process_time()  # not the clock: other tests run beside it
        loaded = load(Path(folder), NOW)
        assert time.process_time() - began < 2
    assert (loaded.site is None) == any(problem.level == "error" for problem in loaded.problems)
    for problem in loaded.problems:
        assert problem.line >= 1
        assert problem.column >= 1
        assert problem.text().isprintable() or problem.text().replace("\n    hint: ", "").isprintable()
    assert list(loaded.problems) == sorted(loaded.problems)


@given(st.binary(max_size=300))
@settings(max_examples=100, database=None)
def test_any_bytes(data: bytes) -> None:
    judge(data)


@given(st.text(max_size=300))
@settings(max_examples=100, database=None)
def test_any_text(text: str) -> None:
    judge(text.encode("utf-8", "surrogatepass"))


@given(st.lists(st.sampled_from([*WORDS, *MARKS, "\n", "\n  ", " "]), max_size=80))
@settings(max_examples=200, database=None)
def test_any_heap_of_yaml(parts: list[str]) -> None:
    judge(" ".join(parts).encode())


@given(st.randoms(use_true_random=False), st.integers(1, 6))
@settings(max_examples=200, database=None)
def test_a_plan_with_a_few_characters_changed(chance: random.Random, count: int) -> None:
    text = list(SMALLEST)
    for _ in range(count):
        spot = chance.randrange(len(text))
        text[spot] = chance.choice(["", " ", "\n", ":", "-", "0", "9", "a", *MARKS])
    judge("".join(text).encode())
