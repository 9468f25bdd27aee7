"""Ctrl-C for what a script runs beside: the shell starts that with SIGINT ignored, and so are all its children."""

import signal
from types import FrameType


def heed() -> None:
    """Let the first SIGINT end this process in order, where it would be ignored; more must not disturb that."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, _end)


def _end(_number: int, _frame: FrameType | None) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt
