"""`delcia completion`: the words that teach a shell to complete delcia's commands."""

import click
from click.shell_completion import get_completion_class


@click.command(epilog="Example: delcia completion bash >~/.local/share/bash-completion/completions/delcia")
@click.argument("shell", metavar="SHELL", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the completion for a shell; put it where that shell looks, or source it."""
    completion = get_completion_class(shell)
    if completion is None:
        msg = f"click knows no {shell}"
        raise ValueError(msg)
    click.echo(completion(ctx.find_root().command, {}, "delcia", "_DELCIA_COMPLETE").source())
