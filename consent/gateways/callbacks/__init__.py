"""Calls to addresses that others gave us: an organization's webhooks. Nothing inside our own network is ever called."""
