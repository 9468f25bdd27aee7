"""`delcia compile`: the units, or the crontab, that the plans become, to read or compare; no host changes."""

from collections.abc import Sequence
from pathlib import Path

import click

from delcia.cli.clock import now as clock_now
from delcia.cli.intended import executable
from delcia.cli.places import host_paths, plan_directory
from delcia.cli.problems import loaded
from delcia.cli.targets import chosen_place, renderer, target_options, wish_of
from delcia.core.changes import Artifact, file_name, is_marked
from delcia.errors import DelciaError, Exit
from delcia.report.counts import number


@click.command(epilog="Example: delcia compile plans --out units")
@click.argument("directory", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option("--out", metavar="OUT", type=click.Path(file_okay=False, path_type=Path), help="Write into this folder.")
@target_options
@click.option("--executable", "program", metavar="PATH", help="The delcia that the units run; this one unless said.")
def command(directory: Path | None, *, out: Path | None, program: str | None, **target: str | bool | None) -> int:
    """Show the timers and services, or the crontab, that the plans become.

    They go to stdout, or into the folder OUT. Exits 0, or 1 when there is an error in the plans.
    """
    now, wish = clock_now(), wish_of(target)
    site = loaded(plan_directory(directory), now).site
    if site is None:
        return Exit.PROBLEMS
    paths = host_paths(None)
    place = chosen_place(paths, wish) if wish.names_cron else None
    artifacts = renderer(paths, place, program or executable(), now)(site)
    if out is None:
        click.echo("\n".join(f"# {artifact.name}\n{artifact.text}" for artifact in artifacts), nl=False)
    else:
        _write(out, artifacts)
    return Exit.OK


def _write(folder: Path, artifacts: Sequence[Artifact]) -> None:
    """Write the files into a folder, and say which ones there are not made any more; those stay."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for artifact in artifacts:
            (folder / file_name(artifact.name)).write_text(artifact.text, encoding="utf-8")
        names = {file_name(artifact.name) for artifact in artifacts}
        old = sorted(path.name for path in folder.glob("delcia-*") if path.name not in names and _ours(path))
    except OSError as error:
        message = f"cannot write to '{folder}': {error.strerror}"
        raise DelciaError(message, slug="cannot-write", hint="choose another folder with --out") from error
    click.echo(f"{number(len(artifacts), 'file')} in {folder}", err=True)
    if old:
        click.echo(f"no longer made, and left there: {', '.join(old)}", err=True)


def _ours(path: Path) -> bool:
    return path.is_file() and is_marked(path.read_text(encoding="utf-8", errors="replace"))
