"""The car's list of its charges, with the oddities of real ones: seconds, whole points, "error" (renault-api#800)."""

from datetime import datetime
from typing import Any

STAMP = "%Y-%m-%dT%H:%M:%SZ"


def entry(began: datetime, ended: datetime, soc_start: float, soc_end: float, kwh: float) -> dict[str, Any]:
    """Return a charge that is over, as the service words it; SoC are fractions."""
    return {
        "chargeStartDate": began.strftime(STAMP),
        "chargeEndDate": ended.strftime(STAMP),
        "chargeDuration": round((ended - began).total_seconds()),
        "chargeStartBatteryLevel": int(soc_start * 100 + 1e-6),
        "chargeEndBatteryLevel": int(soc_end * 100 + 1e-6),
        "chargeEnergyRecovered": round(kwh, 1),
        "chargeEndStatus": "error",
    }
