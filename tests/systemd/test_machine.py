"""The machine that the other tests stand on."""

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
