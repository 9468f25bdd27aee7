"""The way in: what a timer runs every few minutes must start without the weight of a command line library."""

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
    from delcia.cli.ending import guarded

    if argv[:1] == ["charge"] and "--scheduled" in argv and "--help" not in argv:
        if "--cron" in argv:
            from delcia.cli import unwatched

            sys.exit(unwatched.main(argv))
        from delcia.cli import scheduled

        sys.exit(guarded(lambda: scheduled.main(argv)))
    if argv[:1] == ["panel"] and "--served" in argv:
        from delcia.cli import served

        sys.exit(guarded(lambda: served.main(argv)))
    from delcia.cli.main import main as run

    sys.exit(guarded(lambda: run(argv)))


if __name__ == "__main__":
    main()
