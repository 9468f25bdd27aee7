"""Where the files that are not Python stand: inside an installed delcia, or beside it in a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).parent
_SHARED = _PACKAGE / "_share"


def resource(*parts: str) -> Path:
    """Return the path of `schemas/...` or `templates/...`: the wheel's, else the checkout's."""
    root = _SHARED if _SHARED.is_dir() else _PACKAGE.parent
    return root.joinpath(*parts)
