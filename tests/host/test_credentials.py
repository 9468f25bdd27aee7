"""An account's secrets on the host: kept for one user alone, and words for every way in which they can be missing."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from delcia.core.access import Access, Binding, Coordinates
from delcia.errors import DelciaError, Exit
from delcia.host.credentials import accounts, load, remove, save
from delcia.host.folders import Account
from delcia.host.paths import Paths

FIRST, SECOND = "a login token", "another one"
ACCESS = Access(
    origin="https://accounts.eu1.gigya.com",
    login_token=FIRST,
    device_ids={"gmid": "a device", "ucid": "another"},
    vehicles={"spring": Binding("an account id", "VF1STANDIN0000001", "XBG1VE")},
    home=Coordinates(48.8566, 2.3522),
)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths.system(tmp_path)


def test_what_is_saved_is_loaded_again(paths: Paths) -> None:
    save(paths, "default", ACCESS, None)

    assert load(paths, "default") == ACCESS
    assert accounts(paths) == ("default",)


def test_only_the_owner_may_read_it_and_everybody_may_pass_by(paths: Paths) -> None:
    old = os.umask(0)
    try:
        path = save(paths, "default", ACCESS, None)
    finally:
        os.umask(old)

    assert path.stat().st_mode & 0o7777 == 0o400
    assert path.parent.stat().st_mode & 0o7777 == 0o711
    assert [each.name for each in path.parent.iterdir()] == ["default.json"]


def test_it_can_be_found_under_a_strict_umask(paths: Paths) -> None:
    old = os.umask(0o077)
    try:
        path = save(paths, "default", ACCESS, None)
    finally:
        os.umask(old)

    assert path.parent.parent.stat().st_mode & 0o7777 == 0o755


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_root_gives_it_to_the_user_of_the_service(paths: Paths) -> None:
    path = save(paths, "default", ACCESS, Account(65534, 65534))

    assert (path.stat().st_uid, path.stat().st_gid) == (65534, 65534)


def test_a_new_login_replaces_the_old_one(paths: Paths) -> None:
    save(paths, "default", ACCESS, None)
    save(paths, "default", replace(ACCESS, login_token=SECOND), None)

    assert load(paths, "default").login_token == SECOND


def test_what_systemd_hands_over_comes_first(paths: Paths, tmp_path: Path) -> None:
    loaded = tmp_path / "run"
    save(paths, "default", replace(ACCESS, login_token=SECOND), None)
    save(paths, "family", ACCESS, None)
    given = save(Paths.system(tmp_path / "elsewhere"), "default", ACCESS, None)
    loaded.mkdir()
    (loaded / "default.json").write_bytes(given.read_bytes())
    (loaded / "default.json").chmod(0o440)
    service = replace(paths, loaded_credentials=loaded)

    assert load(service, "default").login_token == FIRST
    assert load(service, "family").login_token == FIRST
    assert accounts(service) == ("default", "family")


@pytest.mark.parametrize(("account", "command"), [("default", "'delcia login'"), ("family", "--account family")])
def test_without_a_login_it_says_which_command_helps(paths: Paths, account: str, command: str) -> None:
    with pytest.raises(DelciaError) as caught:
        load(paths, account)

    assert (caught.value.slug, caught.value.status) == ("not-logged-in", Exit.LOGIN)
    assert command in caught.value.hint


@pytest.mark.parametrize("mode", [0o404, 0o440, 0o644, 0o402])
def test_secrets_that_others_can_read_are_not_used(paths: Paths, mode: int) -> None:
    path = save(paths, "default", ACCESS, None)
    path.chmod(mode)

    with pytest.raises(DelciaError, match="can be read by others") as caught:
        load(paths, "default")

    assert caught.value.status is Exit.BROKEN
    assert f"chmod 0400 {path}" in caught.value.hint


def test_a_folder_in_its_place_is_named(paths: Paths) -> None:
    (paths.credentials / "default.json").mkdir(parents=True)

    with pytest.raises(DelciaError, match="cannot be read: Is a directory") as caught:
        load(paths, "default")

    assert (caught.value.slug, caught.value.status) == ("credentials-unreadable", Exit.BROKEN)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"origin": "x", "login_token": "y", "vehicles": 7}', "null"])
def test_a_damaged_file_asks_for_a_login(paths: Paths, text: str) -> None:
    path = save(paths, "default", ACCESS, None)
    path.chmod(0o600)
    path.write_text(text, encoding="utf-8")

    with pytest.raises(DelciaError, match="damaged") as caught:
        load(paths, "default")

    assert caught.value.status is Exit.LOGIN


def test_nothing_secret_shows_when_it_is_printed() -> None:
    shown = repr(ACCESS)

    for secret in ("a login token", "a device", "an account id", "VF1STANDIN0000001", "48.85", "2.35"):
        assert secret not in shown
    assert ACCESS.vehicles["spring"].vin_tail == "0001"


def test_removing_is_done_once_and_safe_twice(paths: Paths) -> None:
    save(paths, "default", ACCESS, None)

    assert remove(paths, "default")
    assert not remove(paths, "default")
    assert accounts(paths) == ()


def test_an_account_is_no_path(paths: Paths) -> None:
    with pytest.raises(ValueError, match="no name of an account"):
        load(paths, "../../etc/passwd")
