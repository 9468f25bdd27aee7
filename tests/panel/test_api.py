"""`GET /api/status`: the cars for a home automation, with a token of its own and nothing else."""

from support.evenings import PASSWORD, Evening
from support.panels import Visitor, served
from support.simulated_home import published

from delcia.panel.patience import FROM_ONE


def test_the_token_opens_the_endpoint_and_nothing_else(locked: Evening) -> None:
    token = locked.host.delcia("panel", "--new-token").stdout.strip()
    with served(locked.host.root) as port:
        visitor = Visitor(port)
        assert visitor.get("/api/status").status == 401
        with_token = {"Authorization": f"Bearer {token}"}
        page = visitor.get("/api/status", **with_token)
        data = published("panel", page.body)
        car = data["vehicles"]["spring"]
        assert (car["plug"], car["override"], car["next_start"]) == ("plugged", None, "2026-11-24T00:38:00Z")
        assert (car["currency"], 50 <= car["soc_pct"] <= 60) == ("EUR", True)
        assert (car["soc_basis"], car["estimate"]["basis"], car["estimate"]["spread_pct"]) == ("carried", "prior", 10.0)
        assert visitor.get("/car/spring", **with_token).status == 303
        assert visitor.log_in(token).status == 403
        assert visitor.log_in(PASSWORD).status == 303
        again = locked.host.delcia("panel", "--new-token").stdout.strip()
        assert again != token
        assert token not in (locked.host.root / "etc/delcia/panel.json").read_text(encoding="utf-8")
        assert visitor.get("/car/spring").status == 200, "a visit does not end with a token"
    with served(locked.host.root) as port:
        assert Visitor(port).get("/api/status", **with_token).status == 401
        assert Visitor(port).log_in(PASSWORD).status == 303, "a new token leaves the password as it is"


def test_without_a_token_set_no_token_opens_it(evening: Evening) -> None:
    for token in ("", "x", " "):
        assert evening.visitor.get("/api/status", Authorization=f"Bearer {token}").status == 401


def test_guessing_is_borne_a_few_times(evening: Evening) -> None:
    statuses = [evening.visitor.get("/api/status", Authorization="Bearer guess").status for _ in range(FROM_ONE + 2)]
    assert statuses == [401] * FROM_ONE + [429, 429]
