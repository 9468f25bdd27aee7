"""Ways through pytest's own folders, for tests that become another user."""

import tempfile
from pathlib import Path


def let_everybody_pass(folder: Path) -> None:
    """Let all users enter a folder of pytest's, and those above it, however deep pytest has put it."""
    top = Path(tempfile.gettempdir())
    for step in (folder, *folder.parents):
        if not step.is_relative_to(top) or step == top:
            break
        step.chmod(step.stat().st_mode | 0o011)
