"""The login service: password to login token, login token to JWT, and the codes sent by e-mail."""

import secrets
from collections.abc import Mapping

from aiohttp import web

from standin.faults import gigya_error
from standin.people import Person
from standin.world import World

WORLD = web.AppKey("world", World)

BAD_PARAMETER, UNAUTHORIZED, WRONG_PASSWORD, PENDING_CODE = 400006, 403005, 403042, 403101


def _good(**answer: object) -> web.Response:
    return web.json_response({"errorCode": 0, "statusCode": 200, **answer})


async def _parameters(request: web.Request) -> Mapping[str, str]:
    if request.method == "POST":
        return {name: str(value) for name, value in (await request.post()).items()}
    return request.query


def _by_token(world: World, token: str) -> Person | None:
    return next((person for person in world.people.values() if person.login_token == token), None)


def _by_challenge(world: World, word: str) -> Person | None:
    """Return who is being asked for a code: each token of a challenge ends with the id of the person."""
    return next((person for person in world.people.values() if word.endswith(person.person_id)), None)


async def login(request: web.Request) -> web.Response:
    """Answer accounts.login."""
    world, given = request.app[WORLD], await _parameters(request)
    person = world.people.get(given.get("loginID", ""))
    if not given.get("ApiKey"):
        return gigya_error(BAD_PARAMETER, "missing API key")
    if person is None or person.password != given.get("password"):
        return gigya_error(WRONG_PASSWORD, "invalid loginID or password")
    known = person.verified or request.cookies.get("gmid") in person.devices
    if person.two_factor and not known:
        answer = {"errorCode": PENDING_CODE, "errorDetails": "Account Pending TFA Verification"}
        return web.json_response({**answer, "regToken": f"reg-{person.person_id}"})
    person.verified = False
    return _good(sessionInfo={"cookieName": "glt", "cookieValue": person.login_token})


async def get_jwt(request: web.Request) -> web.Response:
    """Answer accounts.getJWT."""
    person = _by_token(request.app[WORLD], (await _parameters(request)).get("login_token", ""))
    return _good(id_token=person.mint()) if person else gigya_error(UNAUTHORIZED, "Unauthorized user")


async def get_account_info(request: web.Request) -> web.Response:
    """Answer accounts.getAccountInfo."""
    person = _by_token(request.app[WORLD], (await _parameters(request)).get("login_token", ""))
    if person is None:
        return gigya_error(UNAUTHORIZED, "Unauthorized user")
    return _good(data={"personId": person.person_id, "gigyaDataCenter": "eu1"})


async def bootstrap(_request: web.Request) -> web.Response:
    """Answer accounts.webSdkBootstrap: the ids of a device, as cookies."""
    answer = _good()
    answer.set_cookie("gmid", "gmid." + secrets.token_hex(12))
    answer.set_cookie("ucid", "ucid." + secrets.token_hex(8))
    return answer


async def init_tfa(request: web.Request) -> web.Response:
    """Answer accounts.tfa.initTFA."""
    given = await _parameters(request)
    person = _by_challenge(request.app[WORLD], given.get("regToken", ""))
    if person is None or given.get("provider") != "gigyaEmail" or not given.get("gmid"):
        return gigya_error(BAD_PARAMETER, "Invalid parameter value")
    return _good(gigyaAssertion=f"assertion-{person.person_id}")


async def get_emails(request: web.Request) -> web.Response:
    """Answer accounts.tfa.email.getEmails."""
    person = _by_challenge(request.app[WORLD], (await _parameters(request)).get("gigyaAssertion", ""))
    if person is None:
        return gigya_error(BAD_PARAMETER, "Invalid parameter value")
    obfuscated = person.email[0] + "***@" + person.email.partition("@")[2]
    return _good(emails=[{"id": "email-1", "obfuscated": obfuscated}])


async def send_code(request: web.Request) -> web.Response:
    """Answer accounts.tfa.email.sendVerificationCode."""
    given = await _parameters(request)
    person = _by_challenge(request.app[WORLD], given.get("gigyaAssertion", ""))
    if person is None or given.get("emailID") != "email-1":
        return gigya_error(BAD_PARAMETER, "Invalid parameter value")
    return _good(phvToken=f"phv-{person.person_id}")


async def complete(request: web.Request) -> web.Response:
    """Answer accounts.tfa.email.completeVerification."""
    given = await _parameters(request)
    person = _by_challenge(request.app[WORLD], given.get("phvToken", ""))
    if person is None or given.get("code") != person.code:
        return gigya_error(BAD_PARAMETER, "Invalid parameter value")
    return _good(providerAssertion=f"provider-{person.person_id}")


async def finalize(request: web.Request) -> web.Response:
    """Answer accounts.tfa.finalizeTFA: the device is known from now on."""
    given = await _parameters(request)
    person = _by_challenge(request.app[WORLD], given.get("providerAssertion", ""))
    if person is None or given.get("regToken") != f"reg-{person.person_id}":
        return gigya_error(BAD_PARAMETER, "Invalid parameter value")
    person.verified = True
    gmid = request.cookies.get("gmid")
    if gmid and given.get("tempDevice") == "false":
        person.devices.add(gmid)
    return _good()


ROUTES = (
    web.post("/accounts.login", login, name="login"),
    web.post("/accounts.getJWT", get_jwt, name="getJWT"),
    web.post("/accounts.getAccountInfo", get_account_info, name="getAccountInfo"),
    web.get("/accounts.webSdkBootstrap", bootstrap, name="webSdkBootstrap"),
    web.get("/accounts.tfa.initTFA", init_tfa, name="initTFA"),
    web.get("/accounts.tfa.email.getEmails", get_emails, name="getEmails"),
    web.get("/accounts.tfa.email.sendVerificationCode", send_code, name="sendVerificationCode"),
    web.get("/accounts.tfa.email.completeVerification", complete, name="completeVerification"),
    web.get("/accounts.tfa.finalizeTFA", finalize, name="finalizeTFA"),
)
