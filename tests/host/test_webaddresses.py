"""Which web addresses a host's settings may name: over TLS any, in the clear those of the house alone."""

import pytest

from delcia.host.webaddresses import fault_of, is_near

HINT = "write an address"


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "wallbox", "wallbox.local", "wallbox.LOCAL.", "relay.lan", "x.home.arpa", "127.0.0.1", "::1"),
        *("192.168.1.7", "10.0.0.1", "172.16.0.1", "169.254.1.1", "fe80::1", "fd00::7", "::ffff:192.168.1.7", "7up"),
    ],
)
def test_what_only_a_house_gives_is_near(host: str) -> None:
    assert is_near(host)


@pytest.mark.parametrize(
    "host",
    [
        *("example.org", "ntfy.sh", "wallbox.local.example.org", "8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8"),
        *(
            "134744072",
            "0x08080808",
            "010.8.8.8",
            "8.8.2056",
            "0x8.0x8.0x8.0x8",
            "8.526344",
            "2130706433",
            "134744072.",
        ),
    ],
)
def test_a_number_is_no_name_of_a_house_however_a_resolver_reads_it(host: str) -> None:
    assert not is_near(host)


@pytest.mark.parametrize(
    "given", ["https://example.org/x", "http://wallbox/on?x=1", "http://[fe80::1]/", "https://8.8.8.8"]
)
def test_these_are_asked(given: str) -> None:
    assert fault_of(given, HINT) is None


@pytest.mark.parametrize(
    "given",
    [
        *(None, 7, "", "wallbox", "ftp://wallbox", "https://", "https://me:secret@example.org", "http://wallbox /on"),
        *(
            "https://example.org/\n",
            "https://example.org:99999999/",
            "http://é/",
            "http://134744072/",
            "http://ntfy.sh",
        ),
    ],
)
def test_these_are_not_and_nothing_of_them_is_told(given: object) -> None:
    fault = fault_of(given, HINT)
    assert fault is not None
    assert not given or given == "https://" or str(given) not in " ".join(fault)
