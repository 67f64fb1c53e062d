"""What is sent to and answered by the API doors of carriers."""

import marshmallow as ma
from marshmallow import fields as plain

from consent.decisions.verdicts import VerdictOut
from consent.preferences.api import REACHABLE
from consent.web import fields


class ApprovalIn(fields.Schema):
    """May CPNI of whoever is known by this address serve this use?"""

    use = fields.ShortText(
        longest=64,
        required=True,
        metadata={"description": "The feature that stands for the use."},
    )
    channel = fields.Word(*REACHABLE, required=True)
    address = fields.ShortText(longest=320, required=True)


class ApprovalOut(VerdictOut):
    """The answer: allow or deny, why, and the days that silence and its notice count from and to."""

    use = plain.String(required=True)
    silence_counts_from = plain.String(
        metadata={"description": "The first day on which silence counts; missing while nobody can say no."}
    )
    repeat_by = plain.String(metadata={"description": "The day by which the notice goes out again."})
    steps = plain.List(plain.String(), metadata={"description": "How that day comes about."})


class AccountChangeIn(fields.Schema):
    """An account was changed. The new value stays where it is: it is never sent here."""

    what = fields.ShortText(
        longest=32,
        required=True,
        metadata={"description": "password, backup-answer, online-account …"},
    )
    changed_at = fields.AwareInstant(required=True)
    channel = fields.Word(*REACHABLE, required=True)
    address = fields.ShortText(
        longest=320, required=True, metadata={"description": "Where the customer was reached before the change."}
    )
    told = fields.ShortText(
        longest=16, metadata={"description": "`post` or `voice` where somebody has told them so; else we do."}
    )


class AccountChangeOut(ma.Schema):
    """The entry of the notice."""

    entry = plain.String(required=True)
    contact_point = plain.String(required=True)
    told = plain.String(required=True)
    queued = plain.Boolean(required=True, metadata={"description": "Does a message of ours wait to be sent?"})
