"""The page of roles and acts, generated from the matrix: `python -m consent.staff.matrix_page > docs/staff.md`."""

import sys

from consent.policies.staff_settings import undo_for
from consent.staff import passwords, recovery, rules
from consent.staff.roles import MAY, Act, Role

_MINUTE, _HOUR = 60, 3600
_FIGURES = {
    "shortest": passwords.SHORTEST,
    "longest": passwords.LONGEST,
    "codes": recovery.HOW_MANY,
    "free": rules.HERE.free,
    "delay": rules.LONGEST_DELAY.seconds // _MINUTE,
    "idle": rules.IDLE.seconds // _MINUTE,
    "absolute": rules.ABSOLUTE.seconds // _HOUR,
    "undo": int(undo_for().total_seconds()) // _HOUR,
    "fresh": rules.FRESH.seconds // _MINUTE,
}
_HEAD = """# Staff

Whoever works with privacy requests has an account at one organization, with one role. There is no default account: the
first administrator comes from `consent staff first-admin`, everybody else is invited on the page of accounts or by
`consent staff add`. The demo makes one member of each role for itself and prints how they sign in.

- Signing in takes e-mail address, password and a code of an authenticator app, or a passkey. A password has {shortest}
  to {longest} characters, no rules of composition, and is none that many people use. {codes} recovery codes replace the
  app, each once. Mail and text messages are no second factor.
- Wrong tries are slowed, never locked out: after {free} from one network each waits longer, up to {delay} minutes. The
  answer and the work are the same for an address that nobody has.
- A sign-in ends after {idle} minutes without use and after {absolute} hours. Each is listed on the page of one's own
  account and can be ended there; all end when password, factor or role change and when the account is disabled.
- What exports, erases or changes keys, roles and factors asks for a factor that is no older than {fresh} minutes.
  A form that is sent with an older one waits in the page that asks for it and goes on with it. A file, a password or a
  code does not wait: the next page asks for it again, and keeps the rest.
- What needs two persons waits on the page of approvals until somebody else than the proposer has decided: erasing more
  than one history of a person (a contact point or a person on record is one), where it was decided and approved by one
  member, or where more has come since it was approved. Histories are counted at approval and again when they go.
  Likewise a consent that somebody gave outside of our pages: one member enters it with what proves it (a signed form, a
  recording, a mail), another looks at that; the entry names both. Without the file, or for a program that waits for a
  message of the person themselves, nothing is entered.
- A house with a single member can settle in `organization.toml` that a delay stands in for the second person:
  `[staff]` with `two_person = "delay"` and a `reason`. A fresh factor is shown now, and for {undo} hours it can be
  taken back with one press; then it is done. Once a second member is active, the delay stands in for nothing new.
- Keys, stores and policy versions change by commands of the operator alone (`consent keys`, `signing-keys`, `stores`,
  `policies publish`): no page does it, so no role may.
- Everything of this is in the ledger, on the stream of the organization's settings; names are facts that can be erased.

## Who may do what

What is not marked is refused. This page is generated from `consent/staff/roles.py`, and a test walks every page of
staff with every role.

"""


def page() -> str:
    """The matrix as Markdown, an act a line."""
    head = f"| act | {' | '.join(role.value.replace('_', ' ') for role in Role)} |\n|---|{'---|' * len(Role)}\n"
    rows = (f"| `{act.value}` | {' | '.join('yes' if role in MAY[act] else '' for role in Role)} |\n" for act in Act)
    return _HEAD.format(**_FIGURES) + head + "".join(rows)


if __name__ == "__main__":
    sys.stdout.write(page())
