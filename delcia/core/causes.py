"""The causes of notices that are more than a name: which cannot wait, and which are no car's."""

URGENT = frozenset({"login-expired", "not-logged-in", "far-short"})
SYNC_REFUSED, SYNC_AWAY, SYNC_FAILED, DRIFT = "sync-refused", "sync-away", "sync-failed", "drift"
OF_SYNC = frozenset({SYNC_REFUSED, SYNC_AWAY, SYNC_FAILED})
OF_HOST = OF_SYNC | {DRIFT}
"""Causes that are over when whoever told of them says so, however well the cars are."""
