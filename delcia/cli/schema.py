"""`delcia schema`: the published schemas, of the plan language and of every answer for programs."""

from difflib import get_close_matches

import click

from delcia.errors import DelciaError, Exit
from delcia.resources import resource

PLANS = "delcia"
ENDING = ".schema.json"


@click.command(epilog="Example: delcia schema >plans/.delcia.schema.json")
@click.argument("name", metavar="[NAME]", default=PLANS)
def command(name: str) -> None:
    """Print the JSON Schema of a plan file, or of a command's --json such as report or status.

    An editor with a YAML language server completes and checks plan files that name it in their first line:
    # yaml-language-server: $schema=.delcia.schema.json
    """
    folder = resource("schemas")
    names = sorted(path.name.removesuffix(ENDING) for path in folder.iterdir() if path.name.endswith(ENDING))
    if name not in names:
        close = get_close_matches(name, names, n=1)
        hint = f"did you mean '{close[0]}'?" if close else f"there are: {', '.join(names)}"
        raise DelciaError(f"no schema '{name}'", slug="unknown-name", hint=hint, status=Exit.USAGE)
    click.echo((folder / f"{name}{ENDING}").read_text(encoding="utf-8"), nl=False)
