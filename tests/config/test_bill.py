"""Off-peak hours as bills have them."""

import pytest

from delcia.config.bill import hours_of_bill


@pytest.mark.parametrize(
    ("words", "hours"),
    [
        ("HC (1H38-6H38;12H38-14H38)", ("01:38-06:38", "12:38-14:38")),
        ("HC 22H30-6H30", ("22:30-06:30",)),
        ("(0H00-8H00)", ("00:00-08:00",)),
        ("22H00-24H00", ("22:00-24:00",)),
        ("22h-6h", ("22:00-06:00",)),
        ("22-6", ("22:00-06:00",)),
        ("22:30 à 06:30", ("22:30-06:30",)),
        ("de 23h12 à 6h42 et de 12h40 à 13h10", ("23:12-06:42", "12:40-13:10")),
        ("00:30-05:30", ("00:30-05:30",)),
        ("22.00–06.00, 12.30–14.00", ("22:00-06:00", "12:30-14:00")),
    ],
)
def test_the_words_of_a_bill(words: str, hours: tuple[str, ...]) -> None:
    assert hours_of_bill(words) == hours


@pytest.mark.parametrize("words", ["", "HC", "22", "25h-6h", "22h60-6h", "22h-22h", "1h38-6h38 et 3", "24h30-6h"])
def test_what_is_not_understood_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match=r"write hours|no length|time of day"):
        hours_of_bill(words)
