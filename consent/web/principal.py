"""Who came through the API door: one key of one organization, with the scopes it was given."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec, TypeVar
from uuid import UUID

from flask import g

from consent.errors import Forbidden, Unauthorized

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Principal:
    """An API key that was checked: everything it asks is asked for its own organization."""

    organization_id: UUID
    key_id: UUID
    scopes: frozenset[str]


def let_in(principal: Principal) -> None:
    """From here on the request speaks for this key; the guard calls this, nobody else."""
    g.principal = principal


def current() -> Principal:
    """The key this request came with; refused when it came with none."""
    principal: Principal | None = g.get("principal")
    if principal is None:
        raise Unauthorized("Send an API key in the header: Authorization: Bearer ck_…")
    return principal


def check(scope: str) -> Principal:
    """The key this request came with, if it carries `scope`; refused otherwise."""
    principal = current()
    if scope not in principal.scopes:
        raise Forbidden(f"This needs the scope {scope}. Create a key that carries it.", scope=scope)
    return principal


def require(scope: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """The door opens only to keys with `scope`; put it outermost, so that nothing is parsed for strangers."""

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            check(scope)
            return view(*args, **kwargs)

        guarded.required_scope = scope  # type: ignore[attr-defined]
        described = dict(getattr(view, "_apidoc", {}))  # what flask-smorest knows of the view
        guarded._apidoc = described | {"scope": scope}  # type: ignore[attr-defined]
        return guarded

    return decorate


def required_scope(view: Callable[..., object]) -> str | None:
    """The scope a view was given with `require`, for the test that walks every door."""
    scope: str | None = getattr(view, "required_scope", None)
    return scope
