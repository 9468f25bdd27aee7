"""The way in: what a timer runs every few minutes must start without the weight of a command line library."""

import gc
import sys


def main() -> None:
    """Run one command and exit with its status."""
    argv = sys.argv[1:]
    if argv in (["--version"], ["-V"]):
        from delcia import __version__

        sys.stdout.write(f"delcia {__version__}\n")
        return
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
