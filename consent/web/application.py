"""Flask without what our doors never ask of it: each request looks up its context, its host and its hooks once."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from flask import Flask, Request, Response
from flask.globals import request_ctx
from werkzeug.exceptions import BadHost
from werkzeug.routing import MapAdapter
from werkzeug.wsgi import get_host

from consent.db import giving_way
from consent.web.form_bodies import FormRequest
from consent.web.routing import LazyRule
from consent.web.sessions import Sessions

Hook = Callable[..., Any]


class Around(NamedTuple):
    """What is asked before and after the views of one endpoint, and when its request is over, in this order."""

    before: tuple[Hook, ...]
    after: tuple[Hook, ...]
    over: tuple[Hook, ...]


class Application(Flask):
    """Flask with our sessions and rules.

    Views are plain functions that get the parts of their address as they stand, and nobody listens to the signals of
    a request: none of that is looked for. Hooks, their order and what follows an error are Flask's own.
    """

    session_interface = Sessions()
    request_class = FormRequest
    url_rule_class = LazyRule

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._around: dict[str | None, Around] = {}

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Every view here is a plain function."""
        return func

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """As Flask makes it where no rule asks for a host; the same host is read and checked once for all requests."""
        environ = request.environ if request is not None else {}
        named = self.config["SERVER_NAME"] or self.config["TRUSTED_HOSTS"]
        odd = not environ.get("PATH_INFO") or environ.get("SCRIPT_NAME") or "HTTP_UPGRADE" in environ
        if request is None or odd or named:
            return super().create_url_adapter(request)
        scheme = environ["wsgi.url_scheme"]
        request.host, name = _host(
            scheme, environ.get("HTTP_HOST"), environ.get("SERVER_NAME"), environ.get("SERVER_PORT")
        )
        query = request.query_string.decode(errors="replace")
        return MapAdapter(self.url_map, name, "/", "", scheme, request.path, request.method, query)

    def full_dispatch_request(self) -> Response:
        """The answer to the request of this context, its hooks asked before and after."""
        self._got_first_request = True
        giving_way.asked()
        context: Any = request_ctx._get_current_object()  # type: ignore[attr-defined]
        request = context.request
        try:
            for hook in self._around_of(request).before:
                said = hook()
                if said is not None:
                    break
            else:
                if request.routing_exception is not None or request.method == "OPTIONS":
                    said = self.dispatch_request()
                else:
                    said = self.view_functions[request.endpoint](**request.view_args)
        except Exception as error:  # whatever it is, there is an answer to it
            said = self.handle_user_exception(error)
        return self.finalize_request(said)

    def process_response(self, response: Response) -> Response:
        """The answer as every hook leaves it, with the session it came to."""
        context: Any = request_ctx._get_current_object()  # type: ignore[attr-defined]
        for hook in context._after_request_functions:
            response = hook(response)
        for hook in self._around_of(context.request).after:
            response = hook(response)
        if not self.session_interface.is_null_session(context._session):
            self.session_interface.save_session(self, context._session, response)
        return response

    def do_teardown_request(self, exc: BaseException | None = None) -> None:
        """Whoever wanted to hear of the end of this request has heard."""
        for hook in self._around_of(request_ctx.request).over:
            hook(exc)

    def _around_of(self, request: Request) -> Around:
        """Remembered from the first request on: Flask takes no further hooks after it."""
        known = self._around.get(request.endpoint)
        if known is not None:
            return known
        innermost_first = (*request.blueprints, None)
        outermost_first = innermost_first[::-1]
        found = Around(
            tuple(hook for name in outermost_first for hook in self.before_request_funcs.get(name, ())),
            tuple(hook for name in innermost_first for hook in reversed(self.after_request_funcs.get(name, ()))),
            tuple(hook for name in innermost_first for hook in reversed(self.teardown_request_funcs.get(name, ()))),
        )
        if self._got_first_request:
            self._around[request.endpoint] = found
        return found


@lru_cache(maxsize=64)
def _host(scheme: str, sent: str | None, server: str | None, port: str | None) -> tuple[str, str]:
    """The host of a request, and its name as rules would see it; BadHost for one that no name can have."""
    environ = {"wsgi.url_scheme": scheme, "SERVER_NAME": server, "SERVER_PORT": port}
    host = get_host(environ if sent is None else environ | {"HTTP_HOST": sent})
    name, colon, number = host.lower().partition(":")
    try:
        return host, f"{name.encode('idna').decode('ascii')}{colon}{number}"
    except UnicodeError as error:
        raise BadHost from error
