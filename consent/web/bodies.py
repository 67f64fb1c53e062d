"""JSON in and out: read strictly, written fast.

RFC 8259 leaves duplicate keys, huge numbers and depth to the reader; here they are refused, so that what we
store and sign means the same to everyone (RFC 7493, I-JSON).
"""

import json
from collections.abc import Callable, Iterable
from json.encoder import c_encode_basestring, c_make_encoder  # type: ignore[attr-defined]
from typing import Any, NoReturn

from flask import Request, Response
from werkzeug.datastructures import Headers
from werkzeug.exceptions import RequestEntityTooLarge

from consent.errors import BadInput, Malformed, TooLarge, UnsupportedMedia

JSON_LIMIT = 256 * 1024
BATCH_LIMIT = 2 * 1024 * 1024
MAX_DEPTH = 32
MAX_INTEGER = 2**53 - 1  # RFC 7493 section 2.2: beyond this two readers may see two numbers

JSON = "application/json"
READ = "consent.body"  # where a body that was read stays for whoever asks next


def read_json(request: Request, *, limit: int = JSON_LIMIT) -> dict[str, Any]:
    """The body as one object: UTF-8, each key once, at most 32 deep, no NaN, no number beyond 2**53 - 1."""
    if not is_json(request.environ.get("CONTENT_TYPE", "")):
        raise UnsupportedMedia("Send JSON with the header Content-Type: application/json.")
    return parse_object(read_bytes(request, limit))


def read_bytes(request: Request, limit: int = JSON_LIMIT) -> bytes:
    """The raw body, never more than `limit` bytes of it in memory."""
    environ = request.environ
    announced = environ.get("CONTENT_LENGTH", "")
    if announced.isdigit() and announced.isascii() and "HTTP_TRANSFER_ENCODING" not in environ:
        if int(announced) > limit:
            raise _too_large(limit)
        if READ not in environ:
            environ[READ] = environ["wsgi.input"].read(int(announced))
        body: bytes = environ[READ]
        return body
    # Where no length was announced, Werkzeug cuts the body off at the limit without a word: read one byte more.
    request.max_content_length = limit + 1
    try:
        body = request.get_data(cache=True)
    except RequestEntityTooLarge:
        raise _too_large(limit) from None
    if len(body) > limit:
        raise _too_large(limit)
    return body


def parse_object(body: bytes) -> dict[str, Any]:
    """One JSON object from bytes; anything else is refused with the reason."""
    value = parse(body)
    if not isinstance(value, dict):
        raise BadInput("The body must be one JSON object: { … }.")
    return value


def parse(body: bytes) -> Any:
    """One JSON value from bytes, read as strictly as `read_json` says."""
    try:
        value = _DECODER.decode(body.decode())
    except UnicodeDecodeError:
        raise Malformed("The body is not UTF-8.") from None
    except json.JSONDecodeError as error:
        raise Malformed(f"The body is not JSON: see line {error.lineno}, column {error.colno}.") from None
    except RecursionError:
        raise _too_deep() from None
    if body.count(b"{") + body.count(b"[") > MAX_DEPTH:
        _check_depth(value)
    if b"\\u" in body:
        _check_text(value, "")
    return value


def is_json(content_type: str) -> bool:
    """Whether a Content-Type header names JSON."""
    if content_type == JSON:
        return True
    media = content_type.partition(";")[0].strip().lower()
    return media == JSON or (media.startswith("application/") and media.endswith("+json"))


class Plain(Response):
    """An answer that is whole in memory: nothing of it is left to be worked out when it is sent."""

    def get_wsgi_headers(self, environ: Any) -> Headers:
        """The headers as they are; werkzeug would copy them and look for what an answer like this never has."""
        headers = self.headers
        if "content-length" not in headers:
            headers._list.append(("Content-Length", str(len(self.get_data()))))
        return headers

    def get_app_iter(self, environ: Any) -> Iterable[bytes]:
        """The body, which nobody has to close; nothing where only the headers were asked for."""
        if environ["REQUEST_METHOD"] == "HEAD" or self._on_close or self._status_code in (204, 304):
            return super().get_app_iter(environ)
        return [self.get_data()]


def json_response(value: Any, status: int = 200, headers: list[tuple[str, str]] | None = None) -> Response:
    """The value as compact JSON."""
    return Plain(encode(value), status, headers, content_type=JSON)


def text_of(value: Any) -> str:
    """The value as compact JSON; what is no JSON raises, as a number that is none does."""
    return "".join(_parts(value, 0))


def encode(value: Any) -> bytes:
    """The same as bytes."""
    return text_of(value).encode()


def _pairs_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise Malformed("A key appears twice in one object.", field=twice[:100])
    return found


def _bounded_integer(digits: str) -> int:
    # the length first: turning a million digits into a number is slow
    if len(digits) > 17 or abs(number := int(digits)) > MAX_INTEGER:
        raise BadInput("A number is larger than 9007199254740991; send it as text.")
    return number


def _bounded_float(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise BadInput("A number is too large; send it as text.")
    return number


def _no_constant(name: str) -> NoReturn:
    raise Malformed(f"{name} is not JSON.")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_pairs_once,
    parse_int=_bounded_integer,
    parse_float=_bounded_float,
    parse_constant=_no_constant,
)
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)
# What `_ENCODER.encode` makes anew for each value, made once: a stored decision encodes two values, and making it took
# as long as encoding one. No markers: nothing we answer with holds itself.
_parts: Callable[[Any, int], Iterable[str]] = c_make_encoder(
    None, _ENCODER.default, c_encode_basestring, None, ":", ",", False, False, False
)


def _check_depth(value: Any) -> None:
    level = [value]
    for _ in range(MAX_DEPTH + 1):
        level = [
            below
            for node in level
            if isinstance(node, dict | list)
            for below in (node.values() if isinstance(node, dict) else node)
        ]
        if not level:
            return
    if level:
        raise _too_deep()


def _check_text(value: Any, path: str) -> None:
    """No NUL and no half of a surrogate pair: PostgreSQL and UTF-8 hold neither."""
    if isinstance(value, str):
        if "\x00" in value or any("\ud800" <= character <= "\udfff" for character in value):
            raise BadInput("A text holds a character that cannot be stored.", field=path.lstrip(".") or None)
    elif isinstance(value, dict):
        for key, below in value.items():
            _check_text(key, path)
            _check_text(below, f"{path}.{key}")
    elif isinstance(value, list):
        for index, below in enumerate(value):
            _check_text(below, f"{path}.{index}")


def _too_deep() -> Malformed:
    return Malformed(f"The body is nested deeper than {MAX_DEPTH} levels.")


def _too_large(limit: int) -> TooLarge:
    return TooLarge(f"This door reads at most {limit} bytes.", limit=limit)
