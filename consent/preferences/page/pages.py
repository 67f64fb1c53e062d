"""The page of a person's choices: see them, save them, stop everything, undo it."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response

from consent import clock
from consent.db import Database, Tx
from consent.errors import NotFound
from consent.ledger.keys import Keyring
from consent.policies.frames import Frames
from consent.policies.governing import Governing
from consent.preferences import signals
from consent.preferences.page import acts, kept, looking, rights, saving, told, tuning, undoing, wishes
from consent.preferences.page.messages import ReadDisposed, ReadMessages
from consent.preferences.page.showing import (
    Door,
    keys_of,
    places_of,
    rights_of,
    show_history,
    show_page,
    states_of,
)
from consent.subjects import service as subjects
from consent.subjects.addresses import of_person
from consent.verification import onward, visits
from consent.verification.visits import Visit
from consent.web import forms, i18n, peer
from consent.web import signals as browser_signals
from consent.web.answers import see_other
from consent.web.i18n import page_language, to
from consent.web.messages import N_

NOT_OURS = N_(
    "This form was not complete, or it was changed on its way. Nothing was saved: look again, and save again."
)
NO_ACT = N_("Choose one of the buttons of the page.")


def blueprint(
    db: Database,
    keyring: Keyring,
    governing: Governing,
    frames: Frames,
    public_url: str,
    read_messages: ReadMessages,
    read_disposed: ReadDisposed,
) -> Blueprint:
    """/<organization>/preferences, /stop, /undo, /settings, /history."""
    pages = Blueprint("preferences", __name__, template_folder="../templates")

    def door(slug: str, *, looks: bool = False) -> Door | Response:
        """Who stands here, or the way to the form that asks for a code; who `looks` is shown what holds."""
        now = clock.now()
        known = frames.known(slug, now)
        if known is None:
            raise NotFound(N_("No organization of this name is served here."))
        tenant = known.tenant
        if looks:
            seen = looking.look(db, keyring, tenant.id, now)
        else:
            visit = visits.current(db, keyring, tenant.id, now)
            seen = None if visit is None else looking.Look(visit, None)
        if seen is None:
            return see_other(to(f"/{slug}/preferences/code"))
        return Door(tenant, seen.visit, governing.now(tenant.id, now), now, seen.found)

    def posted(slug: str) -> Door | Response:
        """The same for a form that was sent."""
        forms.check_form(public_url)
        return door(slug)

    def write(at: Door, mark: str, work: Callable[[acts.Act], Any], places: list[subjects.Tagged]) -> Any:
        refuses = browser_signals.refuses_sale()
        presser = acts.Presser(mark, page_language(), peer.caller_address(), at.visit.person_id)

        def inside(tx: Tx) -> Any:
            log, rulebook = at.in_force.log, at.in_force.rulebook
            done = work(acts.begin(tx, keyring, log, rulebook, places, presser, at.now))
            if refuses:
                theirs = [place.tagged for place in at.visit.places]
                signals.honour(tx, keyring, log, rulebook, theirs, at.visit.person_id, at.now)
            return done

        done = db.write(inside, at.tenant.id)
        kept.pressed(at.visit, mark)
        return done

    @pages.get("/<organization>/preferences")
    def show(organization: str) -> Response:
        at = door(organization, looks=True)
        return at if isinstance(at, Response) else show_page(db, at)

    @pages.post("/<organization>/preferences")
    def save(organization: str) -> Response:
        at = posted(organization)
        if isinstance(at, Response):
            return at
        wished = wishes.read(request.form.items(multi=True))
        if wished is None:
            return show_page(db, at, {"": NOT_OURS}, 422)
        full, say = at.full, i18n.speaker()
        done: saving.Saved = write(
            at, wished.act, lambda act: saving.save(act, wished, say, full=full), places_of(at.visit)
        )
        kept.want_nothing()
        if done.needs_code:
            kept.want(at.visit, wished.on, at.now)
            return onward.ask_first(at.tenant, at.address)
        again = "stale" if done.stale else "refused" if done.refused else ""
        return _after(at, wished.act, again)

    @pages.post("/<organization>/preferences/stop")
    def stop(organization: str) -> Response:
        at = posted(organization)
        if isinstance(at, Response):
            return at
        scope, mark = request.form.get("scope", ""), request.form.get("act", "")
        if scope not in (saving.EVERYTHING, saving.MARKETING) or not wishes.MARK.fullmatch(mark):
            return show_page(db, at, {"": NO_ACT}, 422)
        say = i18n.speaker()
        write(at, mark, lambda act: saving.stop(act, scope, say), _whole(keyring, at.visit))
        return _after(at, mark, "")

    @pages.post("/<organization>/preferences/undo")
    def undo(organization: str) -> Response:
        at = posted(organization)
        if isinstance(at, Response):
            return at
        if not at.full:  # giving back is agreeing anew
            return onward.ask_first(at.tenant, at.address)
        which, mark = request.form.get("undoes", ""), request.form.get("act", "")
        if not wishes.MARK.fullmatch(which) or not wishes.MARK.fullmatch(mark):
            return show_page(db, at, {"": NO_ACT}, 422)

        say, own = i18n.speaker(), kept.is_own(at.visit, which)

        def work(act: acts.Act) -> bool:
            if not own:
                return False
            found = told.of_act(told.newest(act.tx, at.tenant.id, keys_of(at.visit)), which, at.now)
            return found is not None and found.can_be_undone and undoing.undo(act, found, say)

        done = write(at, mark, work, places_of(at.visit))
        return _after(at, mark, "" if done else "late")

    @pages.post("/<organization>/preferences/settings")
    def tune(organization: str) -> Response:
        at = posted(organization)
        if isinstance(at, Response):
            return at
        mark, pack = request.form.get("act", ""), at.in_force.rulebook.organization
        if not wishes.MARK.fullmatch(mark) or any(len(one) > 100 for one in request.form.values()):
            return show_page(db, at, {"": NOT_OURS}, 422)
        with db.read(at.tenant.id) as tx:
            states = states_of(tx, at)
            mine = rights_of(tx, at, states)
        before = tuning.shown(at.in_force.rulebook, states, page_language(), at.now)
        wanted = tuning.read(request.form, pack, before, at.now)
        refused = rights.read(request.form, mine)
        if wanted.wrong:
            return show_page(db, at, wanted.wrong, 422)
        if not at.full and (wanted.gives or rights.gives(refused)):
            return onward.ask_first(at.tenant, at.address)

        def work(act: acts.Act) -> None:
            tuning.write(act, wanted.wishes)
            rights.write(act, refused, mine.person)

        if wanted.wishes or refused or browser_signals.refuses_sale():
            write(at, mark, work, places_of(at.visit))
        return _after(at, mark, "stale" if wanted.stale else "")

    @pages.get("/<organization>/preferences/history")
    def timeline(organization: str) -> Response:
        at = door(organization)
        if isinstance(at, Response):
            return at
        if not at.full:
            return onward.ask_first(at.tenant, f"{at.address}/history")
        return show_history(db, at, read_messages, read_disposed)

    return pages


def _whole(keyring: Keyring, visit: Visit) -> list[subjects.Tagged]:
    """Texts and calls of a number together: whoever wants everything to stop means both, however they came in."""
    places = places_of(visit)
    known = {one.address.channel for one in places}
    if not known & {"sms", "voice"}:
        return places
    value = places[0].address.value
    missing = [one for one in ("sms", "voice") if one not in known]
    return places + [subjects.tagged(keyring, visit.organization_id, of_person(channel, value)) for channel in missing]


def _after(at: Door, mark: str, again: str) -> Response:
    """To the page, which tells at its top what this act did: a reload of it does nothing."""
    more = f"&again={again}" if again else ""
    return see_other(to(f"{at.address}?act={mark}{more}"))
