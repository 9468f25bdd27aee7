"""The command itself: help, versions, colour, usage errors, and how runs end."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support.command import delcia, delcia_process

from delcia import __version__
from delcia.cli.ending import guarded
from delcia.cli.main import SECTIONS, group
from delcia.errors import DelciaError, Exit

NAMES = [name for section in SECTIONS.values() for name in section]


def raising(error: BaseException) -> Callable[[], int]:
    def run() -> int:
        raise error

    return run


def loaded_by(*argv: str) -> set[str]:
    """Return the modules that a command line leaves loaded."""
    script = (
        "import sys, atexit; import delcia.__main__ as m; sys.argv = ['delcia', *sys.argv[1:]]\n"
        "atexit.register(lambda: sys.stderr.write('\\n'.join(sys.modules)))\n"
        "m.main()"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", script, *argv], capture_output=True, text=True, check=True, cwd=root)
    return set(done.stderr.split())


def test_help_lists_every_command_and_fits_a_screen() -> None:
    ran = delcia("--help")
    assert ran.status == 0
    assert len(ran.stdout.splitlines()) <= 50
    assert all(len(line) <= 80 for line in ran.stdout.splitlines())
    assert "\n  completion " in ran.stdout


def test_help_imports_no_command() -> None:
    modules = loaded_by("--help")
    assert not [name for name in NAMES if f"delcia.cli.{name}" in modules]
    assert not {"yaml", "jsonschema", "jinja2", "tabulate", "aiohttp", "renault_api"} & modules


@pytest.mark.parametrize("option", ["--version", "-V"])
def test_the_version_comes_without_the_weight_of_click(option: str) -> None:
    assert "click" not in loaded_by(option)
    ran = delcia_process(option)
    assert (ran.status, ran.stdout, ran.stderr) == (0, f"delcia {__version__}\n", "")


def test_a_mistyped_command_is_recognised() -> None:
    ran = delcia("compeltion")
    assert ran.status == Exit.USAGE
    assert ran.stdout == ""
    assert ran.stderr == (
        "delcia: error: no such command 'compeltion' [usage]\n    hint: did you mean 'delcia completion'?\n"
    )


def test_a_mistyped_option_is_recognised() -> None:
    ran = delcia("--colr", "never", "completion", "fish")
    assert ran.status == Exit.USAGE
    assert ran.stderr == "delcia: error: no such option '--colr' [usage]\n    hint: did you mean '--color'?\n"


def test_a_missing_argument_is_explained() -> None:
    ran = delcia("completion")
    assert ran.status == Exit.USAGE
    assert "missing argument 'SHELL'" in ran.stderr
    assert "hint: 'delcia completion --help' shows how" in ran.stderr


def test_no_command_at_all_shows_the_help_and_is_a_usage_error() -> None:
    ran = delcia()
    assert ran.status == Exit.USAGE
    assert ran.stdout == ""
    assert ran.stderr.startswith("Usage: delcia")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_printed_for(shell: str) -> None:
    ran = delcia("completion", shell)
    assert ran.status == 0
    assert "_DELCIA_COMPLETE" in ran.stdout


def test_completion_completes_commands() -> None:
    asked = {"_DELCIA_COMPLETE": "bash_complete", "COMP_WORDS": "delcia compl", "COMP_CWORD": "1"}
    assert "completion" in delcia_process(env=asked).stdout


@pytest.mark.parametrize(
    ("before", "after", "no_color", "expected"),
    [
        ((), (), "", None),
        ((), (), "1", False),
        (("--color", "always"), (), "1", True),
        ((), ("--color", "always"), "1", True),
        (("--color", "never"), (), "", False),
        (("--color", "never"), ("--color", "always"), "", True),
        (("--color", "always"), ("--color", "never"), "", False),
        ((), ("--color", "auto"), "", None),
        ((), ("--color", "auto"), "1", False),
    ],
)
def test_colour_is_decided_by(
    before: tuple[str, ...],
    after: tuple[str, ...],
    no_color: str,
    expected: bool | None,  # noqa: FBT001 - a column of the table
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NO_COLOR", no_color)
    parent = group.make_context("delcia", [*before, "completion"])
    command = group.get_command(parent, "completion")
    assert command is not None
    context = command.make_context("completion", [*after, "fish"], parent=parent)
    assert context.color is expected


def test_a_failed_unit_becomes_an_error_in_the_journal() -> None:
    ran = delcia("notify", "--unit=delcia-plan-nights.service")
    assert (ran.status, ran.stderr) == (0, "")
    assert ran.stdout.startswith("<3>delcia-plan-nights.service failed")


def test_an_error_of_delcia_is_said_with_its_status(capsys: pytest.CaptureFixture[str]) -> None:
    error = DelciaError("the car sleeps", slug="car-unavailable", hint="wait", status=Exit.TRY_AGAIN)
    assert guarded(raising(error)) == Exit.TRY_AGAIN
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "delcia: error: the car sleeps [car-unavailable]\n    hint: wait\n"


def test_a_bug_shows_where_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(raising(ZeroDivisionError("x"))) == Exit.BUG
    said = capsys.readouterr().err
    assert "Traceback" in said
    assert said.splitlines()[-1].startswith("delcia: error: ZeroDivisionError: x; this is a bug in delcia")


def test_a_bug_shows_no_address_of_an_error_behind_it(capsys: pytest.CaptureFixture[str]) -> None:
    vin = "VF1AAAAA" + "555777999"
    fault = KeyError(vin)
    fault.__cause__ = OSError(f"https://example.org/accounts/a1/vehicles/{vin}")
    assert guarded(raising(fault)) == Exit.BUG
    said = capsys.readouterr().err
    assert "VF1AAAAA" not in said
    assert "https" not in said
    assert "KeyError; this is a bug" in said


def test_ctrl_c_is_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(raising(KeyboardInterrupt())) == Exit.INTERRUPTED
    assert capsys.readouterr().err == "\n"


@pytest.mark.parametrize("words", [["--version"], ["--help"], ["models", "--json"], ["schema", "report"]])
def test_a_full_disk_behind_stdout_is_said(words: list[str]) -> None:
    with Path("/dev/full").open("w", encoding="ascii") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "delcia", *words], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert ran.returncode == 74
    assert ran.stderr.startswith("delcia: error: the answer cannot be written: No space left on device [output]\n")
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize("words", ["--version", "models"])
def test_a_stdout_that_is_closed_is_no_bug(words: str) -> None:
    ran = subprocess.run(
        ["sh", "-c", f'exec "$0" -m delcia {words} >&-', sys.executable], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")


def test_a_reader_that_leaves_early_hears_no_complaint() -> None:
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, "-m", "delcia", "--help"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=root
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == Exit.PROBLEMS
