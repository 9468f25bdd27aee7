"""The fields of a form, as they come."""

from urllib.parse import parse_qs

MOST_FIELDS = 120


class FormError(ValueError):
    """Something in a form is missing or out of its range."""


def fields_of(body: bytes) -> dict[str, str]:
    """Return the fields of a form, of several alike the first. Raises FormError for what is no form."""
    return {name: values[0] for name, values in lists_of(body).items()}


def lists_of(body: bytes) -> dict[str, list[str]]:
    """Return the fields of a form, each with all its values. Raises FormError for what is no form."""
    try:
        return parse_qs(body.decode("utf-8"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise FormError from error
