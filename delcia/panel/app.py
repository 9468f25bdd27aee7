"""The application: which page answers to what, and the checks that come before."""

import sys
import traceback
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from http import HTTPStatus

from aiohttp import web
from aiohttp.typedefs import Middleware

from delcia.panel import gate
from delcia.panel.fields import FormError, fields_of
from delcia.panel.gate import Handler
from delcia.panel.sessions import KNOWN_FOR, LASTS, Kind, Session, cookie_of, is_form_token, new_session
from delcia.panel.visits import SESSION, STATIC, Panel, static

COOKIE, DEVICE = "delcia", "delcia-device"
API = "/api/status"
OPEN = frozenset({"/login", API, *(f"/{name}" for name in STATIC)})
"""What is there without a password; the endpoint has a token of its own."""
TOLD = frozenset({400, 401, 403, 404, 405, 409, 413, 421, 429, 503})
"""The refusals that have words of their own."""


def application(panel: Panel) -> web.Application:
    """Return the panel, ready to be served."""
    app = web.Application(middlewares=[_guarded(panel), _visited(panel)], client_max_size=gate.LONGEST_BODY)
    app.on_response_prepare.append(gate.dress)
    app.on_shutdown.append(partial(_close, panel))
    panel.hall.remembers = panel.patience.is_counting
    app.add_routes(
        [
            web.get("/", _of_cars(panel, "start")),
            web.get("/car/{name:[a-z0-9_-]+}", _of_cars(panel, "vehicle")),
            web.get("/car/{name:[a-z0-9_-]+}/log", _of_cars(panel, "log")),
            web.post("/car/{name:[a-z0-9_-]+}/{action:charge|stop|release|pause|resume|skip}", _of_cars(panel, "say")),
            web.get("/car/{vehicle:[a-z0-9_-]+}/plan/{name:new}", _of_plans(panel, "edit")),
            web.post("/car/{vehicle:[a-z0-9_-]+}/plan/{name:new}/look", _of_plans(panel, "look")),
            web.post("/car/{vehicle:[a-z0-9_-]+}/plan/{name:new}/save", _of_plans(panel, "keep")),
            web.get("/plan/{name:[a-z0-9_-]+}", _of_plans(panel, "edit")),
            web.post("/plan/{name:[a-z0-9_-]+}/look", _of_plans(panel, "look")),
            web.post("/plan/{name:[a-z0-9_-]+}/save", _of_plans(panel, "keep")),
            web.post("/plan/{name:[a-z0-9_-]+}/reset", _of_plans(panel, "reset")),
            web.get(API, _of_cars(panel, "status")),
            web.get("/login", partial(_login, panel)),
            web.post("/login", partial(_log_in, panel)),
            web.post("/logout", partial(_log_out, panel)),
            web.post("/logout-everywhere", partial(_log_out, panel, everywhere=True)),
            *(web.get(f"/{name}", static) for name in STATIC),
        ]
    )
    return app


async def _close(panel: Panel, _app: web.Application) -> None:
    panel.closing.set()


