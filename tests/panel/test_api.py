"""`GET /api/status`: the cars for a home automation, with a token of its own and nothing else."""

from support.evenings import PASSWORD, Evening
from support.panels import Visitor, served
from support.simulated_home import published

from delcia.panel.patience import IN_ALL


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
        assert token not in (locked.host.root / "etc/delcia/panel/secrets.json").read_text(encoding="utf-8")
        assert visitor.get("/car/spring").status == 200, "a visit does not end with a token"
    with served(locked.host.root) as port:
        assert Visitor(port).get("/api/status", **with_token).status == 401
        assert Visitor(port).log_in(PASSWORD).status == 303, "a new token leaves the password as it is"


def test_without_a_token_set_no_token_opens_it(evening: Evening) -> None:
    for token in ("", "x", " "):
        assert evening.visitor.get("/api/status", Authorization=f"Bearer {token}").status == 401


def test_who_guesses_keeps_nobody_out_who_has_the_token(evening: Evening) -> None:
    token = evening.host.delcia("panel", "--new-token").stdout.strip()
    statuses = {evening.visitor.get("/api/status", Authorization="Bearer guess").status for _ in range(IN_ALL + 10)}
    assert statuses == {401}
    assert evening.visitor.get("/api/status", Authorization=f"Bearer {token}").status == 200
