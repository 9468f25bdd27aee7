"""Reading unit files back, as systemd does."""

from collections.abc import Iterator

ALLOWED = {
    "Unit": {"Description", "Wants", "After", "OnFailure"},
    "Timer": {"OnCalendar", "OnBootSec", "OnClockChange", "OnTimezoneChange", "AccuracySec", "Unit"},
    "Install": {"WantedBy"},
    "Service": {
        *("Type", "User", "ExecStart", "TimeoutStartSec", "SuccessExitStatus", "UMask"),
        *("StateDirectory", "StateDirectoryMode", "CacheDirectory", "CacheDirectoryMode"),
        *("NoNewPrivileges", "CapabilityBoundingSet", "AmbientCapabilities", "ProtectSystem", "ProtectHome"),
        *("PrivateTmp", "PrivateDevices", "DevicePolicy", "PrivateUsers", "ProtectClock", "ProtectControlGroups"),
        *("ProtectHostname", "ProtectKernelLogs", "ProtectKernelModules", "ProtectKernelTunables", "ProtectProc"),
        *("ProcSubset", "RestrictAddressFamilies", "RestrictNamespaces", "RestrictRealtime", "RestrictSUIDSGID"),
        *("LockPersonality", "MemoryDenyWriteExecute", "RemoveIPC", "KeyringMode", "SystemCallArchitectures"),
        *("SystemCallFilter", "SystemCallErrorNumber"),
    },
}
"""All directives, by section, that units may have: each is in the manual of systemd 247 (Debian 11)."""


def directives(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield section, key and value of each setting of a unit file. A line of any other shape is an AssertionError."""
    section = ""
    for line in text.split("\n"):
        assert not line.endswith("\\"), line
        if line.startswith("[") and line.endswith("]"):
            section = line[1:-1]
        elif line and not line.startswith(("#", ";")):
            key, sign, value = line.partition("=")
            assert sign, line
            yield section, key, value
