"""Where things lie, and what systemd may say of it."""

from pathlib import Path

import pytest
from support.command import delcia_process

from delcia.host.folders import account
from delcia.host.paths import Paths, in_service


def test_a_host_has_its_files_where_the_distribution_expects_them() -> None:
    paths = Paths.system()
    assert paths.root is None
    assert paths.units == Path("/etc/systemd/system")
    assert paths.database == Path("/var/lib/delcia/state/delcia.db")
    assert paths.cache == Path("/var/cache/delcia")
    assert paths.credentials == Path("/etc/delcia/credentials")
    assert paths.host_file == Path("/etc/delcia/host.yaml")
    assert paths.plans == Path("/etc/delcia/plans")


def test_below_a_root_folder_everything_is_below_it(tmp_path: Path) -> None:
    paths = Paths.system(tmp_path)
    places = [getattr(paths, name) for name in dir(Paths) if not name.startswith("_")]
    for place in places:
        if isinstance(place, Path):
            assert place.is_relative_to(tmp_path)
    assert paths.stage.parent == paths.generations


def test_a_relative_root_is_made_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert Paths.system(Path("here")).units == tmp_path / "here/etc/systemd/system"


def test_a_service_finds_its_folders_in_its_environment(tmp_path: Path) -> None:
    env = {
        "STATE_DIRECTORY": "/s/delcia/state:/s/other",
        "CACHE_DIRECTORY": "/c/delcia",
        "CREDENTIALS_DIRECTORY": "/run/credentials/x",
    }
    paths = in_service(Paths.system(), env)
    assert paths.database == Path("/s/delcia/state/delcia.db")
    assert paths.cache == Path("/c/delcia")
    assert paths.credential_folders == (Path("/run/credentials/x"), Path("/etc/delcia/credentials"))
    assert in_service(Paths.system(), {"STATE_DIRECTORY": "relative"}) == Paths.system()
    assert in_service(Paths.system(tmp_path), env) == Paths.system(tmp_path)


def test_the_user_of_the_service_is_looked_up_and_not_made() -> None:
    before = account()
    assert account() == before


def test_reading_the_applied_generation_imports_little(tmp_path: Path) -> None:
    assert delcia_process("--version").status == 0
    import subprocess
    import sys

    script = (
        "import sys; from pathlib import Path; from delcia.host.paths import Paths;"
        "from delcia.host.generations import current_generation;"
        "assert current_generation(Paths.system(Path(sys.argv[1]))) is None; print(*sys.modules)"
    )
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        env={"PYTHONPATH": root},
        capture_output=True,
        text=True,
        check=True,
    )
    assert not set(done.stdout.split()) & {"subprocess", "shutil", "tempfile", "yaml", "jinja2", "click"}
