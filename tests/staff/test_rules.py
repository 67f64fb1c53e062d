"""When a sign-in is over, how long a next try waits, where a form may lead, what may be a password."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from consent.staff import common, matrix_page, passwords, rules
from consent.staff.roles import MAY, NAMES, Act, Role, may

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)


def ago(**span: float) -> datetime:
    return NOW - timedelta(**span)


def test_a_sign_in_ends_after_half_an_hour_unused_and_after_twelve_hours() -> None:
    assert not rules.is_over(ago(hours=12), ago(minutes=30), NOW)
    assert rules.is_over(ago(hours=1), ago(minutes=30, seconds=1), NOW)
    assert rules.is_over(ago(hours=12, seconds=1), NOW, NOW)
    assert rules.is_fresh(ago(minutes=5), NOW)
    assert not rules.is_fresh(ago(minutes=5, seconds=1), NOW)


def test_each_wrong_try_beyond_the_free_ones_waits_twice_as_long_and_never_for_ever() -> None:
    waits = [rules.wait([NOW] * tries, rules.HERE, NOW).total_seconds() for tries in range(20)]
    assert waits[:5] == [0] * 5
    assert waits[5:9] == [15, 30, 60, 120]
    assert waits[-1] == rules.LONGEST_DELAY.total_seconds()
    assert rules.wait([ago(minutes=15)] * 30, rules.HERE, NOW) == timedelta(0)
    assert rules.wait([ago(hours=1)] * 30 + [NOW], rules.HERE, NOW) == timedelta(0)


@pytest.mark.parametrize(
    ("asked", "leads"),
    [
        ("/staff/requests?sort=due&after=x", "/staff/requests?sort=due&after=x"),
        ("/staff", "/staff"),
        ("https://elsewhere.example/staff/x", "/staff"),
        ("//elsewhere.example/staff/x", "/staff"),
        ("/staff//elsewhere.example", "/staff"),
        ("/staff/\\elsewhere.example", "/staff"),
        ("/staff/../valley/privacy", "/staff"),
        ("/staffing", "/staff"),
        ("/valley/privacy", "/staff"),
        ("javascript:alert(1)", "/staff"),
        ("/staff/\r\nSet-Cookie: a=b", "/staff"),
        ("/staff/" + "x" * 600, "/staff"),
        ("", "/staff"),
        ("//[", "/staff"),
        ("http://[", "/staff"),
        ("//a\u2100b/staff", "/staff"),
        ("/staff/%2e%2e/elsewhere", "/staff"),
        ("/staff/%2f%2fevil.example", "/staff"),
    ],
)
def test_after_signing_in_one_is_on_a_page_of_staff_whatever_was_asked(asked: str, leads: str) -> None:
    assert rules.own_path(asked) == leads


@pytest.mark.parametrize(
    ("password", "why_not"),
    [
        ("copper lantern drifts", None),
        ("crêpe suzette à midi", None),
        ("x7#Qm!v2Lp9$Zt4w", None),
        ("Tr0ub4dor&3", passwords.TOO_SHORT),
        ("               ", passwords.TOO_COMMON),
        ("passwordpassword", passwords.TOO_COMMON),
        ("P@ssw0rdP@ssw0rd1", passwords.TOO_COMMON),
        ("qwertyuiopasdfghjkl", passwords.TOO_COMMON),
        ("1234567890123456", passwords.TOO_COMMON),
        ("iloveyouprincess2024!", passwords.TOO_COMMON),
        ("aaaaaaaaaaaaaaaaaaaa", passwords.TOO_COMMON),
        ("correct horse battery staple", passwords.TOO_COMMON),
        ("motdepasse-bonjour-2026", passwords.TOO_COMMON),
        ("Contraseña123456789", passwords.TOO_COMMON),
        ("ana.valley.smart.homes", passwords.YOURS),
        ("ValleySmartHomes2026!", passwords.YOURS),
        ("x" * 129, passwords.TOO_LONG),
    ],
)
def test_a_password_is_long_and_none_that_everybody_guesses(password: str, why_not: str | None) -> None:
    assert passwords.why_not(password, ("Ana", "ana@valley.example", "Valley Smart Homes")) == why_not


def test_a_hostile_password_is_read_in_one_pass() -> None:
    assert common.is_common("password" * 16)
    assert not common.is_common("".join(chr(0x4E00 + at) for at in range(128)))


def test_a_letter_composed_otherwise_is_the_same_letter_and_nobody_has_no_password() -> None:
    kept = passwords.hashed("cafe\u0301 lantern drifts")
    assert passwords.matches(kept, "café lantern drifts")
    assert not passwords.matches(kept, "cafe lantern drifts")
    assert not passwords.matches(None, "nobody has this password")
    assert not passwords.matches("no hash", "nobody has this password")
    assert not passwords.matches(kept, "\ud800")


def test_the_matrix_names_every_act_and_role_and_refuses_what_it_does_not_name() -> None:
    assert set(MAY) == set(Act)
    assert set(NAMES) == set(Role)
    assert not may(Role.ADMIN, "something.new")  # type: ignore[arg-type]
    assert not any(
        may(Role.AUDITOR, act) for act in Act if act.value.endswith((".enter", ".manage", ".decide", ".give"))
    )
    assert all(may(role, Act.SELF) for role in Role)


def test_the_page_of_staff_is_that_of_the_matrix() -> None:
    assert (ROOT / "docs" / "staff.md").read_text("utf-8") == matrix_page.page(), "make docs"
