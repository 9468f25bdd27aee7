"""The templates of what `apply` writes, each compiled once; only filtered values come through them."""

from functools import lru_cache
from typing import TYPE_CHECKING

from delcia.compile.escaping import cron_text, exec_path, only_filtered, unit_id, unit_json, unit_text
from delcia.resources import resource

if TYPE_CHECKING:
    from jinja2 import Environment


@lru_cache(maxsize=2)
def environment(folder: str) -> "Environment":
    """Return jinja2 with the templates of `systemd` or `crontab`."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(  # noqa: S701 - neither is HTML; `finalize` refuses what no filter has seen
        loader=FileSystemLoader(resource("templates", folder)),
        undefined=StrictUndefined,
        finalize=only_filtered,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    made.filters.update(unit=unit_text, cron=cron_text, id=unit_id, path=exec_path, json=unit_json)
    return made
