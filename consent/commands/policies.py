"""`consent policies`, with what looks from above: impact, try and trace."""

from consent.policies.commands import policies
from consent.policies.commands_diff import diff
from consent.review.commands import impact, trace, try_

for command in (diff, impact, try_, trace):
    policies.add_command(command)
