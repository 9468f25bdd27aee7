"""Completion as a person has it: a shell on a terminal, a piece of a command, and the tabulator."""

import os
import shutil
import sys
from pathlib import Path

import pytest
from support.command import delcia
from support.terminal import Terminal

SHELLS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], "source ./completion"),
    "zsh": (["zsh", "-f", "-i"], "autoload -U compinit; compinit -D -u; source ./completion"),
    "fish": (["fish", "--no-config", "-C", "function fish_prompt; echo 'ready> '; end"], "source ./completion"),
}


@pytest.mark.parametrize("shell", SHELLS)
def test_a_command_an_option_and_its_values_are_completed(shell: str, tmp_path: Path) -> None:
    program, prepare = SHELLS[shell]
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed; as root, ./install.sh --test installs it")
    (tmp_path / "completion").write_text(delcia("completion", shell).stdout, encoding="utf-8")
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    here = {"HOME": str(tmp_path), "ZDOTDIR": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    terminal = Terminal(
        cwd=tmp_path, program=["setsid", "--ctty", "--wait", *program], PS1="ready> ", PATH=path, TERM="xterm", **here
    )
    terminal.answer("ready> ", prepare)
    terminal.answer("ready> ", "delcia compl\tfi\t | head -c 200; echo en''ded")
    terminal.answer("ended", "delcia val\tnowhere --form\tgit\t; echo en''ded")
    terminal.answer("ended", "exit")
    assert terminal.end() == 0, terminal.seen
    assert "function _delcia_completion" in terminal.seen
    assert "::error file=nowhere" in terminal.seen
