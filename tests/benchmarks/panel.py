"""What the panel costs: the time to its first answer, against importing aiohttp and jinja2, and its memory.

Run: python tests/benchmarks/panel.py
"""

import http.client
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PLANS = Path(__file__).parents[2] / "plans"
IMPORT = "import aiohttp, jinja2"
ON_A_SOCKET = """
import os, sys
os.environ["LISTEN_PID"] = str(os.getpid())
os.dup2(int(sys.argv.pop(1)), 3)
from delcia.__main__ import main
main()
"""
TIMES = 5


def imported_s() -> float:
    """Return how long a process takes that imports both and ends."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", IMPORT], check=True)
    return time.perf_counter() - began


def answered(root: str, path: str) -> tuple[float, int]:
    """Return the seconds from the connection to the whole first answer of a process, and its most memory, in MB."""
    with socket.create_server(("127.0.0.1", 0)) as given:
        began = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-c", ON_A_SOCKET, str(given.fileno()), "panel", "--served", "--root", root],
            env={**os.environ, "LISTEN_FDS": "1"},
            pass_fds=[given.fileno()],
        )
        try:
            line = http.client.HTTPConnection("127.0.0.1", given.getsockname()[1], timeout=60)
            line.request("GET", path)
            answer = line.getresponse()
            answer.read()
            took_s = time.perf_counter() - began
            if answer.status != http.HTTPStatus.OK:
                sys.exit(f"{path} answers {answer.status}")
            line.close()
            status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
            return took_s, int(re.findall(r"VmHWM:\s+(\d+)", status)[0]) // 1024
        finally:
            process.terminate()
            process.wait()


def main() -> None:
    """Print both pages against the import; the least of some times, for a busy machine only adds."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as root:
        delcia = [sys.executable, "-m", "delcia"]
        subprocess.run([*delcia, "apply", str(PLANS), "--yes", "--root", root], check=True, capture_output=True)
        vehicle = next(iter(re.findall(r"^  ([a-z0-9_-]+):.*model:", _text(), re.MULTILINE)))
        answered(root, f"/car/{vehicle}")  # compiles what Python and jinja2 keep compiled
        yardstick_s = min(imported_s() for _ in range(TIMES))
        print(f"importing aiohttp and jinja2: {yardstick_s:.3f} s")
        for name, path in (("the form for the password", "/login"), ("the page of a car", f"/car/{vehicle}")):
            found = [answered(root, path) for _ in range(TIMES)]
            took_s, most_mb = min(took for took, _ in found), max(mb for _, mb in found)
            print(f"{name}: first answer {took_s:.3f} s, {took_s / yardstick_s:.2f} times that; {most_mb} MB at most")


def _text() -> str:
    return (PLANS / "home.yaml").read_text(encoding="utf-8")


if __name__ == "__main__":
    main()
