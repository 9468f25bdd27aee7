"""A plan directory to a Site, or to all of its problems."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from delcia.config.build import build
from delcia.config.calendars import calendars
from delcia.config.files import plan_files
from delcia.config.findings import Findings
from delcia.config.merge import merge
from delcia.config.schema import check
from delcia.config.source import read
from delcia.core.model import Place, Site
from delcia.errors import Problem

_AS_THEY_ARE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a plan directory says: `site` is None when there is an error among the `problems`, which are in order.

    `files` are the paths that were read, relative to the directory; the problems' paths begin with the directory.
    """

    site: Site | None
    problems: tuple[Problem, ...]
    files: tuple[str, ...]


def load(root: Path, now: datetime, instead: Mapping[str, str] = _AS_THEY_ARE) -> Loaded:
    """Return what a plan directory says; `now` tells which plans are past and which clock changes come next.

    `instead` has the texts of files, by path, that are taken to be other than they are.
    """
    findings = Findings()
    if not root.is_dir():
        return Loaded(None, (_no_directory(root),), ())
    files, roots = [], []
    for path, text in plan_files(root, findings):
        files.append(path)
        found = read(path, instead.get(path, text), findings)
        if found is not None:
            check(found, findings)
            roots.append(found)
    if not files and not findings.failed:
        findings.error(Place("", 1), "no-plans", "no plan file (*.yaml, *.yml) is here", "write one with 'delcia init'")
    merged = merge(tuple(roots), findings)
    unread = findings.failed and not roots
    if unread:
        return Loaded(None, _in_order(root, findings), tuple(files))
    known = calendars(merged, root, now, findings)
    site = build(merged, Place(files[0], 1), known, findings)
    if site is not None:
        from delcia.config.checks import check_site

        check_site(site, merged, known, now, findings)
    return Loaded(None if findings.failed else site, _in_order(root, findings), tuple(files))


def _no_directory(root: Path) -> Problem:
    if root.exists():
        message, hint = "a file, not a plan directory", "name the directory that holds it"
    else:
        message, hint = "no such directory", "name the plan directory, or write one with 'delcia init'"
    return Problem(str(root), 1, 1, "error", "no-directory", message, hint)


def _in_order(root: Path, findings: Findings) -> tuple[Problem, ...]:
    return tuple(replace(problem, path=str(root / problem.path)) for problem in sorted(set(findings.problems)))
