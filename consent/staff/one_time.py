"""Codes of an authenticator app (TOTP, RFC 6238): six digits, thirty seconds, one use for each step (S32)."""

import base64
from dataclasses import dataclass
from datetime import datetime

import pyotp

STEP = 30  # seconds
AROUND = 1  # steps before and after, because telephones' clocks differ


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A secret as a person takes it into the app: by camera (`uri`) or typed in groups of four."""

    secret: str
    uri: str

    @property
    def in_groups(self) -> str:
        """Easier to type."""
        return " ".join(self.secret[at : at + 4] for at in range(0, len(self.secret), 4))


def secret_from(seed: bytes) -> str:
    """A secret of 160 bits in base32, from as many bits that nobody else knows."""
    return base64.b32encode(seed[:20]).decode()


def code_at(secret: str, now: datetime) -> str:
    """What the app shows at this instant."""
    return pyotp.TOTP(secret).at(now)


def shown(secret: str, email: str, organization: str) -> NewSecret:
    """How the app is told, and how it names the account."""
    return NewSecret(secret, pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=organization))


def step_of(secret: str | None, code: str, now: datetime) -> int | None:
    """The step whose code this is, None for no code of now; every step is compared, in constant time each."""
    typed = code.replace(" ", "")
    if len(typed) != 6 or not (typed.isascii() and typed.isdigit()):
        typed = "------"
    totp = pyotp.TOTP(secret or "A" * 32)
    here = int(now.timestamp()) // STEP
    fits = [step for step in range(here - AROUND, here + AROUND + 1) if _is(totp, step, typed)]
    return fits[-1] if fits and secret is not None else None


def _is(totp: pyotp.TOTP, step: int, typed: str) -> bool:
    return pyotp.utils.strings_equal(totp.generate_otp(step), typed)
