"""Purposes, surfaces and ways in the browser, in words for people; an unknown one is shown as it was written."""

from consent.web.messages import N_

PURPOSES = {
    "ad-measurement": N_("Measuring advertising"),
    "advertising": N_("Advertising"),
    "analysis": N_("Understanding how the site is used"),
    "analytics": N_("Counting visits and how the site is used"),
    "avoid-duplicate-entry": N_("Not asking you for the same thing twice"),
    "behavior-tracking": N_("Following which pages, links and products you look at"),
    "cart": N_("Keeping your cart"),
    "ease-of-access": N_("Easier access"),
    "essential": N_("Making the site work"),
    "improvement": N_("Improving the services"),
    "login": N_("Signing in"),
    "monitoring": N_("Watching how the services run"),
    "navigation": N_("Finding your way around the site"),
    "performance": N_("Speed"),
    "preferences": N_("Remembering your settings"),
    "relevance": N_("Showing what suits you"),
    "security": N_("Security"),
    "transaction-security-cookie": N_("Protecting a purchase"),
}
SURFACES = {
    "website": N_("the website"),
    "portals": N_("the portals"),
    "partner-portal": N_("the partner portal"),
    "1connect-portal": N_("the building managers' portal"),
    "resident-app": N_("the app for residents"),
}
BANNED = {
    "tracking-cookies": N_("Cookies that follow what a person does"),
    "app-third-party-behavioral-tracking": N_("Others following people in the app"),
}
BROWSER = {
    "browser": N_("In the settings of your browser you can refuse cookies or delete those that are there."),
    "browser-alert": N_("Your browser can tell you before a cookie is set, so that you decide each time."),
    "browser-reject-all": N_("Your browser can refuse all cookies."),
    "browser-originating-only": N_("Your browser can accept only cookies that go back to the site you are visiting."),
    "security-software": N_("Security software on your device can block them, too."),
}


def of_program(key: str) -> str | None:
    """What a choice was about that stands on record as `cookies.<surface>.<purpose>`; None for any other program."""
    return PURPOSES.get(key.rpartition(".")[2]) if key.startswith("cookies.") else None
