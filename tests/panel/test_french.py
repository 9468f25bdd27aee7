"""Every page of the panel in French: nothing on it is English but what is written in the plans and in git."""

import re
from html.parser import HTMLParser

from support.checkouts import git
from support.evenings import Evening
from support.home import at
from support.panels import Page, fields_in

ENGLISH = re.compile(r"\b(?:the|is|it|its|of|and|to|not|with|by|was|be|been|cannot|has|from|this|at|or|in|no)\b")
"""Words without which hardly an English sentence can be, and which are none of French."""


class Seen(HTMLParser):
    """Reads what people see or hear of a page, but for what says of itself that it is English."""

    def __init__(self, body: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self._foreign: list[str] = []
        self.feed(body)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what is English, and labels."""
        given = dict(attrs)
        if self._foreign or given.get("lang") == "en":
            self._foreign += [tag] if tag not in {"br", "input", "meta", "link"} else []
        self.words += [given[name] or "" for name in ("aria-label", "title") if name in given and not self._foreign]

    def handle_endtag(self, tag: str) -> None:
        """Leave what is English."""
        if self._foreign and self._foreign[-1] == tag:
            self._foreign.pop()

    def handle_data(self, data: str) -> None:
        """Note a text."""
        if data.strip() and not self._foreign:
            self.words.append(data.strip())


def english_on(page: Page) -> list[str]:
    """Return what of a page is English."""
    assert '<html lang="fr">' in page.body
    return [words for words in Seen(page.body).words if ENGLISH.search(words)]


def test_no_page_has_a_word_of_english(planned: Evening) -> None:
    visitor, file = planned.visitor, planned.host.plans / "home.yaml"
    visitor.headers["Accept-Language"] = "fr"
    visitor.say("charge", far="other", percent="60", when="now")
    planned.live(at("Mon 20:05"), at("Mon 20:10"), at("Mon 20:20"))
    planned.host.car.unplug()
    form = fields_in(visitor.get("/plan/nights").body, "/plan/nights/look")
    short = {"far": "100", "when": "windows", "begins": "22:00", "ends": "22:30"}
    looked = visitor.post("/plan/nights/look", {**form, **short})
    pages = [
        *(visitor.get(path) for path in ("/car/spring", "/car/spring/plan/new", "/plan/nights", "/nothing")),
        visitor.get("/car/spring/log"),
        visitor.get("/car/spring/log?at=19:30"),
        visitor.get("/car/spring/log?at=25:00"),
        visitor.get("/plan/nowhere"),
        visitor.say("pause", until="2026-11-20T06:00"),
        visitor.post("/plan/nights/look", {**form, "far": "soc", "soc": "101", "when": "windows", "policy": "x"}),
        looked,
        visitor.post("/plan/nights/look", form),
    ]
    assert "n&#39;atteint pas 100 %" in looked.body, "the warning is there"
    assert "Nuit par nuit" in looked.body
    text = file.read_text(encoding="utf-8")
    file.write_text(f"{text}# mine\n", encoding="utf-8")
    shown = visitor.post("/plan/nights/look", {**form, **short})
    pages.append(visitor.post("/plan/nights/save", fields_in(shown.body, "/plan/nights/save")))
    pages.append(visitor.post("/plan/nights/reset", fields_in(visitor.get("/plan/nights").body, "/plan/nights/reset")))
    file.write_text(text.replace('"07:00"', '"06:00"'), encoding="utf-8")
    git(planned.host.plans, "commit", "--quiet", "--all", "--message=Theirs")
    pages.append(visitor.post("/plan/nights/save", fields_in(shown.body, "/plan/nights/save")))
    pages.append(visitor.post("/plan/nights/look", form))
    planned.live(at("Mon 20:25"), at("Mon 20:30"), at("Tue 02:00"))
    pages.append(visitor.get("/car/spring"))
    assert [left for page in pages for left in english_on(page)] == []
