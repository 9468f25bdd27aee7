"""What never belongs in git: secrets, VINs, commands and web addresses are refused, and never shown."""

from delcia.config.findings import ADDRESS, VIN, Findings, quoted
from delcia.config.nodes import Entry, Scalar

_SECRETS = frozenset(
    [
        *("password", "passwd", "passphrase", "secret", "token", "login_token", "api_key", "apikey", "key", "jwt"),
        *("username", "user", "email", "mail", "login", "credentials", "pin"),
    ]
)
_ADDRESSES = frozenset(["url", "uri", "webhook", "host", "endpoint", "notify", "mqtt", "smtp"])
_COMMANDS = frozenset(
    ["command", "exec", "run", "script", "shell", "start_command", "stop_command", "on_start", "on_stop", "hook"]
)


def belongs_elsewhere(entry: Entry, findings: Findings) -> bool:
    """Report an unknown key that names something of the host's; return whether it did."""
    key = entry.key.lower().replace("-", "_")
    if key in _SECRETS:
        what, hint = "a secret", "remove it, change it if it was pushed, and run 'delcia login' on the host"
    elif key in {"vin", "vins"} or VIN.search(entry.key):
        what, hint = "a VIN", "remove it; 'delcia login' on the host binds the car to its name"
    elif key in _ADDRESSES:
        what, hint = "an address", "write it in /etc/delcia/host.yaml on the host"
    elif key in _COMMANDS:
        what, hint = "a command", "define it in /etc/delcia/host.yaml on the host"
    else:
        return False
    findings.error(entry.place, "not-in-git", f"{quoted(entry.key)}: {what} does not belong in a plan", hint)
    return True


def belongs_on_the_host(node: Scalar, text: str, findings: Findings) -> bool:
    """Report a text that is private by its looks, without showing it; return whether it did."""
    if VIN.search(text):
        what, hint = "a VIN", "remove it; 'delcia login' on the host binds the car to its name"
    elif "://" in text:
        what, hint = "a web address", "write it in /etc/delcia/host.yaml on the host"
    elif ADDRESS.search(text):
        what, hint = "an e-mail address", "remove it, and run 'delcia login' on the host"
    elif text.startswith("/"):
        what, hint = "a path or a command", "define it in /etc/delcia/host.yaml on the host"
    else:
        return False
    findings.error(node.place, "not-in-git", f"{what} does not belong in a plan", hint)
    return True
