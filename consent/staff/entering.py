"""Signing in with address, password and the second factor; the same work and the same answer whoever it is (S33)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from consent.db import Database, Tx
from consent.errors import BadInput
from consent.ledger.keys import Keyring
from consent.staff import accounts, attempts, events, one_time, passwords, recovery, rules, sealing, sign_ins
from consent.staff.accounts import Account
from consent.staff.sign_ins import Ticket

LONGEST_CODE = 40


@dataclass(frozen=True, slots=True)
class Came:
    """Signed in; or refused, perhaps with how long to wait before the next try is heard."""

    ticket: Ticket | None = None
    account: Account | None = None
    wait: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class _Shown:
    """The second factor as it was shown: a step of the app, or a recovery code with its hash."""

    step: int | None = None
    code: str = ""
    code_hash: str | None = None

    @property
    def fits(self) -> bool:
        """Whether it was a right one."""
        return self.step is not None or self.code_hash is not None


def sign_in(
    db: Database,
    keyring: Keyring,
    organization_id: UUID,
    *,
    email: str,
    password: str,
    code: str,
    network: str,
    browser: str,
    now: datetime,
) -> Came:
    """Whoever shows password and second factor of an account in use is signed in from here on."""
    tag = _tag(keyring, organization_id, email)
    who = attempts.who(keyring, organization_id, tag, network)
    wait = db.write(lambda tx: attempts.count(tx, who, now), organization_id)
    if wait:
        return Came(wait=wait)
    with db.read(organization_id) as tx:
        account = accounts.by_tag(tx, keyring, organization_id, tag)
    right = passwords.matches(account.password_hash if account else None, password)
    shown = second_factor(db, organization_id, account, code, now)

    def enter(tx: Tx) -> Came:
        if account is None or account.state != "active" or not right or not use(tx, account, shown):
            facts = {"account": str(account.id)} if account is not None else {}
            events.record(tx, keyring, organization_id, "staff.refused", facts, now)
            return Came()
        attempts.forgive(tx, who)
        how = "app" if shown.step is not None else "recovery"
        return Came(begin(tx, keyring, account, browser, how, now), account)

    return db.write(enter, organization_id)


def begin(tx: Tx, keyring: Keyring, account: Account, browser: str, how: str, now: datetime) -> Ticket:
    """The account is signed in at one browser more, which the ledger knows; what is long over is forgotten."""
    sign_ins.forget_old(tx, account.organization_id, now - rules.ABSOLUTE)
    attempts.forget(tx, account.organization_id, now - rules.COUNTED_FOR)
    data = {"account": str(account.id), "how": how}
    events.record(tx, keyring, account.organization_id, "staff.signed_in", data, now, name=account.name)
    return sign_ins.begin(tx, account.organization_id, account.id, browser, how, now)


def again(
    db: Database,
    keyring: Keyring,
    organization_id: UUID,
    account_id: UUID,
    sign_in_id: UUID,
    code: str,
    network: str,
    now: datetime,
) -> Came:
    """A factor shown once more (S35): the sign-in is fresh from here on, or it stays as it was."""
    with db.read(organization_id) as tx:
        account = accounts.one(tx, keyring, organization_id, account_id)
    who = attempts.who(keyring, organization_id, _tag(keyring, organization_id, account.email), network)
    wait = db.write(lambda tx: attempts.count(tx, who, now), organization_id)
    if wait:
        return Came(wait=wait)
    shown = second_factor(db, organization_id, account, code, now)

    def renew(tx: Tx) -> Came:
        if not use(tx, account, shown):
            events.record(tx, keyring, organization_id, "staff.refused", {"account": str(account.id)}, now)
            return Came()
        attempts.forgive(tx, who)
        sign_ins.factor_shown(tx, organization_id, sign_in_id, now)
        return Came(Ticket(organization_id, sign_in_id, now), account)

    return db.write(renew, organization_id)


def second_factor(db: Database, organization_id: UUID, account: Account | None, code: str, now: datetime) -> _Shown:
    """What was shown as second factor; the work is that of the kind of code, whether anybody has the account."""
    code = code.strip()[:LONGEST_CODE]
    if not recovery.looks_like(code):
        return _Shown(step=one_time.step_of(account.totp_secret if account else None, code, now))
    kept = None
    if account is not None:
        with db.read(organization_id, single=True) as tx:
            kept = recovery.hash_of(tx, organization_id, account.id, code)
    return _Shown(code=code, code_hash=kept if recovery.matches(kept, code) else None)


def use(tx: Tx, account: Account, shown: _Shown) -> bool:
    """Whether this factor opens something now; it then does so no second time."""
    if shown.step is not None:
        return accounts.use_step(tx, account.organization_id, account.id, shown.step)
    if shown.code_hash is not None:
        return recovery.use(tx, account.organization_id, account.id, shown.code, shown.code_hash)
    return False


def _tag(keyring: Keyring, organization_id: UUID, email: str) -> bytes:
    """The tag of what was typed; nonsense is the address of nobody, and counted like one."""
    try:
        return sealing.email_tag(keyring, organization_id, email)
    except BadInput:
        return sealing.tag(keyring, organization_id, "nonsense", email[:400])
