"""`delcia panel --served`: how the units start the panel, without the weight of a command line library."""

import asyncio
import gc
from collections.abc import Sequence
from pathlib import Path

from delcia.errors import DelciaError, Exit

IDLE_S = 300.0
LANGUAGES = ("en", "fr")


def main(argv: Sequence[str]) -> int:
    """Serve on the sockets that systemd has opened, until nobody has come for five minutes."""
    # Whoever came first waits for this process to begin, in which nothing is thrown away yet.
    gc.disable()
    lang, root = _arguments([word for word in argv[1:] if word != "--served"])
    from delcia.panel.loading import load_server

    load_server()
    from delcia.panel.serving import sockets_given

    sockets = sockets_given()
    if not sockets:
        message = "no socket was given; it is delcia-panel.socket that starts this"
        raise DelciaError(message, slug="no-socket", hint="run: delcia panel", status=Exit.USAGE)
    from delcia.cli.paneling import as_panel_user, panel_of, settings_of
    from delcia.cli.panelplaces import places_of
    from delcia.panel.app import application
    from delcia.panel.serving import serve_until_signal

    places = places_of(root)
    settings = settings_of(places)
    as_panel_user(places)
    panel = panel_of(places, lang, settings)
    asyncio.run(serve_until_signal(application(panel), panel.hall, sockets, IDLE_S, _begun))
    return Exit.OK


def _arguments(words: list[str]) -> tuple[str | None, Path | None]:
    given = dict(zip(words[::2], words[1::2], strict=False))
    lang, root = given.pop("--lang", None), given.pop("--root", None)
    if given or len(words) % 2 or lang not in {None, *LANGUAGES}:
        message = "usage: delcia panel --served [--lang en|fr] [--root DIR]"
        raise DelciaError(message, slug="usage", status=Exit.USAGE)
    return lang, None if root is None else Path(root)


def _begun() -> None:
    asyncio.get_running_loop().call_later(1.0, gc.enable)
