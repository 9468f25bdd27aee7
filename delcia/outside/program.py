"""Running a program of the owner's: without a shell, with its words as they are, ended in time with all it started."""

import os
import signal
import subprocess
from contextlib import suppress

ENVIRONMENT = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"}
"""All that a program is told of delcia's own surroundings, which may name credentials."""


def run_program(argv: tuple[str, ...], timeout_s: float, text: str = "") -> str:
    """Give a program a text to read and return how it failed, in words; an empty text when it did not.

    Raises OSError when it cannot be run at all.
    """
    process = subprocess.Popen(
        argv,
        stdin=subprocess.PIPE if text else subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env=ENVIRONMENT,
        start_new_session=True,
        text=True,
        encoding="utf-8",
    )
    try:
        process.communicate(text or None, timeout_s)
    except BaseException as error:
        # Whatever it started must not go on, and act when nobody expects it.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if not isinstance(error, subprocess.TimeoutExpired):
            raise
        return f"took longer than {timeout_s:g} s"
    finally:
        if process.stdin is not None:
            with suppress(OSError):
                process.stdin.close()
    status = process.returncode
    if not status:
        return ""
    return f"failed with {f'exit status {status}' if status > 0 else f'signal {-status}'}"
