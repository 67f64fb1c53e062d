"""Mails that no rule could read or answer: one after the other, each settled by one button."""
