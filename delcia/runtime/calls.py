"""The calls of one run: one connection, made when needed; each call counted against the account's budget."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Literal

from delcia.car.protocol import Car
from delcia.errors import DelciaError, Exit
from delcia.store.budget import calls_left, circuit_open_until, count_call
from delcia.store.connection import Store

Call = Literal["read", "locate", "start", "stop", "setting", "wake", "charges"]


@dataclass(slots=True)
class Calls:
    """The connection of one run to one car of an account; `tz` is the home's."""

    account: str
    store: Store
    open_car: Callable[[], Car]
    now: datetime
    tz: tzinfo
    car: Car | None = None
    counted: int = 0

    def ready(self, kind: Call, *, for_stop: bool = False) -> Car:
        """Return the car, having counted a call. Raise DelciaError 75 when the account must be left in peace.

        A stop, and what is called `for_stop`, may use the reserve of the budget. What was called by now beyond what was
        asked, tries and tokens, counts first.
        """
        account, store = self.account, self.store
        self._count_made()
        until = circuit_open_until(store, account, self.now)
        if until is not None:
            msg = f"the car's service asked to be left in peace until {until.astimezone(self.tz):%H:%M}"
            raise DelciaError(msg, slug="quota", hint="nothing to do: delcia goes on then", status=Exit.TRY_AGAIN)
        if calls_left(store, account, self.now, for_stop=for_stop or kind == "stop") <= 0:
            msg = f"60 calls in an hour were made for account '{account}': delcia waits"
            raise DelciaError(msg, slug="budget", hint="nothing to do: delcia goes on then", status=Exit.TRY_AGAIN)
        if self.car is None:
            self.car = self.open_car()
        count_call(store, account, self.now, kind)
        self.counted += 1
        return self.car

    def close(self) -> None:
        """Let go of the connection, if there is one."""
        if self.car is None:
            return
        with suppress(DelciaError):  # a state that was lost has nothing to be counted in
            self._count_made()
        self.car.close()

    def _count_made(self) -> None:
        made = getattr(self.car, "calls_made", self.counted)
        for _ in range(made - self.counted):
            count_call(self.store, self.account, self.now, "again")
            self.counted += 1
