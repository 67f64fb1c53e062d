"""AWS Signature Version 4 of a JSON call without a query.

Source: AWS General Reference, "Create a signed AWS API request"; its published test suite.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime

ALGORITHM = "AWS4-HMAC-SHA256"


def signed_headers(
    method: str,
    host: str,
    path: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    access_key: str,
    secret_key: str,
    region: str,
    service: str,
    now: datetime,
) -> dict[str, str]:
    """The headers of the call with `x-amz-date` and `Authorization`; every header given is signed."""
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    given = {name.lower(): " ".join(value.split()) for name, value in headers.items()}
    given |= {"host": host, "x-amz-date": stamp}
    names = sorted(given)
    listed = ";".join(names)
    lines = "".join(f"{name}:{given[name]}\n" for name in names)
    canonical = f"{method}\n{path}\n\n{lines}\n{listed}\n{hashlib.sha256(body).hexdigest()}"
    scope = f"{stamp[:8]}/{region}/{service}/aws4_request"
    to_sign = f"{ALGORITHM}\n{stamp}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = f"AWS4{secret_key}".encode()
    for part in (stamp[:8], region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, to_sign.encode(), "sha256").hex()
    credential = f"{ALGORITHM} Credential={access_key}/{scope}, SignedHeaders={listed}, Signature={signature}"
    return {**headers, "x-amz-date": stamp, "Authorization": credential}
