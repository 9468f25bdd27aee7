"""Switching a charger by the commands of its host: a program without a shell, or a request; ended in time, checked."""

from delcia.core.switching import Program, Switch
from delcia.errors import DelciaError, Exit
from delcia.outside.program import run_program
from delcia.outside.web import call


def switch(charger: Switch, *, on: bool) -> None:
    """Give a charger power, or take it away. Raises DelciaError when that failed, or cannot be known to have worked."""
    doing = f"{'start' if on else 'stop'} of the charger's commands '{charger.name}'"
    command = charger.start if on else charger.stop
    if isinstance(command, Program):
        try:
            mishap = run_program(command.argv, charger.timeout_s)
        except OSError as error:
            message = f"{doing} cannot be run: {error.strerror}"
            hint = "correct commands: in the host's host.yaml"
            raise DelciaError(message, slug="charger-broken", hint=hint, status=Exit.BROKEN) from None
    else:
        mishap = call(command, charger.timeout_s)
    if mishap:
        raise _failed(f"{doing} {mishap}")


def _failed(message: str) -> DelciaError:
    hint = "look at the charger and at commands: in the host's host.yaml; delcia tries again"
    return DelciaError(message, slug="charger-failed", hint=hint, status=Exit.UNAVAILABLE)
