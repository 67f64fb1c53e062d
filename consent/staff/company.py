"""Signing in by the company's own provider (OpenID Connect 1.0): it says who it is, our account says what they may do.

A verified e-mail address leads to an account that exists; nobody gets one by it. Where the provider does not say that
a second factor was shown (RFC 8176: `mfa`), ours is asked for.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask, current_app, session
from werkzeug.wrappers import Response

from consent.db import Database
from consent.errors import BadInput, SetupProblem
from consent.ledger.keys import Keyring
from consent.staff import accounts, sealing
from consent.staff.accounts import Account

_EXTENSION, _NAME = "consent-company", "company"
HALF, GOING = "staff_half", "staff_going"
HALF_FOR = timedelta(minutes=5)
SECONDS = 10  # how long the provider may take for each answer


@dataclass(frozen=True, slots=True)
class Provider:
    """Where the company's people sign in, and who we are there."""

    issuer: str
    client_id: str
    client_secret: str | None = field(repr=False)


class NotBelieved(Exception):
    """What came back from the provider does not show who somebody is."""


def provider(issuer: str, client_id: str, secret_file: Path | None, *, production: bool) -> Provider | None:
    """The provider that the settings name, None where they name none; SetupProblem for half of one."""
    if not issuer:
        return None
    if not client_id:
        raise SetupProblem("CONSENT_OIDC_ISSUER needs CONSENT_OIDC_CLIENT_ID.")
    if production and not issuer.startswith("https://"):
        raise SetupProblem("CONSENT_OIDC_ISSUER must begin with https:// in production.")
    try:
        secret = secret_file.read_text("utf-8").strip() if secret_file is not None else None
    except (OSError, UnicodeDecodeError):
        raise SetupProblem("The file of CONSENT_OIDC_CLIENT_SECRET_FILE cannot be read.") from None
    return Provider(issuer, client_id, secret)


def init_app(app: Flask, provider: Provider | None) -> None:
    """Staff may sign in by this provider; None for by nobody else's."""
    app.extensions[_EXTENSION] = provider


def is_offered() -> bool:
    """Whether there is such a provider."""
    return current_app.extensions.get(_EXTENSION) is not None


def send_off(back: str, organization: str, then: str) -> Response:
    """On the way to the provider; what to do afterwards is in the session. NotBelieved where it does not answer."""
    from requests import RequestException

    session[GOING] = [organization, then]
    try:
        answer: Response = _client().authorize_redirect(back)
    except (RequestException, RuntimeError, ValueError) as error:  # out of reach, or its description names no address
        raise NotBelieved(type(error).__name__) from None
    return answer


def believed() -> dict[str, Any]:
    """What the provider says of whoever came back; NotBelieved for anything that is not meant for us, or not now."""
    from authlib.integrations.base_client import OAuthError
    from joserfc.errors import JoseError
    from requests import RequestException

    provider: Provider = current_app.extensions[_EXTENSION]
    # Each of them essential: without `aud` Authlib believes a token for others that names us as `azp`.
    options = {
        "iss": {"essential": True, "value": provider.issuer},
        "aud": {"essential": True, "value": provider.client_id},
        "sub": {"essential": True},
        "exp": {"essential": True},
    }
    try:
        said = _client().authorize_access_token(claims_options=options)
    except (OAuthError, JoseError, RequestException, ValueError, KeyError) as error:
        raise NotBelieved(type(error).__name__) from None
    claims = dict(said.get("userinfo") or {})
    if claims.get("email_verified") is not True or not isinstance(claims.get("email"), str):
        raise NotBelieved("no verified address")
    return claims


def has_second_factor(claims: dict[str, Any]) -> bool:
    """Whether the provider says that it asked for more than one factor."""
    methods = claims.get("amr")
    return isinstance(methods, list) and "mfa" in methods


def account_of(db: Database, keyring: Keyring, email: str, among: list[UUID]) -> Account | None:
    """The one account in use that has this address; None for none, and for several where nobody said which."""
    found = []
    for organization_id in among:
        try:
            tag = sealing.email_tag(keyring, organization_id, email)
        except BadInput:
            return None
        with db.read(organization_id) as tx:
            account = accounts.by_tag(tx, keyring, organization_id, tag)
        if account is not None and account.state == "active":
            found.append(account)
    return found[0] if len(found) == 1 else None


def wait_for_factor(account: Account, then: str, now: datetime) -> None:
    """Half signed in: the code is still to come."""
    session[HALF] = [str(account.organization_id), str(account.id), now.timestamp(), then]


def waiting(now: datetime) -> tuple[UUID, UUID, str] | None:
    """Whose code is still to come, and where they want to go; None where nobody waits, or for too long."""
    try:
        organization_id, account_id, at, then = session[HALF]
        if now - datetime.fromtimestamp(at, UTC) > HALF_FOR:
            return None
        return UUID(organization_id), UUID(account_id), str(then)
    except (KeyError, TypeError, ValueError):
        return None


def _client() -> Any:
    """The client of the provider, made when somebody first wants it."""
    from authlib.integrations.flask_client import OAuth

    provider: Provider = current_app.extensions[_EXTENSION]
    if "authlib.integrations.flask_client" not in current_app.extensions:
        oauth = OAuth(current_app._get_current_object())  # type: ignore[attr-defined]
        oauth.register(
            _NAME,
            server_metadata_url=f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration",
            client_id=provider.client_id,
            client_secret=provider.client_secret,
            client_kwargs={"scope": "openid email", "code_challenge_method": "S256", "default_timeout": SECONDS},
        )
    return current_app.extensions["authlib.integrations.flask_client"].create_client(_NAME)
