"""Everything there is in the stand-in: a clock, people, cars, faults, and a record of every call."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import RLock
from typing import Any

from standin.cars import Car, new_car
from standin.clock import Clock
from standin.faults import Fault, Faults
from standin.people import Account, Person, claims_of


@dataclass(frozen=True, slots=True)
class Call:
    """One call, as it came in: `endpoint` is the name of a route, such as `battery-status` or `getJWT`."""

    at: datetime
    endpoint: str
    method: str
    car: str | None = None


class World:
    """The state behind the service. A test in the same process may use it while it serves."""

    def __init__(self, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self.lock = RLock()
        self.people: dict[str, Person] = {}
        self.cars: dict[str, Car] = {}
        self.faults = Faults()
        self.calls: list[Call] = []
        self.quota_per_h: int | None = None
        """Car API calls an hour before it says `overloaded` for a quarter of an hour."""
        self._quiet_until: datetime | None = None

    def person(self, email: str = "owner@example.org", password: str = "a good password", **what: Any) -> Person:  # noqa: S107, ANN401 - a stand-in's
        """Add somebody who can log in."""
        person = Person(email, password, **what)
        self.people[email] = person
        return person

    def account(self, person: Person, kind: str = "MYDACIA", **what: Any) -> Account:  # noqa: ANN401 - the fields of an Account
        """Add an account to a person."""
        number = sum(len(other.accounts) for other in self.people.values()) + 1
        account = Account(f"account-id-{number:04d}", kind, **what)
        person.accounts.append(account)
        return account

    def car(self, account: Account, name: str = "spring", code: str = "XBG1VE", **what: Any) -> Car:  # noqa: ANN401 - the fields of a Car
        """Add a car to an account."""
        car = new_car(name, len(self.cars) + 1, code, self.clock, **what)
        self.cars[name] = car
        account.cars.append(name)
        return car

    def fault(self, **what: Any) -> Fault:  # noqa: ANN401 - the fields of a Fault
        """Have something go wrong; see `Fault` for what there is."""
        fault = Fault(**what)
        self.faults.add(fault)
        return fault

    def live(self) -> None:
        """Let all cars live up to the present."""
        with self.lock:
            for car in self.cars.values():
                car.live()

    def advance(self, by: timedelta) -> datetime:
        """Let time pass (a set clock only) and return the new instant."""
        with self.lock:
            self.clock.advance(by)
            self.live()
            return self.clock.now()

    def go_to(self, instant: datetime) -> datetime:
        """Let time pass up to an instant."""
        return self.advance(instant - self.clock.now())

    def counts(self) -> Counter[str]:
        """Return how often each endpoint was called."""
        return Counter(call.endpoint for call in self.calls)

    def holder(self, jwt: str | None) -> Person | None:
        """Return whose JWT this is, or None when it is not accepted."""
        claims = claims_of(jwt) if jwt else None
        for person in self.people.values():
            if claims and claims["sub"] == person.person_id and jwt not in person.revoked:
                return person
        return None

    def over_quota(self) -> bool:
        """Say whether the car API refuses to answer for a while; the last call counts."""
        now = self.clock.now()
        if self._quiet_until is not None and now < self._quiet_until:
            return True
        if self.quota_per_h is None:
            return False
        recent = [call for call in self.calls if call.car is not None and call.at > now - timedelta(hours=1)]
        if len(recent) > self.quota_per_h:
            self._quiet_until = now + timedelta(minutes=15)
            return True
        return False

    def secrets(self) -> tuple[str, ...]:
        """Return every text that delcia must never show: e-mail addresses, passwords, tokens, VINs, accounts.

        And where the cars are.
        """
        found: list[str] = []
        for person in self.people.values():
            found += [person.email, person.password, person.login_token, person.person_id, *person.minted]
            found += [account.account_id for account in person.accounts]
            found += sorted(person.devices)
        for car in self.cars.values():
            found += [car.vin, str(car.latitude), str(car.longitude)]
        return tuple(found)


def household(clock: Clock | None = None, **what: Any) -> World:  # noqa: ANN401 - the fields of the Car
    """Return the usual world: an owner, one account, one Spring."""
    world = World(clock)
    world.car(world.account(world.person()), **what)
    return world
