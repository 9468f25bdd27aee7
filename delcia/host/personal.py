"""Whether delcia is a user's own here: one rule for all commands and every run, found without loading anything."""

import os
from collections.abc import Mapping

SYSTEM_DATA, SYSTEM_CONFIG = "/var/lib/delcia", "/etc/delcia"


def xdg(env: Mapping[str, str], variable: str, usual: str) -> str:
    """Return a user's folder for delcia: below what the variable names, else below `usual` in their home."""
    base = env.get(variable, "")
    return f"{base if base.startswith('/') else env.get('HOME', '') + '/' + usual}/delcia"


def own_data(env: Mapping[str, str]) -> str:
    """Return the folder in which a user without root keeps generations and state."""
    return xdg(env, "XDG_STATE_HOME", ".local/state")


def data_folder(env: Mapping[str, str], uid: int) -> str:
    """Return the folder of generations and state that a run of this user is about."""
    return own_data(env) if is_personal(env, uid) else SYSTEM_DATA


def is_personal(env: Mapping[str, str], uid: int) -> bool:
    """Tell whether a command of this user is about their own delcia, and not the host's.

    It is when they are not root and have applied plans themselves, or when root has never set delcia up here.
    """
    if uid == 0 or not env.get("HOME"):
        return False
    if os.path.exists(f"{own_data(env)}/generations"):  # noqa: PTH110 - pathlib alone takes 15 ms
        return True
    return not (os.path.exists(SYSTEM_DATA) or os.path.exists(SYSTEM_CONFIG))  # noqa: PTH110 - as above
