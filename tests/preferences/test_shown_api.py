"""What the company's own surfaces show is kept word for word, and is evidence of the promises it is shown for."""

from typing import Any

from consent.db import Sql
from consent.house import House
from consent.ledger import jobs as ledger_jobs
from consent.preferences import wordings
from consent.review import jobs as review_jobs
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.valley import Tenant

_COUNTED = Sql("SELECT commitment FROM evidence_count WHERE organization_id = :organization_id AND code = 'E-SHOWN'")
LINKS = "Sites that we link to follow their own policies, not ours."
COOKIES = "Cookies for analytics are off until you switch them on."
REACHED = "Write to sales@valleysmarthomes.com or call (509) 557-0508."


def display(**texts: str) -> dict[str, Any]:
    """A website that shows these."""
    said = [{"key": key.replace("_", "-"), "language": "en", "text": text} for key, text in texts.items()]
    return {"surface": "website", "texts": said}


def test_vsh_38_vsh_62_what_a_site_shows_is_kept_and_is_evidence_of_what_it_is_shown_for(
    house: House, systems: Systems, valley: Tenant, time: Time
) -> None:
    answer = systems.post("statements/shown", display(VSH_38=f" {LINKS}\n", VSH_36=COOKIES, VSH_62=REACHED))
    assert answer.status_code == 201, answer.get_data(as_text=True)
    assert answer.get_json()["rests_on"] == ["VSH-36", "VSH-38", "VSH-62"]
    ledger_jobs.seal_organization(house.db, house.keyring, valley.id, time.now())
    review_jobs.count_evidence(house.db, valley.id, time.now())
    with house.db.read(valley.id) as tx:
        rows = tx.all(_COUNTED, {"organization_id": valley.id})
        assert {row[0] for row in rows} >= {"VSH-36", "VSH-38", "VSH-62"}
        assert wordings.find(tx, valley.id, wordings.hash_text(COOKIES)) == COOKIES


def test_other_words_a_lacking_contact_and_what_is_not_shown_there_are_refused(systems: Systems) -> None:
    cases = (
        (display(VSH_38="We follow every link for you."), "texts.VSH-38", "others than those that are owed"),
        (display(VSH_36=COOKIES), "texts.VSH-38", "not shown"),
        (display(VSH_38=LINKS, VSH_62="Write to us."), "texts.VSH-62", "sales@valleysmarthomes.com"),
        (display(VSH_38=LINKS, VSH_26="No texts."), "texts.VSH-26", "has this name"),
    )
    for body, field, why in cases:
        answer = systems.post("statements/shown", body)
        assert answer.status_code == 422, field
        (wrong,) = answer.get_json()["errors"]
        assert (wrong["field"], why in wrong["message"]) == (field, True)
    french = display(VSH_38=LINKS)
    french["texts"][0]["language"] = "pt"
    assert "It is said in" in systems.post("statements/shown", french).get_json()["detail"]
