"""The way in: what a timer runs every few minutes must start without the weight of a command line library."""

import gc
import sys


def main() -> None:
    """Run one command and exit with its status."""
    argv = sys.argv[1:]
    if sys.stdout is None or sys.stderr is None:
        _open_what_is_closed()
    if argv in (["--version"], ["-V"]):
        sys.exit(_version())
    from delcia.cli.quiet import is_quiet

    if is_quiet(argv):
        return
    if argv[:1] == ["charge"] and "--scheduled" in argv and "--help" not in argv:
        sys.exit(_tick(argv))
    from delcia.cli.ending import guarded

    if argv[:1] == ["panel"] and "--served" in argv:
        from delcia.cli import served

        sys.exit(guarded(lambda: served.main(argv)))
    from delcia.cli.main import main as run

    sys.exit(guarded(lambda: run(argv)))


def _version() -> int:
    """Print the version, without the weight of anything else."""
    from delcia import __version__

    try:
        sys.stdout.write(f"delcia {__version__}\n")
        sys.stdout.flush()
    except OSError as error:
        from delcia.cli.ending import unwritten

        return unwritten(error)
    return 0


def _open_what_is_closed() -> None:
    """Let stdout and stderr lead nowhere where whoever started this has closed them: Python has none then."""
    import os

    # What is opened next, such as the database, would else become the file that a message is written to.
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - until the end
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - until the end


def _tick(argv: list[str]) -> int:
    """Run what a timer starts. It lives for seconds: all that it took goes back to the system when it ends."""
    gc.disable()  # half of a tick is importing: looking for garbage among modules costs a tenth of it
    try:
        if "--cron" in argv:
            from delcia.cli import unwatched

            return unwatched.main(argv)
        from delcia.cli import scheduled
        from delcia.cli.ending import guarded

        return guarded(lambda: scheduled.main(argv))
    finally:
        gc.freeze()  # nor does the interpreter look among them when it ends


if __name__ == "__main__":
    main()
