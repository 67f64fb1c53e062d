"""Reports as other mail servers write them, with our token where they would quote it."""


def bounce(
    token: str,
    *,
    status: str = "5.1.1",
    action: str = "failed",
    diagnostic: str = "smtp; 550 no such mailbox",
    returned_to: str = "",
    quoted: str = "message/rfc822",
    about: str = "ana@example.com",
) -> bytes:
    """A delivery report (RFC 3464) on a mail with this token."""
    back = returned_to or f"back+{token}@mail.valley.example"
    lines = [
        "From: Mail Delivery System <MAILER-DAEMON@mx.example>",
        f"To: {back}",
        "Subject: Undelivered mail",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="bound"',
        "",
        "--bound",
        "Content-Type: text/plain",
        "",
        f"We could not deliver to {about}.",
        "--bound",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.example",
        "",
        f"Final-Recipient: rfc822; {about}",
        f"Action: {action}",
        f"Status: {status}",
        f"Diagnostic-Code: {diagnostic}",
        "",
    ]
    return "\r\n".join([*lines, *_quoted(quoted, token, about), "--bound--", ""]).encode()


def complaint(token: str, kind: str = "abuse", about: str = "ana@example.com") -> bytes:
    """A report of a complaint (RFC 5965) about a mail with this token."""
    lines = [
        "From: feedback@isp.example",
        "To: complaints@mail.valley.example",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=feedback-report; boundary="bound"',
        "",
        "--bound",
        "Content-Type: text/plain",
        "",
        "Somebody pressed a button.",
        "--bound",
        "Content-Type: message/feedback-report",
        "",
        f"Feedback-Type: {kind}",
        "User-Agent: isp/1",
        "Version: 1",
        f"Original-Rcpt-To: <{about}>",
        "",
    ]
    return "\r\n".join([*lines, *_quoted("message/rfc822", token, about), "--bound--", ""]).encode()


def _quoted(media_type: str, token: str, about: str) -> list[str]:
    if not media_type:
        return []
    head = [f"Message-ID: <{token}@mail.valley.example>", f"To: {about}", "Subject: News"]
    return ["--bound", f"Content-Type: {media_type}", "", *head, "", "What is new"]
