"""Amounts of money as people and programs read them: to the cent."""

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def money(amount: Decimal | None) -> str | None:
    """Return an amount to the cent."""
    return None if amount is None else str(cents(amount))


def cents(amount: Decimal) -> Decimal:
    """Return an amount rounded to the cent, as people see it."""
    return amount.quantize(CENT, ROUND_HALF_UP)
