"""Every measure that is promised has somebody who answers for it, a review in time, and evidence of each."""

from collections.abc import Callable
from datetime import UTC, datetime

from consent.dashboard.safeguards.register import places
from consent.policies.packs import load_organization, load_versions
from consent.policies.rulebook import compile_rulebook
from consent.staff.roles import Role
from tests.dashboard.conftest import Browser
from tests.policies.house import NOW, POLICIES
from tests.support.time import Time

LIST = "/staff/safeguards"


def promised(slug: str) -> dict[str, int]:
    """The measures of a sample organization, with how many days may lie between two reviews."""
    rulebook = compile_rulebook(load_organization(POLICIES / slug), load_versions(POLICIES / slug), (), NOW)
    return {one.value: one.most_days for one in places(rulebook, datetime(2026, 11, 22, tzinfo=UTC))}


def test_vox_31_vsh_03_val_16_smt_30_each_measure_of_each_promise_is_on_the_register() -> None:
    assert promised("voxvalley") == {
        "VOX-31:encrypted-password": 365,
        "VOX-31:secure-server": 365,
        "VOX-31:restricted-access": 365,
        "VOX-31:ssl-optional": 365,
    }
    for slug, promise in (("valley-smart-homes", "VSH-03"), ("valtt", "VAL-16"), ("smartt", "SMT-30")):
        assert any(one.startswith(f"{promise}:") for one in promised(slug)), slug
        assert set(promised(slug).values()) == {365}, slug


def test_a_review_needs_an_owner_and_its_evidence_and_comes_due_again(
    seat: Callable[[Role], Browser], time: Time
) -> None:
    officer = seat(Role.OFFICER)
    page = officer.get(LIST)
    assert "Nobody answers for it" in page
    key = page.split('name="contact" value="')[1].split('"')[0]
    owner = {"contact": key, "watched_by": str(officer.seated.id)}
    assert officer.post(f"{LIST}/check", contact=key, note="Looked.").status_code == 409
    assert officer.post(f"{LIST}/watch", **owner, every_days="367").status_code == 422
    assert officer.post(f"{LIST}/watch", **owner, every_days="90").status_code == 303
    bare = officer.post(f"{LIST}/check", contact=key)
    assert (bare.status_code, "where the proof lies" in bare.get_data(as_text=True)) == (422, True)
    assert officer.post(f"{LIST}/check", contact=key, note="Backups encrypted; log in folder 3.").status_code == 303
    assert "Reviewed in time" in officer.get(LIST)
    assert "safeguard.checked" in officer.get("/staff/audit?type=safeguard")
    time.go(days=91)
    assert "Overdue" in seat(Role.OFFICER).get(LIST)
    assert officer.post(f"{LIST}/watch", **owner, every_days="90").status_code == 303  # signed out: to the sign-in page
    again = seat(Role.OFFICER)
    nowhere = {"contact": "safeguard:VSH-99:nothing", "watched_by": str(again.seated.id), "every_days": "90"}
    assert again.post(f"{LIST}/watch", **nowhere).status_code == 404
