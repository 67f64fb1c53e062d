"""The address of a webhook as somebody wrote it: read strictly, so that what was checked is what is called. Pure."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from consent.errors import BadInput

LONGEST = 2000
_PRINTABLE = re.compile(r"[!-~]+")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_LOCAL = {"localhost": "127.0.0.1", "127.0.0.1": "127.0.0.1", "::1": "::1"}


@dataclass(frozen=True, slots=True)
class Target:
    """Where a call goes. `local` is the address of this machine where development may call it."""

    host: str
    port: int
    path: str
    tls: bool
    local: str | None = None

    @property
    def authority(self) -> str:
        """The Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = 443 if self.tls else 80
        return host if self.port == usual else f"{host}:{self.port}"


def target_of(url: str, *, development: bool = False) -> Target:
    """The target behind a URL; BadInput unless it is https to a named host on port 443.

    In development this machine may be called too, by http or https, on any port.
    """
    if len(url) > LONGEST or not _PRINTABLE.fullmatch(url):
        raise _refused("an https address in plain ASCII; write a host in other letters in its xn-- form")
    try:
        parts = urlsplit(url)
        port, host = parts.port, (parts.hostname or "").rstrip(".")
    except ValueError:
        raise _refused("an address such as https://hooks.example.com/consent") from None
    if parts.fragment or "#" in url or "\\" in url or "@" in parts.netloc:
        raise _refused("an address without a user, a fragment or a backslash")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not path.startswith("/"):
        raise _refused("an address such as https://hooks.example.com/consent")
    if development and parts.scheme in ("http", "https") and host in _LOCAL:
        tls = parts.scheme == "https"
        return Target(host, port or (443 if tls else 80), path, tls, _LOCAL[host])
    if parts.scheme != "https":
        raise _refused("an https address")
    if port not in (None, 443):
        raise _refused("an address on port 443")
    labels = host.split(".")
    named = len(host) <= 253 and len(labels) > 1 and all(_LABEL.fullmatch(label) for label in labels)
    if not named or labels[-1].isdigit() or labels[-1] in ("localhost", "local", "internal"):
        raise _refused("an address with the full name of a public host, not a number")
    return Target(host, 443, path, True)


def shown(url: str) -> str:
    """The address as it may be shown: a query may carry a secret, and is left out."""
    before, mark, _query = url.partition("?")
    return before + ("?…" if mark else "")


def _refused(wanted: str) -> BadInput:
    return BadInput(f"A webhook needs {wanted}.", field="url")
