"""Letters of a notice: two people whom no mailbox reaches, and the page on which nobody is left."""

from consent import clock
from consent.db import Sql, Tx
from consent.ids import new_id
from consent.subjects import service as subjects
from consent.subjects.addresses import canonical
from tests.browser.pages.board import officer
from tests.browser.site import VALLEY
from tests.browser.states import Scene, State

_VERSION = Sql("SELECT id FROM policy_version WHERE organization_id = :organization_id LIMIT 1")
_CAMPAIGN = Sql(
    "INSERT INTO notice_campaign (organization_id, id, kind, about, version_id, state, ways, posted, purposes,"
    " collected_for, wording, per_minute, listed_after, created_at) VALUES (:organization_id, :id, 'version', :about,"
    " :version, 'done', '[]', '{}', '[]', '[]', '{}', 100, :id, :now)"
)
_RECIPIENT = Sql(
    "INSERT INTO notice_recipient (organization_id, campaign_id, contact_point_id, state, part, reason, promise,"
    " language, queued_at, settled_at)"
    " VALUES (:organization_id, :id, :contact, 'bounced', 'change', 'bounced', 'VSH-61', 'en', :now, :now)"
)


def letters(scene: Scene, people: int = 2) -> str:
    officer(scene)
    house, organization_id, now = scene.site.house, scene.site.organizations[VALLEY], clock.now()
    campaign = new_id(now)
    place = {"organization_id": organization_id, "id": campaign, "now": now}

    def work(tx: Tx) -> None:
        version = tx.all(_VERSION, place)[0][0]
        tx.run(_CAMPAIGN, place | {"about": f"letters/{campaign}", "version": version})
        for number in range(people):
            address = canonical("email", f"anna.{campaign.hex}.{number}@home.example", None)
            tagged = subjects.tagged(house.keyring, organization_id, address)
            contact = subjects.contact(tx, house.keyring, organization_id, tagged, now)
            tx.run(_RECIPIENT, place | {"contact": contact.id})

    house.db.write(work, organization_id)
    return f"/staff/notices/{campaign}/letters"


def went(scene: Scene) -> str:
    return letters(scene, 0)


STATES = [State("notice-letters", letters), State("notice-letters-none", went)]
