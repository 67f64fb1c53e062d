"""The table of problem types: what each means and what the reader can do about it (RFC 9457 section 4)."""

from dataclasses import dataclass

from consent.web.messages import N_


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
            N_("The request cannot be read"),
            N_("The body is not well-formed, a parameter or key appears twice, or a header is not understood."),
            N_("Send one JSON object in UTF-8 with each key once, and each query parameter once."),
        ),
        ProblemType(
            "unauthorized",
            401,
            N_("A valid key is needed"),
            N_(
                "No API key came with the request, or the one that came does not open this door: it is unknown, "
                "revoked or expired."
            ),
            N_(
                "Send the header Authorization: Bearer followed by a current key. "
                "An administrator creates one with: consent keys create."
            ),
        ),
        ProblemType(
            "forbidden",
            403,
            N_("This key may not do that"),
            N_("The key is valid, but it does not carry the scope this door asks for."),
            N_("Use a key with the scope named in the answer."),
        ),
        ProblemType(
            "webhook-refused",
            403,
            N_("The webhook was not signed by the gateway"),
            N_("The signature is missing, wrong or too old for this gateway account. Nothing was read or recorded."),
            N_(
                "Compare the account's secret and public address here with those at the gateway: consent gateways list."
            ),
        ),
        ProblemType(
            "not-found",
            404,
            N_("There is nothing here"),
            N_("The address leads nowhere, or the thing is somebody else's. The two look alike on purpose."),
            N_("Check the address. The API is described at /api/docs and /api/openapi.json."),
        ),
        ProblemType(
            "method-not-allowed",
            405,
            N_("This address does not take that method"),
            N_("Something is here, but it cannot be used in this way."),
            N_("Use one of the methods in the Allow header of the answer."),
        ),
        ProblemType(
            "not-acceptable",
            406,
            N_("There is no answer in that form"),
            N_("The Accept header asks for a form we do not write."),
            N_("Accept application/json, or leave the header out."),
        ),
        ProblemType(
            "request-timeout",
            408,
            N_("The request took too long to arrive"),
            N_("The connection stayed open, but the rest of the request did not come."),
            N_("Send it again. With an Idempotency-Key that is always safe."),
        ),
        ProblemType(
            "conflict",
            409,
            N_("The request contradicts what is recorded"),
            N_("What is stored already says otherwise, or somebody else was faster."),
            N_("Read the present state, then decide again."),
        ),
        ProblemType(
            "publish-refused",
            409,
            N_("This version cannot be published"),
            N_("Publishing it would break a promise, such as a lead time, or change a text that is already published."),
            N_("The answer names the first possible date or the text that differs."),
        ),
        ProblemType(
            "gone",
            410,
            N_("This is no longer here"),
            N_("It existed and was removed, or the link was used or ran out."),
            N_("Ask for a new link."),
        ),
        ProblemType(
            "precondition-failed",
            412,
            N_("It has changed since you read it"),
            N_("The If-Match header names an older state."),
            N_("Read it again, then decide again."),
        ),
        ProblemType(
            "too-large",
            413,
            N_("The request is too large"),
            N_("The body is longer than this door reads."),
            N_("Send less at once: split a batch, or stream it as NDJSON where the door offers that."),
        ),
        ProblemType(
            "uri-too-long",
            414,
            N_("The address is too long"),
            N_("The address with its query is longer than we read."),
            N_("Send the values in the body of a POST."),
        ),
        ProblemType(
            "unsupported-media-type",
            415,
            N_("The body has the wrong type"),
            N_("The Content-Type header names a type this door does not read."),
            N_("Send JSON with the header Content-Type: application/json."),
        ),
        ProblemType(
            "invalid-input",
            422,
            N_("The request holds a value that cannot be used"),
            N_("The request is well-formed, but a value is missing, unknown, of the wrong type or impossible."),
            N_("The member errors lists every field at fault with a pointer into the body; field names the first."),
        ),
        ProblemType(
            "bad-address",
            422,
            N_("The address cannot be used"),
            N_("It is no telephone number, mail address or other address of the channel that was named."),
            N_("Send numbers in E.164, such as +15095550142, and mail addresses as name@domain."),
        ),
        ProblemType(
            "consent-refused",
            422,
            N_("This cannot be recorded as a consent"),
            N_(
                "A fact that a promise or a law asks for is missing, or nobody may consent to this. "
                "The answer names each field with the commitment and the law behind it."
            ),
            N_(
                "Add what is missing, if the person really gave it; never invent it. "
                "Without a record that holds, there is no consent."
            ),
        ),
        ProblemType(
            "idempotency-key-reused",
            422,
            N_("This Idempotency-Key was used for another request"),
            N_("The same key came earlier with a different body, so it cannot be the same request repeated."),
            N_("Use a new key for each new request, and repeat a request with its own key and unchanged body."),
        ),
        ProblemType(
            "policy-pack-refused",
            422,
            N_("The policy pack holds mistakes"),
            N_("A file of the pack does not fit: the answer lists file, line, key and what is allowed there."),
            N_("Mend the lines that are named, then run: consent policies check."),
        ),
        ProblemType(
            "precondition-required",
            428,
            N_("The request has to name the state it changes"),
            N_("Without an If-Match header two people could overwrite each other."),
            N_("Read the present state and send its ETag in If-Match."),
        ),
        ProblemType(
            "too-many-requests",
            429,
            N_("Too many requests"),
            N_("More came from here than we take in this time."),
            N_("Wait as long as the Retry-After header says."),
        ),
        ProblemType(
            "headers-too-large",
            431,
            N_("The headers are too large"),
            N_("The header fields together are longer than we read."),
            N_("Send fewer or shorter headers."),
        ),
        ProblemType(
            "internal-error",
            500,
            N_("Something went wrong on our side"),
            N_("The fault is ours; it is recorded under the request id of the answer. Nothing is half-done."),
            N_(
                "Send it again; with an Idempotency-Key that is always safe. "
                "If it stays, tell the operator the request id."
            ),
        ),
        ProblemType(
            "setup-problem",
            500,
            N_("The service is not set up rightly"),
            N_("A setting, a key or a file of this installation is missing or wrong."),
            N_("The operator finds the reason with: consent doctor."),
        ),
        ProblemType(
            "not-implemented",
            501,
            N_("This method is unknown here"),
            N_("No door of this service takes that method."),
            N_("The API is described at /api/docs and /api/openapi.json."),
        ),
        ProblemType(
            "gateway-failed",
            502,
            N_("The message gateway did not do what was asked"),
            N_("A service outside ours refused or did not answer. What waits to be sent stays in line."),
            N_("Nothing, mostly: it is tried again. The operator sees what gave up with: consent jobs list."),
        ),
        ProblemType(
            "unavailable",
            503,
            N_("The service cannot answer safely right now"),
            N_("Something the answer rests on cannot be reached. No answer is better than a wrong one."),
            N_("Send it again after the time in the Retry-After header."),
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
