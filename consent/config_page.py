"""The page of all settings, generated from their table: `python -m consent.config_page > docs/settings.md`."""

import sys

from consent.config import SETTINGS

_HEAD = """# Settings

All settings come from the environment. They are read once, at start; a wrong or unknown `CONSENT_` variable stops
the program with a sentence that names it. This page is generated: `python -m consent.config_page > docs/settings.md`.

| variable | default | what it is for |
| --- | --- | --- |
"""
_STORES = (
    "| `CONSENT_STORE_…_URL` | empty | Where a database is in which requests are carried out; any number of them."
    " A store names its variable: see docs/stores.md. |\n"
)


def page() -> str:
    """Every setting with its default and what it is for, as Markdown."""
    rows = (
        f"| `{one.variable}` | {f'`{one.default}`' if one.default else 'empty'} | {one.about} |" for one in SETTINGS
    )
    return _HEAD + "\n".join(rows) + "\n" + _STORES


if __name__ == "__main__":
    sys.stdout.write(page())
