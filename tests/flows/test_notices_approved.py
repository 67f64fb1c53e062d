"""Nobody approves another notice than the one they looked at, and a cancelled one goes to nobody."""

import pytest
from flask import Flask

from consent.house import House
from consent.notices import jobs
from consent.timed import sending
from tests.conftest import Prepared
from tests.flows.test_notices_of_changes import with_new_purpose
from tests.flows.test_versions_over_http import publish
from tests.support import staff
from tests.support.organizations import SMARTT, Five
from tests.support.telling import ANA, BEN, Desk
from tests.support.time import Time


@pytest.fixture
def prepared(prepared_five: Prepared) -> Prepared:
    """The house of these tests has five organizations in it."""
    return prepared_five


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("consent.policies.governing.FRESH_FOR", -1.0)


def test_what_changed_since_it_was_looked_at_is_not_sent_nor_anything_that_was_cancelled_meanwhile(
    house: House, five: Five, time: Time, app: Flask
) -> None:
    at = Desk(house, five[SMARTT], time)
    at.say("newsletter", ANA)
    at.say("policy-change-extra", BEN)
    publish(house, at.systems.tenant, with_new_purpose(), time, "2026-12-22T08:00:00Z")
    at.tell()
    page = f"/staff/notices/{at.campaign().id}"
    one, other = (staff.member(house, at.id, time.now(), staff.Role.OFFICER) for _ in range(2))
    mine, theirs = one.client(app), other.client(app)

    chosen = {"csrf": one.csrf(), "ways": "website-notice"}
    wrong = mine.post(f"{page}/ways", data=chosen | {"collected_for": "no-such-purpose\x00"})
    assert (wrong.status_code, 'href="#collected_for"' in wrong.text) == (422, True)
    assert mine.post(f"{page}/ways", data=chosen | {"collected_for": "newsletter"}).status_code == 303
    at.tell()
    approval = {"csrf": one.csrf(), "seen": staff.hidden_in(mine.get(page).text, "seen")}

    words = {f"new_purpose-subject-{code}": "Other" for code in ("en", "fr", "es")}
    words |= {f"new_purpose-text-{code}": "Quite other words {{changes_url}}" for code in ("en", "fr", "es")}
    assert theirs.post(f"{page}/words/new_purpose", data={"csrf": other.csrf()} | words).status_code == 303
    late = mine.post(f"{page}/approve", data=approval)
    assert (late.status_code, at.campaign().state) == (409, "draft")
    approval["seen"] = staff.hidden_in(late.text, "seen")  # the page that says so shows it as it stands now
    at.choose(("website-notice",), ("policy-change-extra",))
    at.tell()
    assert mine.post(f"{page}/approve", data=approval).status_code == 409  # it goes to others by now
    approval["seen"] = staff.hidden_in(mine.get(page).text, "seen")
    assert mine.post(f"{page}/approve", data=approval).status_code == 303
    (entry,) = at.leaves("notice.approved")
    assert entry.data["collected_for"] == ["policy-change-extra"]

    stale = at.campaign()
    at.cancel(stale.id)
    jobs.go_on(at.teller, at.id, stale, time.now())  # by what the job had read before
    sending.post(house)
    assert (at.people("waiting"), at.mails()) == ({}, [])
