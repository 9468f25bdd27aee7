"""Cars and accounts, with the catalogue's numbers where the owner gives none."""

from delcia.config.catalogue import models
from delcia.config.findings import Findings, listed, quoted
from delcia.config.merge import Merged
from delcia.config.nodes import Entry, Mapping
from delcia.config.reading import mapping, number, scalar, text, truth
from delcia.core.model import Account, Battery, Control, Home, Vehicle

USUAL_OVERHEAD_KW = 0.17
"""What most cars use while charging (facts of the charging model); a guess for a car that is not known."""
ANYWHERE = "anywhere"
_CAUTIOUS = Control(start=True, stop=False, soc_limit=False)
_SIMULATED = Control(start=True, stop=True, soc_limit=True)


def home(merged: Merged, findings: Findings) -> Home | None:
    """Return the place in which plans act, if there is one."""
    entry = merged.singles.get("home")
    if entry is None or not isinstance(entry.node, Mapping):
        return None
    radius = number(entry.node, "radius_m", findings)
    latitude, longitude = (number(entry.node, key, findings) for key in ("latitude", "longitude"))
    return Home(int(radius) if radius is not None else Home().radius_m, latitude, longitude)


def accounts(merged: Merged, findings: Findings) -> dict[str, Account]:
    """Return the accounts; without any there is one, 'default'."""
    found = {}
    for name, entry in merged.maps["accounts"].items():
        if isinstance(entry.node, Mapping):
            found[name] = Account(name, text(entry.node, "locale", findings) or Account(name).locale)
    return found or {"default": Account("default")}


def vehicle(entry: Entry, merged: Merged, findings: Findings) -> Vehicle | None:
    """Return a car, or None where something about it was reported."""
    node = entry.node
    if not isinstance(node, Mapping):
        return None
    model = _model(node, findings)
    simulated = text(node, "driver", findings) == "simulated"
    known = models().get(model) if model else None
    control = _control(node, known.control if known else _SIMULATED if simulated else _CAUTIOUS, findings)
    hold = _hold(entry, node, control, merged, findings)
    minimum = number(node, "minimum_soc", findings)
    account = _account(entry, node, merged, findings)
    battery = _battery(node, known.battery if known else None, findings)
    if battery is None:
        return None
    return Vehicle(
        name=entry.key,
        model=model,
        battery=battery,
        control=control,
        hold=hold,
        minimum_soc_pct=int(minimum) if minimum is not None else battery.held_minimum_pct if hold else None,
        account=account,
        driver="simulated" if simulated else "renault",
        resumes=known is not None and known.resumes,
        hold_anywhere=text(node, "hold", findings) == ANYWHERE,
    )


def _model(node: Mapping, findings: Findings) -> str | None:
    found = scalar(node, "model", findings)
    if found is None:
        return None
    if found.text in models():
        return found.text
    word = found.text.lower().replace("_", "-")
    batteries = [model for model in models() if model.startswith(f"{word}-")]
    if word in models():
        hint = f"did you mean '{word}'?"
    elif batteries:
        hint = f"choose {' or '.join(batteries)}"
    else:
        hint = findings.nearest(word, models(), "choose one of 'delcia models', or give usable_kwh and ac_1phase_kw")
    findings.error(found.place, "unknown-model", f"no model {quoted(found.text)}", hint)
    return None


def _battery(node: Mapping, known: Battery | None, findings: Findings) -> Battery | None:
    own = {key: number(node, key, findings) for key in ("usable_kwh", "ac_1phase_kw", "ac_3phase_kw", "overhead_kw")}
    base = known or Battery(0.0, 0.0, 0.0, USUAL_OVERHEAD_KW)
    numbers = {key: given if given is not None else getattr(base, key) for key, given in own.items()}
    return Battery(**numbers) if numbers["usable_kwh"] and numbers["ac_1phase_kw"] else None


def _control(node: Mapping, base: Control, findings: Findings) -> Control:
    own = mapping(node, "control", findings)
    if own is None:
        return base
    said = {key: truth(own, key, findings) for key in ("start", "stop", "soc_limit")}
    return Control(**{key: getattr(base, key) if given is None else given for key, given in said.items()})


def _hold(entry: Entry, node: Mapping, control: Control, merged: Merged, findings: Findings) -> bool:
    """Return whether a charge that begins by itself is stopped: as said, else at home where the car can be stopped."""
    said = truth(node, "hold", findings)
    if said is not None:
        return said
    if text(node, "hold", findings) == ANYWHERE:
        return True
    if "hold" in node.entries or "home" in merged.singles or findings.unread:
        return control.stop
    hint = "add hold: true to stop a charge that begins on plugging in, or hold: false to let it run"
    if not control.stop:
        hint = "add hold: false, as this car cannot be stopped from afar"
    message = f"'{entry.key}' has no 'hold', which a site without home needs"
    findings.error(entry.place, "missing-hold", message, hint)
    return False


def _account(entry: Entry, node: Mapping, merged: Merged, findings: Findings) -> str:
    known = merged.maps["accounts"]
    named = scalar(node, "account", findings)
    if named is None:
        if len(known) > 1 and "account" not in node.entries and "default" not in known:
            findings.error(
                entry.place, "missing-account", f"'{entry.key}' has no 'account'", f"choose one of {listed(known)}"
            )
        return "default" if "default" in known or not known else next(iter(known))
    if named.text not in known and (known or named.text != "default") and not findings.unread:
        hint = findings.nearest(named.text, known, f"add it: accounts: {{{named.text}: {{locale: fr_FR}}}}")
        findings.error(named.place, "unknown-account", f"no account {quoted(named.text)}", hint)
    return named.text
