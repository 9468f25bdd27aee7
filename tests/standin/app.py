"""The web application: login service, car API and levers on one port, with faults and counting in front."""

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web

from standin import control, gigya, kamereon
from standin.faults import answer
from standin.gigya import WORLD
from standin.world import Call, World

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def _counted(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Note the call, let the cars live up to it, and let the fault that is due strike."""
    world, endpoint = request.app[WORLD], request.match_info.route.name or request.path
    if request.path.startswith("/control/"):
        return await handler(request)
    with world.lock:
        world.live()
        vin = request.match_info.get("vin")
        car = next((name for name, car in world.cars.items() if car.vin == vin), None)
        world.calls.append(Call(world.clock.now(), endpoint, request.method, car))
        fault = world.faults.striking(endpoint, request.method)
    if fault is None:
        return await handler(request)
    request[kamereon.FAULT] = fault
    if fault.answers and fault.obeyed:
        await handler(request)
    await asyncio.sleep(fault.delay_s)
    if not fault.answers:
        return await handler(request)
    if fault.drop and request.transport is not None:
        request.transport.abort()
    return answer(fault)


def application(world: World) -> web.Application:
    """Return the service of a world."""
    app = web.Application(middlewares=[_counted])
    app[WORLD] = world
    app.add_routes([*gigya.ROUTES, *kamereon.ROUTES, *control.ROUTES])
    return app
