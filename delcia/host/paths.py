"""Where everything of delcia's lies on a host."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from delcia.host.personal import is_personal, own_data, xdg


@dataclass(frozen=True, slots=True)
class Paths:
    """All places, absolute. `root` is set when they lie below a folder of the owner's choice (`--root`)."""

    root: Path | None
    units: Path
    """Unit files, shared with everybody."""
    data: Path
    """Root's: generations, manifest, journal."""
    state: Path
    """The service's own: what it remembers between two runs."""
    cache: Path
    config: Path
    """Written by the host's owner: host settings, and by habit the plans."""
    loaded_credentials: Path | None = None
    """Credentials that systemd handed to the running service."""
    personal: bool = False
    """A user's own, without root: nobody else reads any of it."""

    @classmethod
    def system(cls, root: Path | None = None) -> Self:
        """Return the places of a host that root looks after, below `root` if there is one."""
        top = Path("/") if root is None else root.absolute()
        return cls(
            root=None if root is None else top,
            units=top / "etc/systemd/system",
            data=top / "var/lib/delcia",
            state=top / "var/lib/delcia/state",
            cache=top / "var/cache/delcia",
            config=top / "etc/delcia",
        )

    @classmethod
    def of_user(cls, env: Mapping[str, str]) -> Self:
        """Return the places of a user without root, as their environment `env` names them (XDG)."""
        data, config = Path(own_data(env)), Path(xdg(env, "XDG_CONFIG_HOME", ".config"))
        return cls(
            root=None,
            units=config.parent / "systemd/user",
            data=data,
            state=data / "state",
            cache=Path(xdg(env, "XDG_CACHE_HOME", ".cache")),
            config=config,
            personal=True,
        )

    @classmethod
    def here(cls, root: Path | None, env: Mapping[str, str], uid: int) -> Self:
        """Return the places that a command is about: below `root` if there is one, a user's own, or the host's."""
        if root is None and is_personal(env, uid):
            return cls.of_user(env)
        return cls.system(root)

    @property
    def credentials(self) -> Path:
        """The folder in which `login` keeps one file per account."""
        return self.config / "credentials"

    @property
    def credential_folders(self) -> tuple[Path, ...]:
        """Where to look for credentials, first one first."""
        return (self.credentials,) if self.loaded_credentials is None else (self.loaded_credentials, self.credentials)

    @property
    def host_file(self) -> Path:
        """The host's settings, never from git."""
        return self.config / "host.yaml"

    @property
    def known_hosts(self) -> Path:
        """The servers that this host speaks to by ssh: no other is trusted."""
        return self.config / "known_hosts"

    @property
    def plans(self) -> Path:
        """The plan directory taken when none is named."""
        return self.config / "plans"

    @property
    def database(self) -> Path:
        """The SQLite file of readings, commands and sessions."""
        return self.state / "delcia.db"

    @property
    def panel_secrets(self) -> Path:
        """The password of the panel, for its user alone; in a folder that its unit sees of this one."""
        return self.config / "panel" / "secrets.json"

    @property
    def older_panel_secrets(self) -> Path:
        """Where 0.1 kept it, and its units look for it until the panel is switched on again."""
        return self.config / "panel.json"

    @property
    def panel_state(self) -> Path:
        """What the panel keeps for itself."""
        return self.data / "panel" if self.personal else self.data.with_name("delcia-panel")

    @property
    def spool(self) -> Path:
        """Where the panel leaves a person's words for the next run, on a host without systemd."""
        return self.data / "spool"

    @property
    def generations(self) -> Path:
        """One folder per applied generation, named by its number."""
        return self.data / "generations"

    @property
    def stage(self) -> Path:
        """The generation being made; on the file system of the others, so that a rename completes it."""
        return self.generations / ".stage"

    @property
    def pruned(self) -> Path:
        """An old generation on its way out."""
        return self.generations / ".pruned"

    @property
    def current(self) -> Path:
        """The file with the number of the generation that is applied."""
        return self.data / "current"

    @property
    def manifest(self) -> Path:
        """The list of the files that delcia wrote."""
        return self.data / "manifest.json"

    @property
    def standing(self) -> Path:
        """The file of the units that stand beside the plans' ones."""
        return self.data / "standing.json"

    @property
    def pulled(self) -> Path:
        """The folder of `sync`'s own user: the clone, and what it offers. Root reads it and trusts nothing there."""
        return self.data.with_name(f"{self.data.name}-sync")

    @property
    def synced(self) -> Path:
        """Root's word on the last sync, and whether it is suspended."""
        return self.data / "sync.json"

    @property
    def trial(self) -> Path:
        """Where units are judged that are not in the stage."""
        return self.data / ".trial"

    @property
    def journal(self) -> Path:
        """There while a transaction is under way, or was cut short."""
        return self.data / "journal.json"

    @property
    def kept(self) -> Path:
        """Copies of the files that a transaction replaces."""
        return self.data / "kept"

    @property
    def lock(self) -> Path:
        """Held by whoever changes the host."""
        return self.data / "lock"


def in_service(paths: Paths, env: Mapping[str, str]) -> Paths:
    """Return the places with those that systemd gave to a service, as its environment `env` names them."""
    if paths.root is not None or paths.personal:
        return paths
    return replace(
        paths,
        state=_first(env, "STATE_DIRECTORY") or paths.state,
        cache=_first(env, "CACHE_DIRECTORY") or paths.cache,
        loaded_credentials=_first(env, "CREDENTIALS_DIRECTORY"),
    )


def _first(env: Mapping[str, str], name: str) -> Path | None:
    """Return the first of the folders that a variable lists, if they are absolute."""
    first = env.get(name, "").partition(":")[0]
    return Path(first) if first.startswith("/") else None
