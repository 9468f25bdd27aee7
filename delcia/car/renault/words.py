"""The words for what the service may answer, with the slug, the way out and the exit status of each."""

from dataclasses import dataclass

from delcia.errors import Exit

_AGAIN = "nothing to do: delcia tries again"
_UPDATE = "update delcia and renault-api; if that does not help, report it to delcia"


@dataclass(frozen=True, slots=True)
class Words:
    """One answer, in the owner's words. Fields in braces: what was tried, the service's code, the time spent."""

    slug: str
    message: str
    hint: str
    status: Exit = Exit.TRY_AGAIN


def _broken(slug: str, message: str, hint: str) -> Words:
    return Words(slug, message, hint, Exit.BROKEN)


LOGIN_EXPIRED = Words("login-expired", "the login at Renault has expired", "run 'delcia login'", Exit.LOGIN)
NOT_BOUND = Words("not-bound", "vehicle '{doing}' is bound to no car of the account", "run 'delcia login'", Exit.LOGIN)

CODES = {
    "err.func.wired.overloaded": Words(
        "quota",
        "Renault takes no more calls for now ({code})",
        "nothing to do: delcia waits; other programs on the same account use up its calls too",
    ),
    "err.func.wired.unauthorized": _broken(  # renault-api#2266, #1443
        "unauthorized",
        "Renault refuses {doing}, also with a new token",
        "check the connected services in the car's app; " + _UPDATE,
    ),
    "err.func.wired.forbidden": _broken(
        "forbidden",
        "Renault forbids {doing} for this car",
        "check the model in the plan, the car's connected services, and the locale of the account",
    ),
    "err.func.403": Words(
        "access-denied",
        "Renault denies access for {doing}",
        "if it lasts, look in the car's app whether the account still has the car",
    ),
    "err.func.wired.notFound": _broken(
        "no-data",
        "Renault has no data of this car for {doing}",
        "look in the car's app whether the account still has the car; then run 'delcia login'",
    ),
    "err.func.wired.not-found": _broken("no-such-call", "Renault knows no way of {doing} for this car", _UPDATE),
    "err.func.wired.invalid-body-format": _broken(  # renault-api#1867
        "command-retired", "Renault no longer takes this way of {doing}", _UPDATE
    ),
    "err.func.400": _broken("invalid-request", "Renault found the request for {doing} invalid", _UPDATE),
    "409001": Words("busy", "the car is just changing its charge mode", _AGAIN),
    "err.func.privacy.on": _broken(
        "privacy-mode", "the car's privacy mode is on, so nothing can be asked of it", "switch it off in the car"
    ),
    "err.func.wired.low.battery.level": _broken(
        "low-battery", "the car says that its battery is too low for {doing}", "charge it at its charger first"
    ),
    "err.func.not.connected": _broken(  # renault-api#1855, evcc#3535
        "not-connected", "the car is not connected to Renault's service", "pair the car again in its app"
    ),
    "err.tech.500": Words("renault-trouble", "Renault's service has trouble with {doing} ({code})", _AGAIN),
    "err.tech.501": Words("renault-trouble", "Renault's service has trouble with {doing} ({code})", _AGAIN),
    "err.tech.wired.kamereon-proxy": Words(
        "renault-trouble", "Renault's service has trouble with {doing} ({code})", _AGAIN
    ),
}
"""By the car API's error code."""

STATUSES = {
    words.slug: words
    for words in (
        Words("login-service", "Renault's login service has trouble ({code})", _AGAIN),
        Words("renault-trouble", "Renault's service has trouble with {doing} ({code})", _AGAIN),
        Words("odd-answer", "Renault's answer to {doing} makes no sense ({code})", _AGAIN),
        _broken("odd-setting", "{doing} is not possible: what the car has makes no sense ({code})", "look in its app"),
        Words("car-unavailable", "the car did not answer within {within}", _AGAIN),
        Words("unreachable", "Renault's service cannot be reached", "look at this host's network; delcia tries again"),
        Words(
            "tls",
            "Renault's service could not prove who it is",
            "look at this host's clock, network and ca-certificates; delcia tries again",
        ),
        Words(
            "redirected",
            "the answer to {doing} sends delcia to another address, where it does not go",
            "look for a captive portal or proxy in this host's network; delcia tries again",
        ),
        Words(
            "not-renaults",
            "the answer to {doing} is not from Renault's service ({code})",
            "look for a captive portal or proxy in this host's network; delcia tries again",
        ),
        _broken("api-key", "Renault denies access to this version of its clients ({code})", _UPDATE),  # pyze#94
        _broken("refused", "Renault refused {doing} ({code})", _UPDATE),
        _broken(
            "not-for-this-model",
            "this model has no way of {doing} from afar",
            "see 'delcia models' for what it can; set control: in the plans, or end the charge at the charger",
        ),
    )
}
"""By slug, for failures that come without such a code."""

RETRIED = frozenset({"login-service", "renault-trouble", "odd-answer", "car-unavailable", "unreachable"})
"""What may be gone in a moment."""
