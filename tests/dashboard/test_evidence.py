"""Staff take everything about one number as one file: for a reason, on record, and two of them where it was deleted."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

from consent import clock
from consent.db import Tx
from consent.evidence.packs import check
from consent.house import House
from consent.ledger import jobs
from consent.privacy_requests.models import PrivacyRequest
from consent.staff import approvals
from consent.staff.roles import Role
from tests.dashboard.conftest import Browser
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.valley import PERSON, Tenant

WRONG: list[tuple[str, dict[str, str]]] = [
    ("why", {"why": " ", "reason": "authority"}),
    ("reason", {"why": "claim"}),
    ("as_of", {"why": "claim", "reason": "authority", "as_of": "2199-01-01"}),
    ("as_of", {"why": "claim", "reason": "authority", "as_of": "soon"}),
    ("request", {"why": "claim", "reason": "authority", "request": "x"}),
]


def test_the_file_is_made_for_a_reason_that_stands_in_the_ledger_and_nothing_of_it_stays(
    officer: Browser, systems: Systems, house: House, valley: Tenant, tmp_path: Path
) -> None:
    contact = systems.consent()["contact_point"]
    jobs.seal_organization(house.db, house.keyring, valley.id, clock.now())
    path = f"/staff/people/{contact}"
    assert f'href="{path}/evidence"' in officer.get(path)
    before = systems.history()
    assert PERSON not in officer.get(f"{path}/evidence")
    assert systems.history() == before  # looking wrote nothing
    for wrong, sent in WRONG:
        answer = officer.post(f"{path}/evidence", **sent)
        assert (answer.status_code, f'href="#{wrong}"' in answer.get_data(as_text=True)) == (422, True), sent
    assert systems.history() == before
    answer = officer.post(f"{path}/evidence", why="claim 4711", reason="authority")
    assert (answer.status_code, answer.content_type) == (200, "application/zip")
    (tmp_path / "pack.zip").write_bytes(answer.get_data())
    assert check.check(str(tmp_path / "pack.zip"))[0] == []
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as pack:
        told = json.loads(pack.read("pack.json"))
    assert (told["why"], told["made_by"], told["about"]["addresses"]) == ("claim 4711", officer.seated.name, [PERSON])
    newest = systems.history()[0]
    assert (newest["type"], newest["facts"]["note"]) == ("evidence.packed", "claim 4711")
    assert (newest["data"]["account"], newest["data"]["reason"]) == (str(officer.seated.id), "authority")
    assert list((house.config.data_dir / "scratch").iterdir()) == []


def test_an_old_factor_and_a_role_without_the_right_get_no_file(
    officer: Browser, seat: Callable[..., Browser], systems: Systems, time: Time
) -> None:
    path = f"/staff/people/{systems.consent()['contact_point']}/evidence"
    for role in (Role.VIEWER, Role.CLERK, Role.AUDITOR):
        assert seat(role).post(path, why="claim 4711", reason="complaint").status_code == 403
    time.go(minutes=6)
    answer = officer.post(path, why="claim 4711", reason="complaint")
    assert (answer.status_code, 'action="/staff/again"' in answer.get_data(as_text=True)) == (403, True)
    assert [one["type"] for one in systems.history()] == ["consent.given"]


def test_what_outlasted_a_deletion_opens_for_two_persons_alone(
    officer: Browser, seat: Callable[..., Browser], systems: Systems, house: House, valley: Tenant, time: Time
) -> None:
    contact = systems.consent()["contact_point"]
    _deleted(house, valley, contact)
    path = f"/staff/people/{contact}/evidence"
    assert "Ask a second person" in officer.get(path)
    assert officer.post(path, why="claim 4711", reason="complaint").status_code == 403
    assert officer.post(f"{path}/unlock", why="claim 4711").status_code == 303
    assert "second person has approved" in officer.get(path)
    assert officer.post(path, why="claim 4711", reason="complaint").status_code == 403
    second = seat(Role.ADMIN)
    with house.db.read(valley.id) as tx:
        (waiting,) = approvals.waiting(tx, valley.id, clock.now())
    assert second.post(f"/staff/approvals/{waiting.id}", answer="allow").status_code == 303
    answer = officer.post(path, why="claim 4711", reason="complaint")
    assert (answer.status_code, answer.get_data()[:2]) == (200, b"PK")


def _deleted(house: House, valley: Tenant, contact: str) -> None:
    """A deletion was fulfilled, and records of consent were kept."""

    def work(tx: Tx) -> None:
        row = PrivacyRequest(
            organization_id=valley.id, id=uuid4(), request_type="deletion", state="fulfilled", how="web",
            contact_point_id=UUID(contact), entry_id=uuid4(), received_at=clock.now(), binding="", steps="[]",
        )  # fmt: skip
        tx.session.add(row)
        tx.flush()

    house.db.write(work, valley.id)
