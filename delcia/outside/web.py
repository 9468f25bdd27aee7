"""Asking a web address of the owner's: certificates verified, no redirect followed, no proxy, nothing of it shown."""

import threading

from delcia.core.switching import WebCall


def call(request: WebCall, timeout_s: float) -> str:
    """Send a request and return how it failed, in words; an empty text when it was answered well.

    In a thread of its own, for the name's look-up and a server that drips know no time limit of the library's.
    """
    ended: list[str] = []
    thread = threading.Thread(target=lambda: ended.append(_call(request, timeout_s)), daemon=True)
    thread.start()
    thread.join(timeout_s)
    return ended[0] if ended else f"failed: no answer within {timeout_s:g} s"


def _call(request: WebCall, timeout_s: float) -> str:
    from http.client import HTTPException
    from urllib.error import HTTPError
    from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

    class NoRedirect(HTTPRedirectHandler):
        """Go nowhere else: the address may hold a secret."""

        def redirect_request(self, *_: object) -> None:
            """Refuse."""

    data = None if request.body is None else request.body.encode()
    try:
        made = Request(request.url, data, dict(request.headers), method=request.method)  # noqa: S310 - checked as http(s)
        with build_opener(NoRedirect, ProxyHandler({})).open(made, timeout=timeout_s):
            return ""
    except HTTPError as error:
        error.close()
        return f"failed with HTTP status {error.code}"
    except (OSError, HTTPException, ValueError) as error:
        return f"failed: no answer ({type(error).__name__})"
