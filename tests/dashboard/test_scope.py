"""What is covered stands on a register: each policy's reach and each place of others, with owner and review."""

from collections.abc import Callable

from consent.dashboard.scope.register import places
from consent.policies.packs import load_organization, load_versions
from consent.policies.rulebook import compile_rulebook
from consent.staff.roles import Role
from tests.dashboard.conftest import Browser
from tests.policies.house import NOW, POLICIES
from tests.support.time import Time

LIST = "/staff/scope"
KEY = "scope:VSH-02"


def test_vsh_02_1v_02_vox_02_smt_03_each_reach_and_each_place_of_others_is_on_the_register() -> None:
    found = {}
    for slug in ("valley-smart-homes", "1valet", "valtt", "voxvalley", "smartt"):
        rulebook = compile_rulebook(load_organization(POLICIES / slug), load_versions(POLICIES / slug), (), NOW)
        found[slug] = [one.value for one in places(rulebook)]
    assert found == {
        "valley-smart-homes": ["VSH-02"],
        "1valet": ["1V-02", "elsewhere:resident-payments", "elsewhere:vendor-purchases", "elsewhere:linked-sites"],
        "valtt": [],
        "voxvalley": ["VOX-02"],
        "smartt": ["SMT-03", "elsewhere:linked-sites"],
    }


def test_vsh_02_the_page_shows_each_service_with_what_runs_there(officer: Browser) -> None:
    page = officer.get(LIST)
    for said in ("Privacy Policy", "Managed networks", "Recording of calls", "Recordings of calls",
                 "trace#VSH-02", "Nobody answers for it"):  # fmt: skip
        assert said in page, said
    assert "Enregistrement des appels" in officer.get(f"{LIST}?lang=fr")


def test_the_map_needs_an_owner_and_evidence_and_is_in_the_queue_when_overdue(
    seat: Callable[[Role], Browser], time: Time
) -> None:
    officer = seat(Role.OFFICER)
    needed = "The map of what is covered needs a review"
    assert needed in officer.get("/staff/home")
    owner = {"contact": KEY, "watched_by": str(officer.seated.id), "every_days": "180"}
    assert officer.post(f"{LIST}/watch", **owner).status_code == 303
    assert officer.post(f"{LIST}/check", contact=KEY, note=" ").status_code == 422
    assert officer.post(f"{LIST}/check", contact=KEY, note="Walked through all sites; list 7.").status_code == 303
    assert needed not in officer.get("/staff/home")
    assert "scope.checked" in officer.get("/staff/audit?type=scope")
    time.go(days=181)
    assert needed in seat(Role.OFFICER).get("/staff/home")
