"""A newer version of delcia, to upgrade to: the bundle of this one, with another number in its wheel."""

import hashlib
import shutil
import zipfile
from pathlib import Path

from delcia import __version__

NEWER = "9.9.9"


def newer(bundle: Path, folder: Path) -> Path:
    """Make it in a folder, and return that."""
    shutil.copytree(bundle, folder)
    old = folder / f"wheels/delcia-{__version__}-py3-none-any.whl"
    with zipfile.ZipFile(old) as source, zipfile.ZipFile(str(old).replace(__version__, NEWER), "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name in {"delcia/__init__.py", f"delcia-{__version__}.dist-info/METADATA"}:
                content = content.replace(__version__.encode(), NEWER.encode())
            if name.endswith("RECORD"):
                content = content.replace(f"delcia-{__version__}".encode(), f"delcia-{NEWER}".encode())
            target.writestr(name.replace(f"delcia-{__version__}", f"delcia-{NEWER}"), content)
    old.unlink()
    sums = folder / "SHA256SUMS"
    new = Path(old.name.replace(__version__, NEWER))
    kept = [line for line in sums.read_text(encoding="ascii").splitlines() if not line.endswith(f"/{old.name}")]
    line = f"{hashlib.sha256((folder / 'wheels' / new.name).read_bytes()).hexdigest()}  ./wheels/{new.name}"
    sums.write_text("\n".join([*kept, line]) + "\n", encoding="ascii")
    return folder