def _of_cars(panel: Panel, name: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """Return a handler of `delcia.panel.cars`, loaded when first it is asked for: the form for the password is not."""

    async def handler(request: web.Request) -> web.StreamResponse:
        from delcia.panel import cars

        answer: web.StreamResponse = await getattr(cars, name)(panel, request)
        return answer

    return handler


def _of_plans(panel: Panel, name: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """Return a handler of `delcia.panel.plans`, loaded when first a plan is changed."""

    async def handler(request: web.Request) -> web.StreamResponse:
        from delcia.panel import plans

        answer: web.StreamResponse = await getattr(plans, name)(panel, request)
        return answer

    return handler


def _guarded(panel: Panel) -> Middleware:
    @web.middleware
    async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
        """Check what comes, and turn what goes wrong into a page that tells nothing of the inside."""
        try:
            gate.check(request, panel.settings, panel.names)
            await gate.arrival(request)
            panel.hall.busy(request.transport, busy=True)
            panel.renew()
            return await handler(request)
        except web.HTTPException as error:
            if error.status < HTTPStatus.BAD_REQUEST:
                raise
            return _refused(panel, request, error)
        except Exception as error:  # noqa: BLE001 - the last place that can turn a bug into words
            # Places only: a message may hold what is private.
            places = "".join(traceback.format_tb(error.__traceback__)).rstrip()
            sys.stderr.write(f"{places}\ndelcia: error: {type(error).__name__}; this is a bug in delcia [bug]\n")
            return panel.html(request, "error.html.j2", 500, words="error_500", detail="")
        finally:
            panel.hall.busy(request.transport, busy=False)

    return guarded


def _visited(panel: Panel) -> Middleware:
    @web.middleware
    async def visited(request: web.Request, handler: Handler) -> web.StreamResponse:
        """Know who it is, ask for the password where one is set, and let no form pass that is not of this visit."""
        has_password = panel.secrets.has_password
        if not has_password and request.path != API and not gate.is_of_this_host(request, panel.settings):
            return panel.html(request, "error.html.j2", 403, words="no_password", detail="no_password_hint")
        if not has_password and request.path != API and gate.is_passed_on(request):
            return panel.html(request, "error.html.j2", 403, words="hidden_proxy", detail="hidden_proxy_hint")
        known = panel.visit(request.cookies.get(COOKIE, ""))
        wanted: Kind = "guest" if has_password else "owner"
        session = known or new_session(wanted, panel.house.now())
        request[SESSION] = session
        if request.method == "POST":
            fields = await _fields(request)
            if known is None or not is_form_token(session, panel.key, fields.get("token", "")):
                raise web.HTTPForbidden
        if session.kind != "owner" and request.path not in OPEN:
            raise web.HTTPSeeOther("/login")
        try:
            response = await handler(request)
        except web.HTTPSeeOther as answer:
            if known is None:
                _set_cookie(panel, request, answer, session)
            raise
        if known is None and response.content_type == "text/html":
            _set_cookie(panel, request, response, session)
        return response

    return visited


def _refused(panel: Panel, request: web.Request, error: web.HTTPException) -> web.Response:
    status = error.status if error.status in TOLD else HTTPStatus.BAD_REQUEST.value
    if request.path.startswith("/api/"):
        response = web.Response(status=status, text="{}", content_type="application/json")
    else:
        response = panel.html(request, "error.html.j2", status, words=f"error_{status}", detail="")
    if "WWW-Authenticate" in error.headers:
        response.headers["WWW-Authenticate"] = error.headers["WWW-Authenticate"]
    if status == web.HTTPRequestEntityTooLarge.status_code:
        response.force_close()
    return response


async def _login(panel: Panel, request: web.Request) -> web.StreamResponse:
    return panel.html(request, "login.html.j2", wrong="")


async def _log_in(panel: Panel, request: web.Request) -> web.StreamResponse:
    fields = await _fields(request)
    if not panel.secrets.has_password:
        raise web.HTTPSeeOther("/")
    device = panel.device(request.cookies.get(DEVICE, ""))
    if not await panel.is_let_in(request, device, fields.get("password", "")):
        return panel.html(request, "login.html.j2", 403, wrong="wrong_password")
    answer, now = web.HTTPSeeOther("/"), panel.house.now()
    _set_cookie(panel, request, answer, new_session("owner", now))
    name = cookie_of(new_session("device", now), panel.device_key)
    _put(panel, request, answer, DEVICE, name, KNOWN_FOR, "/login")
    raise answer


async def _log_out(panel: Panel, request: web.Request, *, everywhere: bool = False) -> web.StreamResponse:
    """End this visit, or all visits: whoever has kept a cookie is not let in by it."""
    try:
        if everywhere:
            panel.ended.end_all()
        else:
            panel.ended.end(request[SESSION], panel.house.now())
    except OSError:
        return panel.html(request, "error.html.j2", 503, words="not_ended", detail="not_ended_hint")
    answer = web.HTTPSeeOther("/login")
    answer.del_cookie(COOKIE, path="/", httponly=True, samesite="Strict")
    raise answer


async def _fields(request: web.Request) -> dict[str, str]:
    """Return the fields of a form that was sent. Raises the answer to what is none."""
    if request.content_type != "application/x-www-form-urlencoded":
        raise web.HTTPBadRequest
    try:
        return fields_of(await request.read())
    except FormError as error:
        raise web.HTTPBadRequest from error


def _set_cookie(panel: Panel, request: web.Request, response: web.StreamResponse, session: Session) -> None:
    _put(panel, request, response, COOKIE, cookie_of(session, panel.key), LASTS, "/")


def _put(
    panel: Panel, request: web.Request, response: web.StreamResponse, name: str, text: str, lasts: timedelta, path: str
) -> None:
    """Give a browser a cookie that no script reads and no other site sends."""
    response.set_cookie(
        name,
        text,
        max_age=lasts // timedelta(seconds=1),
        path=path,
        httponly=True,
        samesite="Strict",
        secure=gate.is_encrypted(request, panel.settings),
    )
