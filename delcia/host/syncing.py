"""The section `sync` of the host's settings: which branch of which repository this host follows.

sync:
  remote: ssh://git@example.org/home/plans.git      # or https://…, git@example.org:home/plans.git, file:///srv/plans.git
  branch: main
  folder: plans                                     # where in it the plans are; the whole of it unless said
  interval_min: 15
  verify: true                                      # only commits signed by a key in allowed_signers, beside host.yaml
  force: true                                       # also follow a branch whose history was rewritten

The server of an ssh remote is known by `known_hosts`, its key is `sync.key`, the token of an https remote `sync.token`:
files beside host.yaml, for root alone; systemd hands them to the service as credentials.
"""

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from delcia.errors import DelciaError, Exit
from delcia.host.hostfile import check_keys, section, wrong

KEYS = ("remote", "branch", "folder", "interval_min", "verify", "force")
BRANCH = re.compile(r"(?!.*(\.\.|//|\.lock(/|$)|/$|\.$))[A-Za-z0-9][A-Za-z0-9._/-]{0,99}")
REMOTE = re.compile(
    r"(?P<scheme>https|ssh)://(?P<user>[A-Za-z0-9._-]+@)?[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]{1,5})?/[A-Za-z0-9._~+/@-]+"
    r"|(?P<file>file):///[A-Za-z0-9._~+/@-]+"
    r"|[A-Za-z0-9._-]+@[A-Za-z0-9][A-Za-z0-9.-]*:[A-Za-z0-9._~+/@-]+"
)
"""No password, no option, nothing that a shell would read: what may stand in a remote's address."""
SHORTEST_MIN, LONGEST_MIN = 1, 24 * 60


@dataclass(frozen=True, slots=True)
class Sync:
    """The branch that a host follows, the folder of its plans there, and how strictly."""

    remote: str
    branch: str = "main"
    folder: str = ""
    interval_min: int = 15
    verify: bool = False
    force: bool = False

    @property
    def address(self) -> str:
        """The remote, without the name of a user."""
        return re.sub(r"[A-Za-z0-9._-]+@", "", self.remote)

    @property
    def shown(self) -> str:
        """The remote and its branch in words."""
        return f"{self.address} ({self.branch})"

    @property
    def protocol(self) -> str:
        """The one protocol that git may speak."""
        return self.remote.partition("://")[0] if "://" in self.remote else "ssh"


def sync_of(path: Path) -> Sync:
    """Return which branch this host follows. Raises `no-sync`, or what is wrong there, as DelciaError 78."""
    found = section(path, "sync")
    if found is None:
        hint = f"write there: sync: {{remote: ssh://git@example.org/plans.git, branch: main}}, in {path}"
        raise DelciaError(f"{path} has no 'sync:'", slug="no-sync", hint=hint, status=Exit.BROKEN)
    if not isinstance(found, dict):
        raise wrong(path, "sync", "must be a mapping", "write sync: {remote: ssh://git@example.org/plans.git}")
    check_keys(path, "sync", found, KEYS)
    texts = {key: found.get(key, usual) for key, usual in (("remote", ""), ("branch", "main"), ("folder", ""))}
    for key, value in texts.items():
        if not isinstance(value, str):
            raise wrong(path, f"sync: {key}", "must be text", "put it in quotes")
    if not REMOTE.fullmatch(texts["remote"]) or "/../" in texts["remote"]:
        hint = "write https://HOST/PATH, ssh://USER@HOST/PATH or file:///PATH; a token belongs into sync.token"
        raise wrong(path, "sync: remote", "is no address of a repository that delcia would ask", hint)
    if not BRANCH.fullmatch(texts["branch"]):
        raise wrong(path, "sync: branch", f"'{texts['branch']}' is no name of a branch", "write branch: main")
    parts = PurePosixPath(texts["folder"]).parts
    if texts["folder"].startswith("/") or ".." in parts or not texts["folder"].isprintable():
        raise wrong(path, "sync: folder", "must be a folder of the repository", "write folder: plans")
    interval = found.get("interval_min", 15)
    if not isinstance(interval, int) or isinstance(interval, bool) or not SHORTEST_MIN <= interval <= LONGEST_MIN:
        what = f"must be {SHORTEST_MIN} to {LONGEST_MIN} min"
        raise wrong(path, "sync: interval_min", what, "leave it out for 15")
    for key in ("verify", "force"):
        if not isinstance(found.get(key, False), bool):
            raise wrong(path, f"sync: {key}", "is neither true nor false", f"write {key}: true or {key}: false")
    return Sync(
        texts["remote"],
        texts["branch"],
        "/".join(parts),
        interval,
        verify=found.get("verify", False),
        force=found.get("force", False),
    )
