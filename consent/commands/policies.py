"""`consent policies`, with what looks from above: impact, try and trace."""

from consent.policies.commands import policies
from consent.policies.commands_diff import diff

policies.add_command(diff)
