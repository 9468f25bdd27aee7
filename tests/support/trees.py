"""Hostile git trees: objects written by hand, as no git would make them, the same ones for the same number."""

import hashlib
import random
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from support.plans import SMALLEST
from support.repositories import git

NAMES = (
    *(b"home.yaml", b"a.yml", b"plans", b"d", b"d", b"days.txt"),
    *(b"..", b".", b"", b"/", b"a/b.yaml", b"../../evil.yaml", b"/evil.yaml", b"a//b.yaml", b"d/../../evil.yaml"),
    *(b".git", b".GIT", b"git~1", b".g\xe2\x80\x8cit", b".git ", b".gitmodules", b".gitattributes", b".git\\x"),
    *(
        b"a\nb.yaml",
        b"\r\n.yaml",
        b"\x1b[31mred.yaml",
        b"\x07.yaml",
        b"a\tb.yaml",
        b" ",
        b"-rf",
        b"--help",
        b"a\\b.yaml",
    ),
    *(
        b"\xff\xfe.yaml",
        b"\xc3.yaml",
        b"\xed\xa0\x80.yaml",
        "é☀\u202e.yaml".encode(),
        b"x" * 255,
        b"x" * 256,
        b"y" * 5000,
    ),
)
MODES = (
    *(b"100644", b"100644", b"100644", b"40000", b"40000"),
    *(
        b"100755",
        b"120000",
        b"160000",
        b"100664",
        b"040000",
        b"000000",
        b"777777",
        b"140000",
        b"10644",
        b"8",
        b"-1",
        b"",
    ),
)
TEXTS = (
    *(SMALLEST.encode(), b"plans: {}\n", b"", b"\xff\xfe\0", b"\0" * 5000, b"a: &a [*a]\n", b"[" * 3000),
    *(b"calendars: {x: {file: ../../../etc/passwd}}\n", b"calendars: {x: {file: days.txt}}\n", b"2026-12-24\n"),
)
HUGE_BYTES = 150_000_000


@dataclass(frozen=True, slots=True)
class Case:
    """One hostile commit, and in words what is odd about it."""

    what: str
    commit: str


class Maker:
    """Writes objects into a bare repository, without git."""

    def __init__(self, folder: Path) -> None:
        git(folder, "init", "--quiet", "--bare", "hostile.git")
        self.repository = folder / "hostile.git"
        self.texts = [self.put("blob", text) for text in TEXTS]
        self.huge = self.put("blob", b"\0" * HUGE_BYTES)
        self.large = self.put("blob", b"a: b\n" * 300_000)

    def put(self, kind: str, data: bytes, name: str | None = None) -> str:
        """Write an object, under its own name unless another is said; return the name."""
        whole = f"{kind} {len(data)}\0".encode("ascii") + data
        name = name or hashlib.sha1(whole, usedforsecurity=False).hexdigest()
        file = self.repository / "objects" / name[:2] / name[2:]
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(zlib.compress(whole, 1))
        return name

    def tree(self, *entries: tuple[bytes, bytes, str]) -> str:
        """Write a folder of modes, names and objects, in the order given."""
        return self.put("tree", b"".join(mode + b" " + name + b"\0" + bytes.fromhex(to) for mode, name, to in entries))

    def commit(self, tree: str, more: str = "") -> str:
        """Write a commit of a folder."""
        who = "Ada <ada@example.org> 1700000000 +0000"
        return self.put("commit", f"tree {tree}\nauthor {who}\ncommitter {who}\n{more}\nhostile\n".encode())

    def chain(self, levels: int) -> str:
        """Write a folder in a folder, so many times."""
        tree = self.tree((b"100644", b"home.yaml", self.texts[0]))
        for _ in range(levels):
            tree = self.tree((b"40000", b"d", tree))
        return tree

    def bomb(self, levels: int, width: int) -> str:
        """Write few objects that make folders without number."""
        tree = self.tree((b"100644", b"a.yml", self.texts[1]))
        for _ in range(levels):
            tree = self.tree(*((b"40000", b"%d" % number, tree) for number in range(width)))
        return tree

    def wide(self, mode: bytes, to: str, count: int) -> str:
        """Write a folder with as many entries."""
        return self.tree(*((mode, b"%06d.yaml" % number, to) for number in range(count)))


