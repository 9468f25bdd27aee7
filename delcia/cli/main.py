"""The `delcia` command: a table of what there is, each part loaded only when it is asked for."""

import os
import re
from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module
from importlib.util import find_spec

import click

from delcia import __version__
from delcia.errors import DelciaError, Exit

SECTIONS = {
    "Plans": {
        "init": "write a first plan directory",
        "validate": "show all problems in the plans at once",
        "report": "when the car will be ready, and what it will cost",
        "simulate": "run a night, a week or a year in seconds",
        "tariff": "draw a week of a tariff, with its prices",
        "estimate": "how long a car takes at its chargers",
        "models": "the cars that delcia knows",
        "schema": "the schema of a plan file, for editors and CI",
        "import-legacy": "plans from the files of the old project",
    },
    "Host": {
        "compile": "show the timers that the plans become",
        "diff": "what apply would change; --against a git revision",
        "apply": "make the plans run on this host",
        "rollback": "go back to plans applied earlier",
        "history": "what was applied, when, and by whom",
        "sync": "follow the plans of a git remote",
        "remove": "take everything off this host that apply made",
        "status": "what runs, what comes next, whose charge it is",
        "sessions": "the charges that were seen, with energy and cost",
        "doctor": "look for what could keep the car from charging",
        "notify": "try the way by which the owner is told",
        "charge": "what the timers run; --dry-run explains",
        "completion": "completion for bash, zsh or fish",
    },
    "Car": {
        "start": "charge now, to a target or for a time",
        "stop": "end this charge; the plans go on with their next window",
        "release": "leave the car alone, as if delcia were not there",
        "resume": "take the last word back: the plans count again",
        "skip": "let the plans rest for the next charge, or tomorrow",
        "trip": "be ready for one journey",
        "log": "readings, orders, answers and reasons: why, or why not",
        "panel": "a page to see and charge the car, for a phone",
        "login": "connect an account; the password is not kept",
        "logout": "forget an account",
        "vehicles": "the cars of the accounts",
    },
}
"""Every command with its line of help, in the order of `delcia --help`."""
UNLISTED = ("request",)
"""Commands that units run, and nobody else needs."""
FORMER = {"boost": "start", "pause": "release"}
"""What commands were called before; the old words still work."""


class LazyGroup(click.Group):
    """A group whose commands are the modules of `delcia.cli`, imported one at a time."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - the signature is click's
        """Return the names of all commands, in order."""
        return [name for section in SECTIONS.values() for name in section if _exists(name)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, or None when there is none of that name."""
        cmd_name = FORMER.get(cmd_name, cmd_name)
        if cmd_name not in (*self.list_commands(ctx), *UNLISTED):
            return None
        command: click.Command = import_module(_module(cmd_name)).command
        if not any(isinstance(option, click.Option) and "--color" in option.opts for option in command.params):
            command.params.append(_color_option())
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the arguments name, or say which one may have been meant."""
        name, names = args[0], self.list_commands(ctx)
        if name in (*names, *UNLISTED, *FORMER) or name.startswith("-") or ctx.resilient_parsing:
            return super().resolve_command(ctx, args)
        close = get_close_matches(name, names, n=1)
        hint = f"did you mean 'delcia {close[0]}'?" if close else "'delcia --help' lists the commands"
        raise DelciaError(f"no such command '{name}'", slug="usage", hint=hint, status=Exit.USAGE)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table by sections, without importing any command."""
        names = self.list_commands(ctx)
        for title, section in SECTIONS.items():
            rows = [(name, words) for name, words in section.items() if name in names]
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows, col_max=13)


def _module(name: str) -> str:
    return f"delcia.cli.{name.replace('-', '_')}"


def _exists(name: str) -> bool:
    return find_spec(_module(name)) is not None


def _color_option() -> click.Option:
    """Return `--color`, which stands before a command or after it."""
    return click.Option(
        ["--color"],
        type=click.Choice(["auto", "always", "never"]),
        expose_value=False,
        is_eager=True,
        callback=_paint,
        help="Colour the answer (auto obeys NO_COLOR).",
    )


def _paint(ctx: click.Context, _option: click.Parameter, value: str | None) -> None:
    """Decide on colour; click by itself knows nothing of NO_COLOR."""
    if value is not None:
        ctx.color = {"always": True, "never": False}.get(value)
    if value in {None, "auto"} and ctx.color is None and os.environ.get("NO_COLOR"):
        ctx.color = False


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example: delcia report plans --soc 45. Begin with 'delcia init'.",
)
@click.version_option(__version__, "-V", "--version", message="delcia %(version)s")
def group() -> None:
    """Charge Renault, Dacia and Alpine electric cars from a plan in git."""


group.params.append(_color_option())


def main(argv: Sequence[str]) -> int:
    """Run one command line and return its exit status. Raises DelciaError for what the user got wrong."""
    try:
        ended: object = group.main(list(argv), prog_name="delcia", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return Exit.USAGE
    except click.UsageError as error:
        raise _explained(error) from error
    except click.ClickException as error:
        raise DelciaError(_sentence(error.format_message()), slug="file") from error
    except click.Abort:
        return Exit.INTERRUPTED
    return ended if isinstance(ended, int) else Exit.OK


def _explained(error: click.UsageError) -> DelciaError:
    """Say a usage error in delcia's way: the cause, then what to type."""
    hint = f"'{error.ctx.command_path} --help' shows how" if error.ctx else "'delcia --help' shows how"
    message = error.format_message()
    close: list[str] | None = getattr(error, "possibilities", None)
    if close:
        message, hint = error.message, f"did you mean '{close[0]}'?"
    return DelciaError(_sentence(message), slug="usage", hint=hint, status=Exit.USAGE)


def _sentence(words: str) -> str:
    """Turn click's `No such option: --x.` into the form of delcia's messages."""
    words = re.sub(r"\s+", " ", words).strip().rstrip(".")
    return words[:1].lower() + words[1:]
