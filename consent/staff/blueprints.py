"""Every page of staff's own: coming in, joining, one's account, colleagues, approvals."""

from consent.staff import account_pages, approval_pages, company_pages, joining_pages, pages, passkey_pages, team_pages

BLUEPRINTS = (
    pages.pages,
    company_pages.pages,
    joining_pages.pages,
    account_pages.pages,
    passkey_pages.pages,
    team_pages.pages,
    approval_pages.pages,
)
