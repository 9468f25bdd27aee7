"""Switching a charger by the commands of its host: a program without a shell, or a request; ended in time, checked."""

import os
import signal
import subprocess
from contextlib import suppress

from delcia.core.switching import Program, Switch, WebCall
from delcia.errors import DelciaError, Exit

ENVIRONMENT = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"}
"""All that a program is told of delcia's own surroundings, which may name credentials."""


def switch(charger: Switch, *, on: bool) -> None:
    """Give a charger power, or take it away. Raises DelciaError when that failed, or cannot be known to have worked."""
    doing = f"{'start' if on else 'stop'} of the charger's commands '{charger.name}'"
    command = charger.start if on else charger.stop
    if isinstance(command, Program):
        _run(command, charger.timeout_s, doing)
    else:
        _call(command, charger.timeout_s, doing)


def _run(command: Program, timeout_s: float, doing: str) -> None:
    try:
        process = subprocess.Popen(
            command.argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env=ENVIRONMENT,
            start_new_session=True,
        )
    except OSError as error:
        message = f"{doing} cannot be run: {error.strerror}"
        hint = "correct commands: in the host's host.yaml"
        raise DelciaError(message, slug="charger-broken", hint=hint, status=Exit.BROKEN) from None
    try:
        status = process.wait(timeout_s)
    except BaseException as error:
        # Whatever it started must not go on, and switch the charger when nobody expects it.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if not isinstance(error, subprocess.TimeoutExpired):
            raise
        raise _failed(f"{doing} took longer than {timeout_s:g} s") from None
    if status:
        how = f"exit status {status}" if status > 0 else f"signal {-status}"
        raise _failed(f"{doing} failed with {how}")


def _call(command: WebCall, timeout_s: float, doing: str) -> None:
    from http.client import HTTPException
    from urllib.error import HTTPError
    from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

    class NoRedirect(HTTPRedirectHandler):
        """Go nowhere else: the address may hold a secret."""

        def redirect_request(self, *_: object) -> None:
            """Refuse."""

    data = None if command.body is None else command.body.encode()
    request = Request(command.url, data, dict(command.headers), method=command.method)  # noqa: S310 - checked as http(s)
    try:
        with build_opener(NoRedirect, ProxyHandler({})).open(request, timeout=timeout_s):
            pass
    except HTTPError as error:
        error.close()
        raise _failed(f"{doing} failed with HTTP status {error.code}") from None
    except (OSError, HTTPException, ValueError) as error:
        raise _failed(f"{doing} failed: no answer ({type(error).__name__})") from None


def _failed(message: str) -> DelciaError:
    hint = "look at the charger and at commands: in the host's host.yaml; delcia tries again"
    return DelciaError(message, slug="charger-failed", hint=hint, status=Exit.UNAVAILABLE)
