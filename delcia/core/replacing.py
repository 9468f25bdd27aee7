"""`dataclasses.replace` at a third of its time, for what every run changes many times: a memory has thirty fields.

It is for dataclasses whose `__init__` takes all of their fields in order, as those of delcia do.
"""

from typing import TYPE_CHECKING

__all__ = ["replace"]

if TYPE_CHECKING:
    from dataclasses import replace
else:
    from collections.abc import Callable
    from dataclasses import fields
    from functools import cache
    from operator import attrgetter

    @cache
    def _reader(kind: type) -> tuple[dict[str, int], Callable]:
        """Return where each field of a class stands, and what reads all of them, the first once more at the end."""
        names = [field.name for field in fields(kind)]
        return {name: at for at, name in enumerate(names)}, attrgetter(*names, names[0])

    def replace(value: object, /, **changes: object) -> object:
        """Return a copy with other values in some fields."""
        kind = value.__class__
        places, read = _reader(kind)
        values = [*read(value)]
        values.pop()
        for name, new in changes.items():
            values[places[name]] = new
        return kind(*values)
