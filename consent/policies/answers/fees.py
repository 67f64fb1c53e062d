"""What a paid request costs, and in which order it goes."""

from collections.abc import Sequence

from consent.policies.answers.reasons import allowed, because, denied, of_kind
from consent.policies.kinds import Promise
from consent.policies.kinds import shapes as s
from consent.policies.questions import Verdict

# The order in which a paid request goes; nothing is prepared before it is paid for, nobody pays for a refusal.
FEE_STEPS = ("eligibility", "fee", "payment", "tabulation", "isolation-check", "release")


class Fees:
    """The promises about fees, ready to be asked."""

    def __init__(self, promises: Sequence[Promise]) -> None:
        self._fees = of_kind(promises, "request-fee")

    def may_do(self, step: str, request_type: str, done: frozenset[str]) -> Verdict:
        """May this step of a paid request be taken now? Each needs the ones before it."""
        fees = [one for one in self._fees if one.parameters["request_type"] == request_type]
        against = []
        for one in fees:
            for before in self._before(one, step):
                if before not in done:
                    text = f"{s.opening(s.plain([before]))} comes before {s.plain([step])}."
                    against.append(because("too-early", text, one))
        return denied(against) if against else allowed(*(because("in-order", "Next in order.", one) for one in fees))

    def fee(self, request_type: str, *, own_personal_data: bool = False) -> str | None:
        """What the request costs (the name of the price list), or nothing: own personal data is never charged."""
        for one in self._fees:
            waived = s.as_list(one.decided.get("waived_for"))
            if one.parameters["request_type"] != request_type or request_type in waived or own_personal_data:
                continue
            return str(one.parameters["fee"])
        return None

    def _before(self, fee: Promise, step: str) -> list[str]:
        """The steps that must be done before this one, as the promise and what was settled say."""
        due_before = s.as_list(fee.parameters.get("due_before"))
        place = FEE_STEPS.index(step)
        before = list(FEE_STEPS[:place])
        if fee.decided.get("charged") != "after-eligibility" and step in ("fee", "payment"):
            before.remove("eligibility")
        if step in ("tabulation", "isolation-check") and "tabulation" not in due_before:
            before = [one for one in before if one not in ("fee", "payment")]
        if step == "release" and not due_before:
            before = [one for one in before if one not in ("fee", "payment")]
        return before
