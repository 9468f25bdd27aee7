"""Which plans a reading command is about: a directory's, or those applied on this host with what is known there."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import click

from delcia.cli.places import host_paths, plan_directory
from delcia.core.clock import zone
from delcia.core.model import Site
from delcia.core.state import Memory
from delcia.errors import DelciaError, Exit


@dataclass(frozen=True, slots=True)
class Subject:
    """A site, in words where it comes from, and what the host remembers of its vehicles."""

    site: Site
    source: str
    memories: dict[str, Memory] = field(default_factory=dict)
    homeless: frozenset[str] = frozenset()
    """Accounts for which this host knows no home; told of the applied plans alone."""


def subject(directory: Path | None, root: Path | None, now: datetime) -> Subject:
    """Return the plans of a directory; without one those applied here, else those of the usual directory.

    What the host remembers of a vehicle counts for a directory's plans too: how they would do tonight.
    """
    if directory is None:
        found = _applied(root)
        if found is not None:
            return found
    from delcia.config import load

    place = plan_directory(directory)
    loaded = load(place, now)
    if loaded.site is None:
        for problem in loaded.problems:
            if problem.level == "error":
                click.echo(problem.text(), err=True)
        message = f"the plans in '{place}' have errors"
        raise DelciaError(message, slug="bad-plans", hint=f"see: delcia validate {place}", status=Exit.PROBLEMS)
    return Subject(loaded.site, f"plans in {place}", _memories(loaded.site, host_paths(root).database, told=False))


def say_source(found: Subject) -> None:
    """Say on stderr which plans an answer is about."""
    click.echo(f"# {found.source}", err=True)


def _applied(root: Path | None) -> Subject | None:
    from delcia.compile.generation import load
    from delcia.host.generations import current_generation
    from delcia.host.homes import homeless_accounts

    paths = host_paths(root)
    generation = current_generation(paths)
    if generation is None:
        return None
    site = load(generation.plans_text)
    at = generation.receipt.applied_at.astimezone(zone(site.timezone))
    source = f"generation {generation.number}, applied {at:%a %Y-%m-%d %H:%M}"
    return Subject(site, source, _memories(site, paths.database, told=True), homeless_accounts(paths))


def _memories(site: Site, database: Path, *, told: bool) -> dict[str, Memory]:
    """Return what is remembered of the vehicles; that it cannot be read is told where the answer is about the host."""
    from delcia.store.memory import memory_of, remembered_vehicles
    from delcia.store.opening import open_readonly

    try:
        store = open_readonly(database)
    except DelciaError as error:
        if told:
            click.echo(error.text(), err=True)
        return {}
    try:
        known = remembered_vehicles(store)
        return {name: memory_of(store, name) for name in site.vehicles if name in known}
    finally:
        store.close()