def worst(maker: Maker) -> Iterator[Case]:
    """Yield what is hostile by its size, or forged as a whole."""
    blob = maker.texts[1]
    for levels in (20, 21, 1_100, 5_000):
        yield Case(f"{levels} levels", maker.commit(maker.chain(levels)))
    yield Case("a bomb", maker.commit(maker.bomb(12, 10)))
    yield Case("a bomb of one folder", maker.commit(maker.bomb(18, 2)))
    folders = [maker.tree((b"100644", b"%d.yml" % number, blob)) for number in range(10_001)]
    yield Case("10,001 folders", maker.commit(maker.tree(*((b"40000", b"%d" % n, to) for n, to in enumerate(folders)))))
    yield Case("20,000 files", maker.commit(maker.wide(b"100644", blob, 20_000)))
    yield Case("20,000 hidden files", maker.commit(maker.tree(*((b"100644", b".%d" % n, blob) for n in range(20_000)))))
    yield Case("20,000 links", maker.commit(maker.wide(b"120000", blob, 20_000)))
    yield Case("a huge file", maker.commit(maker.tree((b"100644", b"home.yaml", maker.huge))))
    yield Case("a huge list", maker.commit(maker.put("tree", (b"100644 " + b"x" * 200 + b"\0" + b"x" * 20) * 90_000)))
    yield Case("a huge commit", maker.commit(maker.chain(0), f"x {'y' * 30_000_000}\n"))
    yield Case(
        "50 large files", maker.commit(maker.tree(*((b"100644", b"%d.yml" % n, maker.large) for n in range(50))))
    )
    tree = maker.chain(0)
    yield Case("a forged commit", maker.put("commit", b"tree " + tree.encode() + b"\n\n", "ab" * 20))
    yield Case("a forged tree", maker.commit(maker.put("tree", b"", "cd" * 20)))
    forged = maker.put("blob", TEXTS[0], "ef" * 20)
    yield Case("a forged file", maker.commit(maker.tree((b"100644", b"home.yaml", forged))))
    for data in (
        b"",
        b"tree x\n",
        b"\xff" * 100,
        f"tree {tree}\n\n".encode(),
        f"tree {tree}\nparent {tree}\n".encode(),
    ):
        yield Case(f"a commit of {data[:12]!r}", maker.put("commit", data))
    yield Case("a folder for a commit", tree)
    yield Case("a file for a folder", maker.commit(blob))
    yield Case("nothing for a folder", maker.commit("0" * 40))
    yield Case("a circle", maker.commit(maker.put("tree", b"40000 d\0" + b"\x77" * 20, "77" * 20)))


def drawn(maker: Maker, number: int) -> Case:
    """Return the case of a number: a few folders of odd entries, or octets that are hardly any."""
    lot = random.Random(number)  # noqa: S311 - the same case every time, nothing secret
    made = [*maker.texts, maker.large, "0" * 40]
    if lot.random() < 0.2:
        return Case(f"odd octets {number}", maker.commit(maker.put("tree", _spoiled(maker, lot))))
    tree = maker.chain(0)
    for _ in range(lot.randint(1, 4)):
        entries = [
            (lot.choice(MODES), lot.choice(NAMES), lot.choice([*made, tree, tree, tree]))
            for _ in range(lot.randint(1, 8))
        ]
        tree = maker.tree(*entries)
    return Case(f"odd entries {number}", maker.commit(tree))


def _spoiled(maker: Maker, lot: random.Random) -> bytes:
    entries = [b"100644 %s\0" % lot.choice(NAMES) + bytes.fromhex(lot.choice(maker.texts)) for _ in range(4)]
    data = bytearray(b"".join(entries))
    for _ in range(lot.randint(1, 6)):
        at = lot.randrange(len(data))
        if lot.random() < 0.5:
            data[at] = lot.randrange(256)
        else:
            del data[at:]
            data += b"\0"
    return bytes(data)
