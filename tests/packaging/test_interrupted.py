"""Ctrl-C while `install.sh` runs something beside."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
BESIDE = """
import time
from support.interrupted import heed
heed()
try:
    print("ready", flush=True)
    time.sleep(60)
except KeyboardInterrupt:
    time.sleep(0.5)
    print("tidied up", flush=True)
"""
SCRIPT = """
set -eu
here=$1
. "$here/install/words.sh"
"$2" -c "$3" &
beside=$!
sleep 60
"""


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_what_runs_beside_has_put_away_its_things_when_the_script_ends(number: int, status: int) -> None:
    argv = ["sh", "-c", SCRIPT, "sh", str(CHECKOUT), sys.executable, BESIDE]
    env = {**os.environ, "PYTHONPATH": str(CHECKOUT / "tests")}
    with subprocess.Popen(argv, env=env, stdout=subprocess.PIPE, text=True, start_new_session=True) as script:
        assert script.stdout is not None
        assert script.stdout.readline() == "ready\n"
        if number == signal.SIGINT:
            os.killpg(script.pid, number)  # as a terminal does
        else:
            script.send_signal(number)
            children = Path(f"/proc/{script.pid}/task/{script.pid}/children").read_text(encoding="ascii").split()
            for child in children:  # a shell hears of it when what it waits for has ended
                if Path(f"/proc/{child}/comm").read_text(encoding="ascii") == "sleep\n":
                    os.kill(int(child), signal.SIGTERM)
        assert script.stdout.read() == "tidied up\n"
    assert script.returncode == status
