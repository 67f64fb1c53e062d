"""The form that a company puts on its own site: it opens the page of a program, and carries nothing about anybody."""

from markupsafe import escape

from consent.policies.organization import Program

BUTTON = {"en": "Sign up: {}", "fr": "S\u2019inscrire : {}", "es": "Inscribirse: {}"}


def form(public_url: str, slug: str, program: Program, language: str) -> str:
    """Plain HTML, GET, without script or cookie; number and address are asked for on our page, never in an address."""
    label = BUTTON.get(language, BUTTON["en"]).format(program.name_in(language))
    return "\n".join(
        (
            f'<form method="get" action="{escape(public_url)}/{escape(slug)}/programs">',
            f'<input type="hidden" name="program" value="{escape(program.key)}">',
            f'<input type="hidden" name="lang" value="{escape(language)}">',
            f"<button>{escape(label)}</button>",
            "</form>",
        )
    )
