"""The form of a program that wants a yes by text: a number is typed, the question goes there, and the page says so."""

import math
from collections.abc import Mapping
from datetime import datetime

from flask import make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response

from consent.db import Database, Tx
from consent.ledger.keys import Keyring
from consent.organizations.service import Tenant
from consent.policies import shown
from consent.policies.governing import InForce
from consent.policies.opt_in_settings import Double
from consent.policies.organization import Program
from consent.preferences.opt_in import agreeing, asking
from consent.preferences.opt_in.agreeing import Ticked
from consent.preferences.opt_in.asking import CHANNEL, Question
from consent.subjects import service as subjects
from consent.subjects.addresses import Address
from consent.verification import codes, rules, sending
from consent.verification import pages as verification_pages
from consent.verification import service as verification
from consent.web import forms, peer
from consent.web.i18n import page_language, to
from consent.web.messages import N_

NO_NUMBER = N_("Enter the phone number that is to get the texts, as 509-555-0142.")
NO_TEXTS = N_("No text can be sent at the moment. Try again later, or call us.")
FIELD = "contact"


def number_typed(in_force: InForce, wrong: dict[str, str]) -> Address | None:
    """The number in the form; what is wrong with it is noted."""
    try:
        typed = forms.typed(FIELD, rules.LONGEST_TYPED)
        kind, address = rules.reachable(typed, in_force.rulebook.organization.jurisdictions)
    except rules.Unreachable as error:
        wrong[FIELD] = error.detail if error.detail != rules.EMPTY else NO_NUMBER
        return None
    if kind != rules.PHONE:
        wrong[FIELD] = NO_NUMBER
        return None
    return address


def ask(
    db: Database,
    keyring: Keyring,
    in_force: InForce,
    tenant: Tenant,
    program: Program,
    ticked: Ticked,
    address: Address,
    double: Double,
    now: datetime,
) -> Response | Mapping[str, str]:
    """The question is on its way, or why none can be sent."""
    with db.read(tenant.id) as tx:
        texting = sending.texting_of(tx, keyring, tenant.id, in_force.rulebook.organization, program.senders)
    if texting is None or not texting.sender:
        return {FIELD: NO_TEXTS}
    tagged = subjects.tagged(keyring, tenant.id, address)
    caller = peer.caller_address()
    [said] = agreeing.drafts(in_force, program, ticked, {CHANNEL: tagged}, caller, now)
    asked = verification.prepare(
        keyring,
        tenant.id,
        rules.PHONE,
        address,
        codes.browser_hash(forms.csrf_token()),
        caller,
        page_language(),
        now,
    )
    text, language = asking.text_of(in_force, program, double, ticked.language)
    statements = shown.shown_on(in_force.rulebook, "opt-in-form", [CHANNEL])
    question = Question(asked, said, double, texting, text, language, statements)

    def work(tx: Tx) -> datetime | None:
        return asking.put(tx, keyring, in_force, question, verification_pages.LIMITS, now)

    full_until = db.write(work, tenant.id)
    if full_until is not None:
        return _wait(tenant, in_force, full_until, now)
    asking.remember(tenant.id, program.key, question)
    return redirect(to(url_for(".asked", organization=tenant.slug, program=program.key)), 303)


def asked_page(in_force: InForce, tenant: Tenant, program: Program, name: str) -> str | Response:
    """Where the question went and what to answer; without one, the form."""
    waiting = asking.remembered(tenant.id, program.key)
    if waiting is None:
        return redirect(to(url_for(".program", organization=tenant.slug, program=program.key)), 303)
    contacts = in_force.rulebook.organization
    return render_template("opt_in/asked.html", organization=tenant, name=name, asked=waiting, contacts=contacts)


def _wait(tenant: Tenant, in_force: InForce, until: datetime, now: datetime) -> Response:
    seconds = max(math.ceil((until - now).total_seconds()), 1)
    page = render_template(
        "opt_in/wait.html",
        organization=tenant,
        contacts=in_force.rulebook.organization,
        minutes=math.ceil(seconds / 60),
    )
    answer = make_response(page, 429)
    answer.headers["Retry-After"] = str(seconds)
    return answer
