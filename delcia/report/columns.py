"""Columns below each other, as delcia's answers for people have them."""

from collections.abc import Sequence

SIDES = {"l": "left", "r": "right"}


def aligned(rows: Sequence[Sequence[str]], sides: str) -> list[str]:
    """Return rows as lines, columns three blanks apart, none at the end; a column empty in all rows is left out.

    `sides` has a letter for each column: l or r.
    """
    from tabulate import DataRow, TableFormat, tabulate

    used = [index for index in range(len(sides)) if any(row[index] for row in rows)]
    if not used:
        return ["" for _ in rows]
    style = TableFormat(None, None, None, None, None, DataRow("", "   ", ""), 0, None)
    kept = [[row[index] for index in used] for row in rows]
    text = tabulate(kept, tablefmt=style, colalign=[SIDES[sides[index]] for index in used], disable_numparse=True)
    return [line.rstrip() for line in text.splitlines()]
