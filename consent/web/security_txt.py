"""/.well-known/security.txt: whom to tell about a weakness (RFC 9116)."""

from datetime import timedelta

from flask import Blueprint, Response

from consent import clock

# RFC 9116 section 2.5.5 recommends less than a year.
FRESH_FOR = timedelta(days=180)


def blueprint(contact: str, public_url: str) -> Blueprint:
    """The file names `contact` (a mailto:, tel: or https: address) and stays fresh as long as we serve."""
    pages = Blueprint("security_txt", __name__)

    @pages.get("/.well-known/security.txt")
    def security_txt() -> Response:
        expires = (clock.now() + FRESH_FOR).replace(hour=0, minute=0, second=0, microsecond=0)
        lines = (
            f"Contact: {contact}",
            f"Expires: {expires.isoformat().replace('+00:00', 'Z')}",
            "Preferred-Languages: en",
            f"Canonical: {public_url.rstrip('/')}/.well-known/security.txt",
        )
        body = "".join(f"{line}\n" for line in lines)
        return Response(
            body, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "public, max-age=86400"}
        )

    return pages
