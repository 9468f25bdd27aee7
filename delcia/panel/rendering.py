"""The templates of the panel, and the texts that they are given."""

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from delcia import __version__
from delcia.panel.tongue import Tongue
from delcia.report.texts import TimelineWords
from delcia.resources import resource

if TYPE_CHECKING:
    from jinja2 import Environment


@lru_cache(maxsize=4)
def environment(kept: Path | None = None) -> "Environment":
    """Return jinja2 with the templates of the panel and of the report's time line.

    `kept` is a folder of this user alone, in which they are found compiled the next time.
    """
    from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined

    cache = FileSystemBytecodeCache(str(kept), f"{__version__}-%s.cache") if kept is not None else None
    return Environment(
        bytecode_cache=cache,
        loader=FileSystemLoader([resource("templates", "panel"), resource("templates", "report")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def page(kept: Path | None, template: str, tongue: Tongue, **values: Any) -> str:  # noqa: ANN401 - what each template wants
    """Return a page in a language."""
    ui = tongue.texts["ui"]
    beside = TimelineWords(ui["ahead"], ui["soc_legend"], ui["charging_legend"], tongue.said)
    found = environment(kept).get_template(template)
    texts = {"t": ui, "faults": tongue.texts["fault"], "code": tongue.code, "said": tongue.said, "beside": beside}
    return found.render(**texts, version=__version__, **values)


@lru_cache(maxsize=1)
def style() -> str:
    """Return the one style sheet."""
    return environment().get_template("panel.css.j2").render()
