"""The machine that the other tests stand on."""

import subprocess
from pathlib import Path

from support import image
from support.machine import Machine


def test_a_machine_has_a_systemd_of_its_own_and_only_a_loopback(machine: Machine) -> None:
    assert machine.run(["systemctl", "is-system-running"]).stdout == "running\n"
    interfaces = machine.run(["cat", "/proc/net/dev"]).stdout.splitlines()[2:]
    assert [line.split(":")[0].strip() for line in interfaces] == ["lo"]


def test_what_was_written_survives_a_power_cut_and_a_reboot(machine: Machine) -> None:
    machine.put("/srv/noted", "kept\n")
    machine.kill()
    machine.boot()
    machine.reboot()
    assert machine.run(["cat", "/srv/noted"]).stdout == "kept\n"


def test_install_puts_the_command_on_the_path(machine: Machine) -> None:
    assert machine.run(["delcia", "--version"]).stdout.startswith("delcia ")


def test_what_a_killed_run_left_mounted_is_not_walked_into(tmp_path: Path) -> None:
    kept, root = tmp_path / "kept", tmp_path / "a root.part"
    (kept / "proc").mkdir(parents=True)
    (kept / "word").write_text("here\n", encoding="utf-8")
    (root / "proc").mkdir(parents=True)
    for what, where in ((kept, root / "proc"), (kept, root / "proc/proc")):
        subprocess.run(["mount", "--bind", what, where], check=True)
    image.sweep(root)
    assert not root.exists()
    assert (kept / "word").read_text(encoding="utf-8") == "here\n"
    assert "a\\040root" not in Path("/proc/self/mountinfo").read_text(encoding="utf-8")
