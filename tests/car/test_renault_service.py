"""Who may be sent an account's secrets."""

from dataclasses import replace

import pytest
from support.renault import vehicle

from delcia.car.renault import connect
from delcia.car.renault.service import service_of
from delcia.core.access import Access, Binding
from delcia.errors import DelciaError, Exit

ACCESS = Access(
    origin="https://accounts.eu1.gigya.com",
    login_token="a token",  # noqa: S106 - a test's
    vehicles={"spring": Binding("an account", "VF1STANDIN0000001")},
)


@pytest.mark.parametrize(
    ("locale", "origin"),
    [
        ("fr_FR", "https://accounts.eu1.gigya.com"),
        ("fr_LU", "https://accounts.eu1.gigya.com"),
        ("en_AU", "https://gigya-prod-au1.renaultgroup.com"),
        ("es_MX", "https://accounts.us1.gigya.com"),
    ],
)
def test_each_locale_has_its_login_service(locale: str, origin: str) -> None:
    service = service_of(locale, None)

    assert (service.origin, service.loopback) == (origin, False)


def test_an_unknown_locale_is_refused_and_never_looked_up() -> None:
    with pytest.raises(DelciaError, match="no locale 'xx_XX'") as caught:
        service_of("xx_XX", None)

    assert caught.value.status is Exit.BROKEN
    assert "fr_FR" in caught.value.hint


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("http://127.0.0.1:8400", "http://127.0.0.1:8400"),
        ("http://127.0.0.1:8400/", "http://127.0.0.1:8400"),
        ("http://localhost:8400", "http://localhost:8400"),
        ("http://[::1]:8400", "http://[::1]:8400"),
        ("https://127.8.8.8", "https://127.8.8.8"),
    ],
)
def test_a_stand_in_lives_on_this_machine(url: str, origin: str) -> None:
    service = service_of("fr_FR", url)

    assert (service.origin, service.loopback) == (origin, True)
    assert {value for name, value in service.details if name.endswith("url")} == {url.rstrip("/")}


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org",
        "http://192.168.1.2:8400",
        "http://127.0.0.1.example.org",
        "http://localhost.example.org",
        "http://127.0.0.1@example.org",
        "http://user:secret@127.0.0.1",
        "http://0.0.0.0:8400",
        "http://0x7f000001",
        "http://127.0.0.1/?to=example.org",
        "http://127.0.0.1:port",
        "http://127.0.0.1:99999",
        "http://[::1",
        "file:///etc/passwd",
        "127.0.0.1:8400",
        "http://",
    ],
)
def test_any_other_address_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(DelciaError, match="no address of this machine") as caught:
        service_of("fr_FR", url)

    assert (caught.value.slug, caught.value.status) == ("not-loopback", Exit.BROKEN)
    assert "secret" not in caught.value.text()


@pytest.mark.parametrize(
    ("origin", "url"),
    [
        ("https://accounts.eu1.gigya.com", "http://127.0.0.1:8400"),
        ("http://127.0.0.1:8400", None),
        ("http://127.0.0.1:8400", "http://127.0.0.1:8401"),
        ("http://127.0.0.1:8400", "http://localhost:8400"),
        ("https://accounts.us1.gigya.com", None),
    ],
)
def test_secrets_go_to_their_issuer_alone(origin: str, url: str | None) -> None:
    with pytest.raises(DelciaError) as caught:
        connect(vehicle(), replace(ACCESS, origin=origin), locale="fr_FR", cache_folder=None, base_url=url)

    assert (caught.value.slug, caught.value.status) == ("wrong-origin", Exit.BROKEN)


def test_nothing_is_sent_by_connecting() -> None:
    connect(vehicle(), ACCESS, locale="fr_FR", cache_folder=None).close()
