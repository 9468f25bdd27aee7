"""The levers of the stand-in, for people and for tests in another process. No part of Renault's service.

GET    /control/state         the clock, the cars, what they last reported, and every call
POST   /control/clock         {"now": "2026-11-23T19:41:00+01:00"} stands still then, {"now": null} is the real clock;
                              {"advance_s": 300}; {"speed": 60}
POST   /control/cars/NAME     {"do": "plug", "power_kw": 2.3, "phases": 1}; {"do": "unplug"};
                              {"do": "press", "kind": "stop"}, as the owner in the app; {"do": "power", "on": false};
                              {"do": "drive", "points": 20, "latitude": 48.9, "longitude": 2.4};
                              {"do": "set", "soc_pct": 40}. With "at": an instant, it happens then
POST   /control/cars/NAME/manners  {"obeys": false}; any of `Manners` in cars.py
POST   /control/faults        {"endpoint": "battery-status", "code": "err.tech.500", "times": 2}; any of `Fault`
DELETE /control/faults        everything goes well again
POST   /control/people/EMAIL  {"expire": "login"} or "jwt"; {"two_factor": true}; {"forget_devices": true}
POST   /control/quota         {"per_h": 60}, or null
DELETE /control/calls         forget the calls counted so far
"""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from standin.cars import Car
from standin.gigya import WORLD

DEEDS = {"plug", "unplug", "drive", "power", "press", "set"}


def _car(request: web.Request) -> Car:
    car = request.app[WORLD].cars.get(request.match_info["name"])
    if car is None:
        raise web.HTTPNotFound(text="no such car")
    return car


async def state(request: web.Request) -> web.Response:
    """Show everything."""
    world = request.app[WORLD]
    world.live()
    cars = {
        name: {
            "model": car.model.code,
            "soc_pct": round(car.soc * 100, 2),
            "plugged": car.plugged,
            "charging": car.charging,
            "reported_at": car.report.at.isoformat(),
            "reported_soc_pct": car.report.level_pct,
            "orders": [{"at": at.isoformat(), "kind": kind} for at, kind in car.orders],
        }
        for name, car in world.cars.items()
    }
    calls = [{**asdict(call), "at": call.at.isoformat()} for call in world.calls]
    return web.json_response(
        {"now": world.clock.now().isoformat(), "cars": cars, "counts": dict(world.counts()), "calls": calls}
    )


async def clock(request: web.Request) -> web.Response:
    """Set the clock, or let it go on."""
    world, given = request.app[WORLD], await request.json()
    with world.lock:
        world.live()
        if "now" in given:
            world.clock.set(None if given["now"] is None else datetime.fromisoformat(given["now"]))
        if "advance_s" in given:
            world.clock.advance(timedelta(seconds=given["advance_s"]))
        world.live()
        if "speed" in given:
            world.clock.pace(float(given["speed"]))
    return web.json_response({"now": world.clock.now().isoformat()})


async def move(request: web.Request) -> web.Response:
    """Do something to a car, now or later."""
    world, car, given = request.app[WORLD], _car(request), await request.json()
    deed, at = given.pop("do", None), given.pop("at", None)
    if deed not in DEEDS or (at is not None and deed in {"set", "press"}):
        raise web.HTTPBadRequest(text=f"no such deed: {deed}")
    with world.lock:
        world.live()
        if deed == "set":
            car.soc = given["soc_pct"] / 100
        elif at is not None:
            car.later(datetime.fromisoformat(at), deed, **given)
        else:
            getattr(car, deed)(**given)
    return web.json_response({})


async def manners(request: web.Request) -> web.Response:
    """Change how a car behaves."""
    car, given = _car(request), await request.json()
    _assign(car.manners, given)
    return web.json_response({})


async def fault(request: web.Request) -> web.Response:
    """Set a fault."""
    request.app[WORLD].fault(**await request.json())
    return web.json_response({})


async def no_faults(request: web.Request) -> web.Response:
    """Clear all faults."""
    request.app[WORLD].faults.clear()
    return web.json_response({})


async def people(request: web.Request) -> web.Response:
    """Expire tokens, or ask for codes."""
    person, given = request.app[WORLD].people.get(request.match_info["email"]), await request.json()
    if person is None:
        raise web.HTTPNotFound(text="nobody of that name")
    if given.get("expire") == "login":
        person.revoke_login()
    if given.get("expire") == "jwt":
        person.revoke_jwts()
    if given.get("forget_devices"):
        person.devices.clear()
    if "two_factor" in given:
        person.two_factor = bool(given["two_factor"])
    return web.json_response({})


async def quota(request: web.Request) -> web.Response:
    """Allow so many calls of the car API an hour."""
    request.app[WORLD].quota_per_h = (await request.json())["per_h"]
    return web.json_response({})


async def no_calls(request: web.Request) -> web.Response:
    """Forget the calls."""
    request.app[WORLD].calls.clear()
    return web.json_response({})


def _assign(what: object, given: dict[str, Any]) -> None:
    for name, value in given.items():
        if not hasattr(what, name):
            raise web.HTTPBadRequest(text=f"no such property: {name}")
        setattr(what, name, value)


ROUTES = (
    web.get("/control/state", state),
    web.post("/control/clock", clock),
    web.post("/control/cars/{name}", move),
    web.post("/control/cars/{name}/manners", manners),
    web.post("/control/faults", fault),
    web.delete("/control/faults", no_faults),
    web.post("/control/people/{email}", people),
    web.post("/control/quota", quota),
    web.delete("/control/calls", no_calls),
)
