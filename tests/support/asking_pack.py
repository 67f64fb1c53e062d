"""A pack whose confirmation of a STOP asks what was meant: Valtt's, with a question and Valley's number."""

import shutil
from pathlib import Path

from tests.support.valley import NUMBER, PACK

SERVICE, OFFERS, AUTOMATED = "service-texts", "offers", "automated-offer-texts"
QUESTION = """
[stop.question]
within = "PT2H"
answers = { 1 = "marketing", 2 = "service-texts" }

[stop.question.text]
en = "{{organization}}: You get no more texts. To end only some, reply 1 (offers) or 2 (service)."
"""


def asking_pack(folder: Path, question: str = QUESTION) -> Path:
    """The pack in that folder; its texts come from two numbers, and all of them from the first."""
    pack = shutil.copytree(PACK.parent / "valtt", folder / "valtt")
    file = pack / "organization.toml"
    text = file.read_text("utf-8").replace('"+12125550120"', f'"{NUMBER}"')
    second = '[[senders]]\nid = "second"\nchannel = "sms"\nnumber = "+12125550122"\n\n[[senders]]\nid = "calls"'
    text = text.replace('[[senders]]\nid = "calls"', second, 1)
    file.write_text(text + question, "utf-8")
    return pack
