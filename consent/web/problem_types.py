"""The table of problem types: what each means and what the reader can do about it (RFC 9457 section 4)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProblemType:
    """One kind of refusal; its page stands at /problems/<slug> and outside programs rely on that address."""

    slug: str
    status: int
    title: str
    meaning: str
    remedy: str

    @property
    def uri(self) -> str:
        """The stable `type` of the problem document."""
        return f"/problems/{self.slug}"


TYPES: dict[str, ProblemType] = {
    kind.slug: kind
    for kind in (
        ProblemType(
            "malformed-request",
            400,
            "The request cannot be read",
            "The body is not well-formed, a parameter or key appears twice, or a header is not understood.",
            "Send one JSON object in UTF-8 with each key once, and each query parameter once.",
        ),
        ProblemType(
            "unauthorized",
            401,
            "A valid key is needed",
            "No API key came with the request, or the one that came does not open this door: it is unknown, "
            "revoked or expired.",
            "Send the header Authorization: Bearer followed by a current key. "
            "An administrator creates one with: consent keys create.",
        ),
        ProblemType(
            "forbidden",
            403,
            "This key may not do that",
            "The key is valid, but it does not carry the scope this door asks for.",
            "Use a key with the scope named in the answer.",
        ),
        ProblemType(
            "webhook-refused",
            403,
            "The webhook was not signed by the gateway",
            "The signature is missing, wrong or too old for this gateway account. Nothing was read or recorded.",
            "Compare the account's secret and public address here with those at the gateway: consent gateways list.",
        ),
        ProblemType(
            "not-found",
            404,
            "There is nothing here",
            "The address leads nowhere, or the thing is somebody else's. The two look alike on purpose.",
            "Check the address. The API is described at /api/docs and /api/openapi.json.",
        ),
        ProblemType(
            "method-not-allowed",
            405,
            "This address does not take that method",
            "Something is here, but it cannot be used in this way.",
            "Use one of the methods in the Allow header of the answer.",
        ),
        ProblemType(
            "not-acceptable",
            406,
            "There is no answer in that form",
            "The Accept header asks for a form we do not write.",
            "Accept application/json, or leave the header out.",
        ),
        ProblemType(
            "request-timeout",
            408,
            "The request took too long to arrive",
            "The connection stayed open, but the rest of the request did not come.",
            "Send it again. With an Idempotency-Key that is always safe.",
        ),
        ProblemType(
            "conflict",
            409,
            "The request contradicts what is recorded",
            "What is stored already says otherwise, or somebody else was faster.",
            "Read the present state, then decide again.",
        ),
        ProblemType(
            "publish-refused",
            409,
            "This version cannot be published",
            "Publishing it would break a promise, such as a lead time, or change a text that is already published.",
            "The answer names the first possible date or the text that differs.",
        ),
        ProblemType(
            "gone",
            410,
            "This is no longer here",
            "It existed and was removed, or the link was used or ran out.",
            "Ask for a new link.",
        ),
        ProblemType(
            "precondition-failed",
            412,
            "It has changed since you read it",
            "The If-Match header names an older state.",
            "Read it again, then decide again.",
        ),
        ProblemType(
            "too-large",
            413,
            "The request is too large",
            "The body is longer than this door reads.",
            "Send less at once: split a batch, or stream it as NDJSON where the door offers that.",
        ),
        ProblemType(
            "uri-too-long",
            414,
            "The address is too long",
            "The address with its query is longer than we read.",
            "Send the values in the body of a POST.",
        ),
        ProblemType(
            "unsupported-media-type",
            415,
            "The body has the wrong type",
            "The Content-Type header names a type this door does not read.",
            "Send JSON with the header Content-Type: application/json.",
        ),
        ProblemType(
            "invalid-input",
            422,
            "The request holds a value that cannot be used",
            "The request is well-formed, but a value is missing, unknown, of the wrong type or impossible.",
            "The member errors lists every field at fault with a pointer into the body; field names the first.",
        ),
        ProblemType(
            "bad-address",
            422,
            "The address cannot be used",
            "It is no telephone number, mail address or other address of the channel that was named.",
            "Send numbers in E.164, such as +15095550142, and mail addresses as name@domain.",
        ),
        ProblemType(
            "consent-refused",
            422,
            "This cannot be recorded as a consent",
            "A fact that a promise or a law asks for is missing, or nobody may consent to this. "
            "The answer names each field with the commitment and the law behind it.",
            "Add what is missing, if the person really gave it; never invent it. "
            "Without a record that holds, there is no consent.",
        ),
        ProblemType(
            "idempotency-key-reused",
            422,
            "This Idempotency-Key was used for another request",
            "The same key came earlier with a different body, so it cannot be the same request repeated.",
            "Use a new key for each new request, and repeat a request with its own key and unchanged body.",
        ),
        ProblemType(
            "policy-pack-refused",
            422,
            "The policy pack holds mistakes",
            "A file of the pack does not fit: the answer lists file, line, key and what is allowed there.",
            "Mend the lines that are named, then run: consent policies check.",
        ),
        ProblemType(
            "precondition-required",
            428,
            "The request has to name the state it changes",
            "Without an If-Match header two people could overwrite each other.",
            "Read the present state and send its ETag in If-Match.",
        ),
        ProblemType(
            "too-many-requests",
            429,
            "Too many requests",
            "More came from here than we take in this time.",
            "Wait as long as the Retry-After header says.",
        ),
        ProblemType(
            "headers-too-large",
            431,
            "The headers are too large",
            "The header fields together are longer than we read.",
            "Send fewer or shorter headers.",
        ),
        ProblemType(
            "internal-error",
            500,
            "Something went wrong on our side",
            "The fault is ours; it is recorded under the request id of the answer. Nothing is half-done.",
            "Send it again; with an Idempotency-Key that is always safe. "
            "If it stays, tell the operator the request id.",
        ),
        ProblemType(
            "setup-problem",
            500,
            "The service is not set up rightly",
            "A setting, a key or a file of this installation is missing or wrong.",
            "The operator finds the reason with: consent doctor.",
        ),
        ProblemType(
            "not-implemented",
            501,
            "This method is unknown here",
            "No door of this service takes that method.",
            "The API is described at /api/docs and /api/openapi.json.",
        ),
        ProblemType(
            "gateway-failed",
            502,
            "The message gateway did not do what was asked",
            "A service outside ours refused or did not answer. What waits to be sent stays in line.",
            "Nothing, mostly: it is tried again. The operator sees what gave up with: consent jobs list.",
        ),
        ProblemType(
            "unavailable",
            503,
            "The service cannot answer safely right now",
            "Something the answer rests on cannot be reached. No answer is better than a wrong one.",
            "Send it again after the time in the Retry-After header.",
        ),
    )
}

# What a bare HTTP status means here when nothing more exact is known.
BY_STATUS: dict[int, ProblemType] = {}
for _kind in TYPES.values():
    BY_STATUS.setdefault(_kind.status, _kind)


def for_status(status: int) -> ProblemType:
    """The type for a bare status; an unlisted one falls back to the first of its hundred."""
    if status in BY_STATUS:
        return BY_STATUS[status]
    return BY_STATUS[400] if status < 500 else BY_STATUS[500]
