"""Frozen values of the core to JSON-able data and back, without loss: generations and memories are kept so.

A dataclass becomes `{"": "Name", field: value, …}`; fields that have their default are left out, so that a
later version can read what an earlier one wrote. Instants, dates, Decimal and enums are tagged in the same way.
"""

from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from types import ModuleType
from typing import Any

from delcia.core import learned, model, state

TAG = ""


def _classes(*modules: ModuleType) -> dict[str, type]:
    return {
        name: value
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, type) and value.__module__ == module.__name__
    }


CLASSES = _classes(model, state, learned)


def to_data(value: Any) -> Any:  # noqa: ANN401 - JSON has no better type
    """Return JSON-able data from which `from_data` makes an equal value. Raise TypeError for foreign objects."""
    if value is None or isinstance(value, bool | int | float) or type(value) is str:
        return value
    if isinstance(value, StrEnum):
        return {TAG: type(value).__name__, "value": value.value}
    if isinstance(value, datetime):
        return {TAG: "instant" if value.tzinfo else "wall", "value": value.isoformat()}
    if isinstance(value, date):
        return {TAG: "date", "value": value.isoformat()}
    if isinstance(value, Decimal):
        return {TAG: "decimal", "value": str(value)}
    if isinstance(value, tuple):
        return [to_data(item) for item in value]
    if isinstance(value, dict):
        return {key: to_data(item) for key, item in value.items()}
    if is_dataclass(value) and type(value).__name__ in CLASSES:
        data: dict[str, Any] = {TAG: type(value).__name__}
        for field in fields(value):
            item = getattr(value, field.name)
            if not _is_default(field, item):
                data[field.name] = to_data(item)
        return data
    msg = f"no data form for {type(value).__name__}"
    raise TypeError(msg)


def from_data(data: Any) -> Any:  # noqa: ANN401 - the inverse of to_data
    """Return the value that `to_data` was given. Raise ValueError when the data is of no known shape."""
    try:
        return _value(data)
    except (KeyError, TypeError, ArithmeticError) as error:
        msg = f"data of no known shape: {error!r}"
        raise ValueError(msg) from error


def _value(data: Any) -> Any:  # noqa: ANN401 - JSON has no better type
    if isinstance(data, list):
        return tuple(_value(item) for item in data)
    if not isinstance(data, dict):
        return data
    tag = data.get(TAG)
    if tag is None:
        return {key: _value(item) for key, item in data.items()}
    if tag in {"instant", "wall"}:
        moment = datetime.fromisoformat(data["value"])
        return moment.astimezone(UTC) if tag == "instant" else moment
    if tag == "date":
        return date.fromisoformat(data["value"])
    if tag == "decimal":
        return Decimal(data["value"])
    cls = CLASSES.get(tag)
    if cls is None:
        msg = f"unknown kind of value {tag!r}: written by a newer delcia?"
        raise ValueError(msg)
    if issubclass(cls, StrEnum):
        return cls(data["value"])
    known = {field.name for field in fields(cls)}  # type: ignore[arg-type] # CLASSES holds dataclasses and StrEnums only
    return cls(**{key: _value(item) for key, item in data.items() if key in known})


def _is_default(field: Field[Any], item: object) -> bool:
    if field.default is MISSING or type(item) is not type(field.default) or item != field.default:
        return False
    return not isinstance(item, float) or str(item) == str(field.default)  # -0.0 equals 0.0
