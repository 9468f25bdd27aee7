"""What the cars of each model code can do at the service, as owners found it (renault-api 0.6.2)."""

from dataclasses import dataclass

FORBIDDEN = "err.func.wired.forbidden"
RETIRED = "err.func.wired.invalid-body-format"
NO_DATA = "err.func.wired.notFound"

Order = tuple[str, str]
"""An endpoint and the action posted to it."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A battery and the charger in the car: usable kWh, limits in kW, fixed loss in kW."""

    usable_kwh: float
    ac_1phase_kw: float
    ac_3phase_kw: float
    overhead_kw: float


@dataclass(frozen=True, slots=True)
class Model:
    """One model code: its orders that work, those that are accepted without effect, and what can be read.

    `self_resume_s`: the car takes up a stopped charge again after that time. `plug_out`: what it reports
    as plug status when not plugged in.
    """

    code: str
    label: str
    brand: str
    cell: Cell
    orders: frozenset[Order]
    reads: frozenset[str]
    void: frozenset[Order] = frozenset()
    energy: str = "ELEC"
    self_resume_s: float | None = None
    plug_out: int = 0
    idle_status: float = 0.0
    battery_label: str = ""
    """The capacity in the maker's vehicle details."""

    def refusal(self, endpoint: str, action: str) -> str | None:
        """Return the error code with which an order is refused, or None when it is accepted."""
        if (endpoint, action) in self.orders | self.void:
            return None
        return RETIRED if endpoint == "charging-start" else FORBIDDEN

    def read_refusal(self, endpoint: str) -> str | None:
        """Return the error code with which a question is refused, or None when it is answered."""
        if endpoint in self.reads:
            return None
        return NO_DATA if endpoint == "location" else FORBIDDEN


_KCA = frozenset({("charging-start", "start"), ("charging-start", "stop")})
_PAUSE = frozenset({("pause-resume", "resume"), ("pause-resume", "pause")})
_SETTINGS = frozenset({("ev-settings", "post")})
_LIMIT = frozenset({("soc-levels", "post")})
_COMMON = frozenset({"battery-status", "location", "adapter", "charges"})
_NEWER = _COMMON | {"ev-settings", "soc-levels"}

_SPRING = Cell(26.8, 6.6, 0.0, 0.16)
_MASTER, _PLUG_IN = Cell(87.0, 7.4, 11.0, 0.17), Cell(8.0, 3.7, 0.0, 0.2)
_KCA_START = frozenset({("charging-start", "start")})
_R5 = Cell(52.0, 7.4, 11.0, 0.17)

MODELS = {
    model.code: model
    for model in (
        Model("XBG1VE", "SPRING", "DACIA", _SPRING, _PAUSE, _COMMON, battery_label="26K0B"),
        Model("XBG2VE", "SPRING", "DACIA", _SPRING, _SETTINGS | _LIMIT, _NEWER),
        Model("R5E1VE", "RENAULT 5", "RENAULT", _R5, _SETTINGS | _LIMIT, _NEWER, battery_label="52K0B"),
        Model("A4E1VE", "RENAULT 4", "RENAULT", _R5, _SETTINGS | _LIMIT, _NEWER, battery_label="52K0B"),
        Model("A5E1AE", "A290", "ALPINE", _R5, _SETTINGS | _LIMIT, _NEWER, battery_label="52K0B"),
        Model(
            "XCB1VE",
            "MEGANE E-TECH",
            "RENAULT",
            Cell(60.0, 7.4, 22.0, 0.17),
            frozenset({("charge-start", "start"), ("kcm-schedule", "post")}) | _LIMIT,
            _COMMON | {"charging-settings", "soc-levels"},
            battery_label="60K0B",
        ),
        Model(
            "XCB1SE",
            "SCENIC E-TECH",
            "RENAULT",
            Cell(87.0, 7.4, 22.0, 0.21),
            _SETTINGS | _LIMIT,
            _NEWER,
            battery_label="87K0B",
        ),
        Model(
            "X101VE",
            "ZOE",
            "RENAULT",
            Cell(41.0, 7.4, 22.0, 0.45),
            _KCA | {("charge-schedule", "post"), ("charge-mode", "post")},
            (_COMMON | {"charge-mode", "charge-schedule"}) - {"location"},
            self_resume_s=300.0,
            idle_status=-1.0,
            battery_label="045KWH",
        ),
        Model(
            "X102VE",
            "ZOE",
            "RENAULT",
            Cell(52.0, 7.4, 22.0, 0.37),
            frozenset({("charging-start", "start"), ("charge-start", "start")}),
            _COMMON | {"charging-settings"},
            void=frozenset({("pause-resume", "pause")}),
            battery_label="052KWH",
        ),
        Model(
            "X071VE",
            "TWINGO III",
            "RENAULT",
            Cell(21.4, 7.4, 22.0, 0.51),
            frozenset({("charging-start", "start")}),
            _COMMON | {"charging-settings"},
        ),
        Model("XDD1VE", "MASTER", "RENAULT", _MASTER, _SETTINGS | _LIMIT, _NEWER, battery_label="87K0B"),
        Model("XFB2BI", "MEGANE IV", "RENAULT", _PLUG_IN, _KCA, _COMMON - {"location"}, energy="PHEV"),
        Model("XFB2BK", "MEGANE IV", "RENAULT", _PLUG_IN, _KCA_START, _COMMON, energy="PHEV"),
        Model("XHN1CP", "RAFALE", "RENAULT", _PLUG_IN, _LIMIT, _NEWER, energy="PHEV"),
        *(
            Model(code, label, brand, _SPRING, frozenset(), _COMMON, energy="OTHER")
            for code, label, brand in (
                ("XJB1SU", "CAPTUR II", "RENAULT"),
                ("XHN1ML", "ESPACE VI", "RENAULT"),
                ("XJA1VP", "CLIO V", "RENAULT"),
                ("XJA2VP", "CLIO V", "RENAULT"),
                ("XJB2SU", "CAPTUR II", "RENAULT"),
                ("XHN1SU", "AUSTRAL", "RENAULT"),
                ("XJB2CP", "SYMBIOZ", "RENAULT"),
                ("XJF2BI", "SANDERO III", "DACIA"),
                ("BD11SL", "BIGSTER", "DACIA"),
                ("DU31SU", "DUSTER III", "DACIA"),
                ("XJL2TR", "ARKANA", "RENAULT"),
            )
        ),
    )
}


def model_of(code: str) -> Model:
    """Return a model; a code that nobody knows is taken for an electric car with the oldest endpoints."""
    return MODELS.get(code) or Model(code, code, "RENAULT", _R5, _KCA, _COMMON)
