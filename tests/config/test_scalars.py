"""What an unquoted word means: nothing of YAML 1.1's surprises."""

import pytest

from delcia.config.nodes import Value
from delcia.config.scalars import meaning


@pytest.mark.parametrize(
    "word",
    [
        *("22:00", "7:00", "190:20:30", "12:30.5"),
        *("on", "off", "yes", "no", "y", "n", "On", "OFF", "Yes", "NO"),
        *("2026-05-02", "2026-05-02 22:00", "2026-05-02T22:00:00Z"),
        *("010", "0o17", "0x1F", "0b101", "1_000", "08", "00"),
        *(".inf", "-.inf", ".nan", "inf", "nan", "1e400", "-", "+", ".", "e5", "1.2.3", "0.1.", "--1"),
        *("<<", "=", "tRUE", "nULL", "none", "None"),
        "9" * 5000,
    ],
)
def test_words_that_stay_text(word: str) -> None:
    assert meaning(word) == word


@pytest.mark.parametrize(
    ("word", "value"),
    [
        *(("true", True), ("True", True), ("TRUE", True), ("false", False)),
        *(("", None), ("~", None), ("null", None), ("NULL", None)),
        *(("0", 0), ("80", 80), ("-5", -5), ("+5", 5)),
        *(("0.1579", 0.1579), ("-1.5", -1.5), (".5", 0.5), ("1e3", 1000.0), ("5.", 5.0), ("2.5E-1", 0.25)),
    ],
)
def test_words_that_are_values(word: str, value: Value) -> None:
    found = meaning(word)
    assert found == value
    assert type(found) is type(value)
