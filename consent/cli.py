"""The command `consent`, one line per group; each is imported when it is run."""

import click

from consent.command_line import Lazy

PLACES: dict[str, tuple[str, str]] = {
    "backup": ("consent.commands.backup:backup", "Copy the database, and its keys apart, while the service runs."),
    "db": ("consent.commands.database:db", "Bring the database to this program's schema, or compare them."),
    "decide": ("consent.decisions.commands:decide", "May this message go to this address now, and why?"),
    "demo": ("consent.commands.demo.command:demo", "Serve the sample organizations with demo people, ready to try."),
    "do-not-call": ("consent.numbers.commands:do_not_call", "Copies of public do-not-call registries."),
    "doctor": ("consent.commands.doctor:doctor", "Check this installation and say what to mend."),
    "drp": ("consent.drp.commands:drp", "Agents of the Data Rights Protocol that may ask for people."),
    "due": ("consent.commands.due:due", "When something is due under a rule of law or a promise, and why."),
    "email": ("consent.commands.email:email", "Mail: try the account, take in what comes back."),
    "evidence": ("consent.evidence.packs.commands:evidence", "Everything about one number or request as one file."),
    "gateways": ("consent.commands.gateways:gateways", "Accounts at text gateways and mail servers."),
    "import": ("consent.imports.commands:group", "Consents and opt-outs from files; dry run, quarantine, undo."),
    "jobs": ("consent.outbox.commands:jobs", "What waits to be sent, and what could not be."),
    "keys": ("consent.organizations.commands:keys", "API keys of an organization's own systems."),
    "ledger": ("consent.commands.ledger:ledger", "Verify, export or checkpoint the ledger."),
    "organizations": ("consent.commands.organizations:organizations", "The organizations served here."),
    "policies": ("consent.commands.policies:policies", "Check, publish, compare and trace policy packs."),
    "preferences": ("consent.preferences.commands:preferences", "Current preferences: print or rebuild them."),
    "programs": ("consent.commands.programs:programs", "Program pages: the pack for carriers, a form for a site."),
    "receipts": ("consent.evidence.commands:receipts", "Check a receipt or an evidence bundle, offline."),
    "requests": ("consent.privacy_requests.commands:requests", "Privacy requests: what people ask about their data."),
    "restore": ("consent.commands.restore:restore", "Put a backup back, read-only, and finish when all is in order."),
    "retention": ("consent.commands.retention:retention", "What shall go, and why; dispose of what is due."),
    "serve": ("consent.commands.serve:serve", "Serve; on SQLite the timed jobs run in the same process."),
    "signing-keys": ("consent.ledger.commands_keys:signing_keys", "Keys that sign logs and receipts."),
    "sms": ("consent.commands.sms:sms", "Texts: simulate a gateway, list what arrived."),
    "staff": ("consent.staff.commands:staff", "Accounts of staff: the first administrator, and others."),
    "stores": ("consent.commands.stores:stores", "Systems that hold data about people, erased and corrected there."),
    "unsubscribes": (
        "consent.preferences.unsubscribe.commands:unsubscribes",
        "Unsubscribed mails: what was pressed, and what came in bursts.",
    ),
    "webhooks": ("consent.changes.commands:webhooks", "Addresses that are told of changes."),
    "worker": ("consent.commands.worker:worker", "Run the timed jobs (PostgreSQL)."),
}


main = Lazy(
    "consent",
    places=PLACES,
    help="""Consent makes a privacy policy run.

    \b
    Example:
      consent demo
      consent ledger verify
    """,
)
click.version_option(package_name="consent")(main)


def command(name: str) -> click.Command:
    """One of the commands, imported now."""
    return main.load(name)
