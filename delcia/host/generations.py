"""What was applied: numbered folders with the plans that `charge` reads, the artifacts, and a receipt."""

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from delcia.errors import DelciaError, Exit
from delcia.host.files import read
from delcia.host.paths import Paths

if TYPE_CHECKING:  # a run of `charge` reads the plans of a generation, and none of its artifacts
    from collections.abc import Iterable, Mapping

    from delcia.core.changes import Artifact
    from delcia.host.cronplaces import CronPlace

KEPT = 20
"""How many generations stay."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a generation is made of: the resolved plans as canonical JSON text, and the artifacts."""

    plans_text: str
    artifacts: "tuple[Artifact, ...]"

    @property
    def digest(self) -> str:
        """The SHA-256 of all of it, in hex."""
        parts = [f"{artifact.name} {artifact.sha256}" for artifact in sorted(self.artifacts)]
        return sha256("\n".join([*parts, self.plans_text]).encode("utf-8", "surrogateescape")).hexdigest()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where plans came from: the commit of their folder, whether it was clean, its author's name and its subject."""

    source: str
    commit: str | None = None
    clean: bool | None = None
    author: str | None = None
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """Which generation, of what, when, from where, by which delcia, and for which crontab (None: for systemd)."""

    number: int
    applied_at: datetime
    digest: str
    version: str
    origin: Origin
    place: "CronPlace | None" = None


@dataclass(frozen=True, slots=True)
class Generation:
    """An applied generation, as much of it as `charge` needs."""

    receipt: Receipt
    plans_text: str

    @property
    def number(self) -> int:
        """Its number, from 1."""
        return self.receipt.number


def current_number(paths: Paths) -> int | None:
    """Return the number of the generation that is applied, None when nothing is."""
    text = read(paths.current)
    if text is None:
        return None
    if not text.strip().isdecimal():
        raise _damaged(f"{paths.current} is not a number")
    return int(text)


def current_generation(paths: Paths) -> Generation | None:
    """Return the generation that is applied, None when nothing is."""
    number = current_number(paths)
    if number is None:
        return None
    if number not in numbers(paths):
        raise _damaged(f"generation {number} is applied, and gone")
    return generation(paths, number)


def generation(paths: Paths, number: int) -> Generation:
    """Return a generation. Raises `no-generation`, or `generation-damaged`."""
    text = read(paths.generations / str(number) / "plans.json")
    if text is None:
        if number in numbers(paths):
            raise _damaged(f"generation {number} has no plans")
        raise DelciaError(f"there is no generation {number}", slug="no-generation", hint="see: delcia history")
    return Generation(receipt_of(paths, number), text)


def content(paths: Paths, number: int) -> Content:
    """Return all that a generation is made of, checked against its receipt."""
    from delcia.core.changes import Artifact, name_of

    wanted = generation(paths, number)
    folder = paths.generations / str(number) / "units"
    if not folder.is_dir():
        raise _damaged(f"generation {number} has no units")
    artifacts = tuple(Artifact(name_of(file.name), read(file) or "") for file in sorted(folder.iterdir()))
    whole = Content(wanted.plans_text, artifacts)
    if whole.digest != wanted.receipt.digest:
        raise _damaged(f"generation {number} is not what was applied")
    return whole


def is_current(paths: Paths, made: Content) -> bool:
    """Tell whether the current generation is made of just this, and whole."""
    try:
        number = current_number(paths)
        return number is not None and content(paths, number).digest == made.digest
    except DelciaError:
        return False


def numbers(paths: Paths) -> tuple[int, ...]:
    """Return the numbers of all generations, the oldest first."""
    if not paths.generations.is_dir():
        return ()
    return tuple(sorted(int(folder.name) for folder in paths.generations.iterdir() if folder.name.isdecimal()))


def receipt_of(paths: Paths, number: int) -> Receipt:
    """Return the receipt of a generation. Raises `generation-damaged`."""
    path = paths.generations / str(number) / "receipt.json"
    try:
        data: Mapping[str, object] = json.loads(read(path) or "")
        rest = {name: data[name] for name in ("number", "digest", "version")}
        applied_at = datetime.fromisoformat(str(data["applied_at"]))
        place = _place(data["place"]) if data.get("place") else None
        return Receipt(**rest, applied_at=applied_at, origin=Origin(**data["origin"]), place=place)  # type: ignore[arg-type] # as above
    except (ValueError, KeyError, TypeError):
        raise _damaged(f"{path} cannot be read") from None


def _place(data: object) -> "CronPlace":
    from delcia.host.cronplaces import CronPlace

    return CronPlace(**data)  # type: ignore[arg-type] # JSON we wrote


def earlier_number(paths: Paths) -> int | None:
    """Return the number of the generation before the present one, after `remove` of the last one; None without one."""
    current = current_number(paths)
    earlier = [number for number in numbers(paths) if current is None or number < current]
    return earlier[-1] if earlier else None


def prune(paths: Paths, keep: int = KEPT) -> None:
    """Remove the oldest generations; never the current one, nor the one before it, for `rollback`.

    Each goes in one rename: none is ever half there. What cannot be removed now stays for the next time.
    """
    import shutil  # not needed by `charge`, which reads generations too

    needed = {current_number(paths), earlier_number(paths)}
    for number in numbers(paths)[:-keep]:
        if number not in needed:
            shutil.rmtree(paths.pruned, ignore_errors=True)
            with suppress(OSError):
                (paths.generations / str(number)).rename(paths.pruned)
    shutil.rmtree(paths.pruned, ignore_errors=True)


def receipt_text(receipt: Receipt) -> str:
    """Return a receipt as JSON."""
    data = {"schema": "delcia/receipt/1", **asdict(receipt), "applied_at": receipt.applied_at.isoformat()}
    return json.dumps(data, indent=1, sort_keys=True) + "\n"


def manifest(paths: Paths) -> dict[str, str]:
    """Return the SHA-256 of each artifact as delcia last wrote it."""
    text = read(paths.manifest)
    if text is None:
        return {}
    try:
        files: dict[str, str] = json.loads(text)["files"]
    except (ValueError, KeyError, TypeError):
        raise _damaged(f"{paths.manifest} cannot be read") from None
    return files


def manifest_text(artifacts: "Iterable[Artifact]") -> str:
    """Return the manifest of these artifacts as JSON."""
    files = {artifact.name: artifact.sha256 for artifact in sorted(artifacts)}
    return json.dumps({"schema": "delcia/manifest/1", "files": files}, indent=1) + "\n"


def _damaged(what: str) -> DelciaError:
    hint = "apply the plans again"
    return DelciaError(what, slug="generation-damaged", hint=hint, status=Exit.BROKEN)
