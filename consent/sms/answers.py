"""The one answer a text gets from us, if it is ours to give, and how it leaves."""

from datetime import datetime

from consent.db import Tx
from consent.ids import id_text
from consent.ledger import service as ledger
from consent.outbox import service as outbox
from consent.policies.rulebook import Rulebook
from consent.preferences import rules as preference_rules
from consent.preferences import settings
from consent.sms.arrivals import Account, Prepared
from consent.sms.rules import Intent
from consent.subjects import service as subjects


def reply_to(
    rulebook: Rulebook,
    account: Account,
    text: Prepared,
    before: preference_rules.State,
    after: preference_rules.State,
    *,
    asks: bool = False,
    agreed: str | None = None,
) -> tuple[str, str | None]:
    """Which answer is ours to give, and its wording; None where silence is right. `asks`: what a STOP meant.

    `agreed`: the program that this text has just agreed to.
    """
    said = text.classified
    if text.message.echo or not rulebook.answers_texts:
        return "", None  # without words of ours a STOP still holds: silence must not undo it
    language = _language(rulebook, before) or said.language
    if said.intent is Intent.STOP:
        if _confirmed_by_gateway(account, text) or not _ends_something(before, after):
            return "", None
        question = rulebook.stop_question(language) if asks else None
        return "stop", question or rulebook.reply("stop", None, language)
    if text.message.provider_opt_out_type is not None:
        return "", None  # the gateway has answered already
    if agreed is not None:
        return "start", rulebook.reply("start", agreed, language)
    if said.intent is Intent.HELP:
        return "help", rulebook.reply("help", None, language)
    if said.intent is Intent.START:
        renewed = any(
            standing.state == "given" and before.get(key) != standing
            for key, standing in after.items()
            if key != preference_rules.NUMBER
        )
        kind = "start" if renewed else "how_to_opt_in"
        if not renewed and any(key != preference_rules.NUMBER and one.state == "given" for key, one in after.items()):
            kind = "start"  # they have it already: confirm what holds
        return kind, rulebook.reply(kind, None, language)
    return "", None


def _language(rulebook: Rulebook, before: preference_rules.State) -> str | None:
    """The language the person chose, where the organization answers in it; else that of the text decides."""
    chosen = settings.language_of(before)
    return chosen if chosen in rulebook.organization.languages else None


def confirms_stop(account: Account, text: Prepared, before: preference_rules.State) -> bool:
    """Whether a STOP of everything is ours to confirm: nobody else does, and it is no repeat."""
    return not (text.message.echo or _confirmed_by_gateway(account, text) or _is_stopped(before))


def _confirmed_by_gateway(account: Account, text: Prepared) -> bool:
    """A gateway confirms what it says it took for a STOP, and its own words, spelled exactly so: the rest is ours."""
    reported = text.message.provider_opt_out_type == "STOP"
    return reported or text.message.text.strip(" \t\r\n").lower() in account.confirms


def _ends_something(before: preference_rules.State, after: preference_rules.State) -> bool:
    """Whether the number is stopped now and was not, or a program is that was not: a repeat is met with silence."""
    if _is_stopped(before):
        return False
    return _is_stopped(after) or any(
        standing.stopped and standing.state != "given" and before.get(key) != standing
        for key, standing in after.items()
    )


def _is_stopped(state: preference_rules.State) -> bool:
    standing = state.get(preference_rules.NUMBER)
    return standing is not None and standing.state == "withdrawn"


def answer(
    tx: Tx,
    account: Account,
    contact: subjects.Contact,
    text: Prepared,
    entry: ledger.Entry,
    kind: str,
    wording: str,
    now: datetime,
    expires_at: datetime,
) -> str | None:
    """The reply waits in the outbox; where the account cannot send, it goes out with the webhook's answer."""
    if not account.can_send:
        return wording
    payload = {
        "account": id_text(account.id),
        "from": text.message.recipient,
        "to": text.tagged.address.value,
        "text": wording,
        "answers": id_text(entry.event_id),
        "sender": text.sender,
    }
    draft = outbox.Draft(
        outbox.SMS,
        f"reply.{kind}",
        None,
        payload,
        contact.id,
        expires_at=expires_at,
        id=entry.event_id,  # an answer has the id of the text it answers, so there is never a second one
    )
    outbox.enqueue(tx, account.organization_id, contact.stream.cipher, draft, now)
    return None
