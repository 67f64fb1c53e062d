"""What tests of Valley's promises ask: a promise by its number, a draft of a consent, what data may serve."""

from consent.policies.kinds import (
    data,
    sharing,
)
from consent.policies.rulebook import ConsentDraft, Standing
from consent.policies.version import Commitment
from tests.policies.house import NOW, TEXTS, fact, rulebook, valley


def vsh(number: int) -> Commitment:
    found = valley()[1][0].commitment(f"VSH-{number:02d}")
    assert found is not None
    return found


def draft(**changes: object) -> ConsentDraft:
    whole = ConsentDraft(
        program=TEXTS,
        channel="sms",
        address="+15095550142",
        state="given",
        occurred_at=NOW,
        method="web-form",
        wording_text="I agree to get texts.",
        wording_language="en",
        ip="192.0.2.7",
    )
    return whole._replace(**changes)


def findings(**changes: object) -> list[tuple[str, str | None]]:
    return [(one.field, one.commitment) for one in rulebook().consent_findings(draft(**changes))]


def consented(program: str = TEXTS) -> Standing:
    return Standing(None, (fact(program=program),))


def uses(number: int, purposes: set[str], refused: str, of: str | None = None) -> None:
    promise = vsh(number)
    assert set(promise.parameters["purposes"]) == purposes
    if of is not None:
        assert all(data.may_use(promise, of, one) for one in purposes)
        assert data.may_use(promise, of, refused) is False
        assert data.may_use(promise, "something-else", refused) is None


def goes_to(number: int, of: str, recipients: set[str]) -> None:
    promise = vsh(number)
    assert set(promise.parameters["recipients"]) == recipients
    assert all(sharing.may_go_to(promise, of, one) for one in recipients)
    assert sharing.may_go_to(promise, of, "data-brokers") is False


def holds(number: int, categories: set[str]) -> None:
    assert set(data.categories_declared(vsh(number))) == categories
    assert categories <= {one.key for one in valley()[0].data_categories}
