"""How long one question or order may take, all tries together, and how long to wait between them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """Times in seconds. A wait doubles from try to try and varies by half, so that hosts do not call in step."""

    deadline_s: float = 90.0
    tries: int = 3
    first_wait_s: float = 4.0
    connect_s: float = 10.0
    answer_s: float = 40.0

    def wait_s(self, tried: int, chance: float) -> float:
        """Return how long to wait after so many tries; `chance` lies between 0 and 1."""
        return self.first_wait_s * 2.0 ** (tried - 1) * (0.75 + chance / 2)
