"""A place where others govern is refused where a policy covers it, or where its document is nowhere."""

import shutil
from pathlib import Path

import pytest

from consent.policies.check import check
from tests.policies.house import POLICIES

STRIPE = 'document = "stripe-terms-and-policy"\n'


@pytest.mark.parametrize(
    ("old", "new", "key", "said"),
    [
        (STRIPE, 'document = "stripe-term"\n', "document", 'there is no policy "stripe-term" beside this one'),
        ("[elsewhere.linked-sites]", "[elsewhere.partner-portal]", "", '1V-02 covers "partner-portal"'),
        (STRIPE, f'{STRIPE}url = "http://stripe.example"\n', "url", "begins with https://"),
        (STRIPE, f"{STRIPE}owner = 1\n", "owner", '"owner" is not known here'),
        ('what = "surface"', 'what = "cloud"', "what", '"cloud" is not known here'),
    ],
)
def test_1v_02_what_a_policy_covers_nobody_else_governs(
    tmp_path: Path, old: str, new: str, key: str, said: str
) -> None:
    pack = shutil.copytree(POLICIES / "1valet", tmp_path / "1valet")
    shutil.copytree(POLICIES / "law", tmp_path / "law")
    file = pack / "organization.toml"
    text = file.read_text("utf-8")
    assert text.count(old) == 1, old
    file.write_text(text.replace(old, new), "utf-8")
    found = check(pack)
    assert any(one.key.startswith("elsewhere.") and one.key.endswith(key) and said in one.message for one in found)
    assert all(one.line > 1 for one in found)
