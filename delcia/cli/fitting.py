"""Where the plans and this host do not fit: another model than the car itself says, a charger without its commands."""

from collections.abc import Iterator
from contextlib import suppress

from delcia.config.catalogue import models
from delcia.core.model import Site
from delcia.errors import DelciaError
from delcia.host.credentials import load
from delcia.host.paths import Paths
from delcia.host.settings import switch_of


def misfits(site: Site, paths: Paths) -> Iterator[str]:
    """Yield, in words, what of a site this host knows better. Nobody is asked: what `delcia login` learned counts."""
    yield from _models(site, paths)
    named = {site.chargers[plan.charger].commands for plan in site.plans.values() if plan.enabled}
    for name in sorted(name for name in named if name is not None):
        try:
            switch_of(paths, name)
        except DelciaError as error:
            yield f"{error.message} [{error.slug}]\n    hint: {error.hint}"


def _models(site: Site, paths: Paths) -> Iterator[str]:
    for name, vehicle in sorted(site.vehicles.items()):
        known = models().get(vehicle.model) if vehicle.model else None
        if known is None or not known.model_code or vehicle.driver != "renault":
            continue
        binding = None
        with suppress(DelciaError):  # not logged in yet, or not readable for whoever this is
            binding = load(paths, vehicle.account).vehicles.get(name)
        code = binding.model_code if binding is not None else None
        if code is not None and code != known.model_code:
            alike = ", ".join(model.id for model in models().values() if model.model_code == code)
            words = f"vehicle '{name}' is a {known.id} ({known.model_code}) in the plans, the car says {code}"
            hint = f"write model: {alike}" if alike else "see 'delcia models', and correct model: in the plans"
            yield f"{words} [model-mismatch]\n    hint: {hint}"
