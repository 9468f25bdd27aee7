"""The car API: who has which cars, what they last reported, and the orders passed on to them."""

import uuid
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from aiohttp import web

from standin.cars import CHARGING, Car
from standin.faults import Fault, kamereon_error
from standin.gigya import WORLD
from standin.people import Account
from standin.world import World

FAULT = web.RequestKey("fault", Fault)
ACCOUNT = "/commerce/v1/accounts/{account}"
ADAPTER = ACCOUNT + "/kamereon/kca/car-adapter/v"
VEHICLE = ACCOUNT + "/kamereon/kcm/v1/vehicles/{vin}"

Answer = Callable[[web.Request, World, Car], Awaitable[web.StreamResponse]]


def _stamp(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def _refused(request: web.Request) -> web.Response | None:
    """Return the error for whoever may not call the car API at all, or not now."""
    world = request.app[WORLD]
    if not request.headers.get("apikey") or not request.query.get("country"):
        return web.json_response({"error": "access_denied"}, status=403)
    if world.holder(request.headers.get("x-gigya-id_token")) is None:
        return kamereon_error("err.func.wired.unauthorized", "The access is unauthorized", 401)
    if world.over_quota():
        return kamereon_error("err.func.wired.overloaded", "You have reached your quota limit", 500)
    return None


def _account_of(request: web.Request) -> Account | None:
    """Return the account of the path, if it belongs to the caller and answers to anybody."""
    person = request.app[WORLD].holder(request.headers.get("x-gigya-id_token"))
    named = request.match_info["account"]
    found = (account for account in (person.accounts if person else []) if account.account_id == named)
    return next((account for account in found if not account.refuses), None)


async def persons(request: web.Request) -> web.Response:
    """Answer with the accounts of the caller."""
    if refusal := _refused(request):
        return refusal
    person = request.app[WORLD].holder(request.headers.get("x-gigya-id_token"))
    if person is None or person.person_id != request.match_info["person"]:
        return kamereon_error("err.func.403", "Access is denied for this resource", 403)
    accounts = [
        {"accountId": account.account_id, "accountType": account.kind, "accountStatus": account.status}
        for account in person.accounts
    ]
    return web.json_response({"personId": person.person_id, "accounts": accounts})


def _details(car: Car) -> dict[str, Any]:
    return {
        "vin": car.vin,
        "registrationNumber": f"ST-{car.vin[-3:]}-IN",
        "brand": {"label": car.model.brand},
        "model": {"code": car.model.code, "label": car.model.label, "group": "000"},
        "energy": {"code": car.model.energy, "label": car.model.energy},
        "engineEnergyType": car.model.energy,
        "vcd": f"SYS/STANDIN/{car.model.battery_label}/END",
    }


async def vehicles(request: web.Request) -> web.Response:
    """Answer with the cars of an account."""
    if refusal := _refused(request):
        return refusal
    account, world = _account_of(request), request.app[WORLD]
    if account is None:
        return kamereon_error("err.func.403", "Access is denied for this resource", 403)
    cars = [world.cars[name] for name in account.cars]
    links = [{"vin": car.vin, "status": account.link_status, "vehicleDetails": _details(car)} for car in cars]
    return web.json_response({"accountId": account.account_id, "country": "FR", "vehicleLinks": links})


def of_a_car(answer: Answer) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """Let a handler see only cars that the caller's account has."""

    async def handler(request: web.Request) -> web.StreamResponse:
        if refusal := _refused(request):
            return refusal
        account, world = _account_of(request), request.app[WORLD]
        if account is None:
            return kamereon_error("err.func.403", "Access is denied for this resource", 403)
        cars = (world.cars[name] for name in account.cars)
        car = next((car for car in cars if car.vin == request.match_info["vin"]), None)
        if car is None:
            return kamereon_error("err.func.wired.notFound", "There is no data for this vin and uid", 404)
        return await answer(request, world, car)

    return handler


async def details(_request: web.Request, _world: World, car: Car) -> web.Response:
    """Answer with what kind of car it is."""
    return web.json_response(_details(car))


def _attributes(car: Car, endpoint: str) -> dict[str, Any]:
    report = car.report
    if endpoint == "battery-status":
        kwh = car.model.cell.usable_kwh
        found: dict[str, Any] = {
            "timestamp": _stamp(report.at),
            "batteryLevel": report.level_pct,
            "batteryAutonomy": round(report.level_pct * kwh / 12),
            "plugStatus": report.plug,
            "chargingStatus": report.status,
        }
        if report.status == CHARGING:
            found["chargingRemainingTime"] = report.remaining_min
        return found
    if endpoint == "location":
        return {"gpsLatitude": car.latitude, "gpsLongitude": car.longitude, "lastUpdateTime": _stamp(car.located_at)}
    if endpoint == "adapter":
        known = {"vin": car.vin, "modelCodeDetail": car.model.code}
        return {**known, "energy": "electric", "privacyMode": "off", "carGateway": "AVN"}
    if endpoint == "charge-mode":
        return {"chargeMode": "schedule_mode" if car.scheduled else "always_charging"}
    return {"mode": "always", "schedules": []}


def _charges(request: web.Request, car: Car) -> dict[str, Any]:
    """Return the charges that began on the days asked for, newest first."""
    first, last = request.query["start"], request.query["end"]
    days = [(item, str(item.get("chargeStartDate"))[:10].replace("-", "")) for item in reversed(car.charges)]
    return {"charges": [item for item, day in days if not day.isdigit() or first <= day <= last]}


async def ask(request: web.Request, _world: World, car: Car) -> web.Response:
    """Answer a question to the car adapter, wrapped as it wraps."""
    endpoint = request.match_info.route.name or ""
    code = car.model.read_refusal(endpoint)
    if code is not None:
        return kamereon_error(code, "not for this car", 404 if code.endswith("notFound") else 403)
    if endpoint == "charges" and not {"start", "end"} <= request.query.keys():
        return kamereon_error("err.func.wired.missingRequestParam", "start and end are needed", 400)
    found = _charges(request, car) if endpoint == "charges" else _attributes(car, endpoint)
    attributes = _bent(request, found)
    return web.json_response({"data": {"type": "Car", "id": car.vin, "attributes": attributes}})


async def ask_plain(request: web.Request, _world: World, car: Car) -> web.Response:
    """Answer with ev/settings or ev/soc-levels, which come without a wrapper."""
    endpoint = request.match_info.route.name or ""
    code = car.model.read_refusal(endpoint)
    if code is not None:
        return kamereon_error(code, "not for this car", 403)
    word = car.writes_levels
    levels = {"socMin": word(car.soc_min_pct), "socTarget": word(car.soc_target_pct)}
    plain = car.settings if endpoint == "ev-settings" else levels
    return web.json_response(_bent(request, dict(plain)))


def _bent(request: web.Request, attributes: dict[str, Any]) -> dict[str, Any]:
    """Leave out and put in what a fault says."""
    fault = request.get(FAULT)
    if fault is None:
        return attributes
    kept = {name: value for name, value in attributes.items() if name not in fault.missing}
    kept.update(fault.fields)
    return kept


async def order(request: web.Request, _world: World, car: Car) -> web.Response:
    """Take an order and echo it: queued, which is not done."""
    endpoint, given = request.match_info.route.name or "", await request.json()
    attributes = given["data"]["attributes"]
    action = str(attributes.get("action", "post"))
    code = car.model.refusal(endpoint, action)
    if code is not None:
        return kamereon_error(
            code, "The request body has an invalid format", 403 if code.endswith("forbidden") else 400
        )
    if (endpoint, action) not in car.model.void:
        when = attributes.get("startDateTime")
        if when is not None and datetime.fromisoformat(when) <= car.clock.now():
            return kamereon_error("err.func.400", "startDateTime must be in the future", 400)
        if action in {"start", "resume"} and when is not None:
            car.later(datetime.fromisoformat(when), "order", kind="start")
        elif action in {"start", "resume", "stop", "pause"}:
            car.order("start" if action in {"start", "resume"} else "stop")
    kind = given["data"]["type"]
    return web.json_response({"data": {"type": kind, "id": str(uuid.uuid4()), "attributes": attributes}})


async def refresh(request: web.Request, _world: World, car: Car) -> web.Response:
    """Ask the car for a report."""
    car.refresh()
    return web.json_response(await request.json())


async def write_plain(request: web.Request, _world: World, car: Car) -> web.Response:
    """Take ev/settings or ev/soc-levels; with all programmes off a plugged car charges at once."""
    endpoint, given = request.match_info.route.name or "", await request.json()
    code = car.model.refusal(endpoint, "post")
    if code is not None:
        return kamereon_error(code, "not for this car", 403)
    if endpoint == "soc-levels":
        car.take_levels(int(given["socMin"]), int(given["socTarget"]))
        return web.json_response({"commandId": str(uuid.uuid4()), "type": "SOC_SYNCH", "status": "CREATED"})
    car.settings = given
    if not car.scheduled:
        car.order("start")
    return web.json_response({"commandId": str(uuid.uuid4()), "type": "HVAC_CHARGE_SYNCH", "status": "CREATED"})


ROUTES = (
    web.get("/commerce/v1/persons/{person}", persons, name="persons"),
    web.get(ACCOUNT + "/vehicles", vehicles, name="vehicles"),
    web.get(ACCOUNT + "/vehicles/{vin}/details", of_a_car(details), name="details"),
    web.get(ADAPTER + "2/cars/{vin}", of_a_car(ask), name="adapter"),
    web.get(ADAPTER + "2/cars/{vin}/battery-status", of_a_car(ask), name="battery-status"),
    web.get(ADAPTER + "1/cars/{vin}/location", of_a_car(ask), name="location"),
    web.get(ADAPTER + "1/cars/{vin}/charging-settings", of_a_car(ask), name="charging-settings"),
    web.get(ADAPTER + "1/cars/{vin}/charge-mode", of_a_car(ask), name="charge-mode"),
    web.get(ADAPTER + "1/cars/{vin}/charge-schedule", of_a_car(ask), name="charge-schedule"),
    web.get(ADAPTER + "1/cars/{vin}/charges", of_a_car(ask), name="charges"),
    web.post(ADAPTER + "1/cars/{vin}/actions/charging-start", of_a_car(order), name="charging-start"),
    web.post(ADAPTER + "1/cars/{vin}/actions/refresh-battery-status", of_a_car(refresh), name="refresh"),
    web.post(ADAPTER + "1/cars/{vin}/actions/charge-mode", of_a_car(order), name="set-charge-mode"),
    web.post(ADAPTER + "2/cars/{vin}/actions/charge-schedule", of_a_car(order), name="set-charge-schedule"),
    web.post(VEHICLE + "/charge/pause-resume", of_a_car(order), name="pause-resume"),
    web.post(VEHICLE + "/charge/start", of_a_car(order), name="charge-start"),
    web.post(VEHICLE + "/charge/schedule", of_a_car(order), name="kcm-schedule"),
    web.get(VEHICLE + "/ev/settings", of_a_car(ask_plain), name="ev-settings"),
    web.post(VEHICLE + "/ev/settings", of_a_car(write_plain), name="ev-settings"),
    web.get(VEHICLE + "/ev/soc-levels", of_a_car(ask_plain), name="soc-levels"),
    web.post(VEHICLE + "/ev/soc-levels", of_a_car(write_plain), name="soc-levels"),
)
