"""Bodies of forms are read as Python's own library reads them, whatever somebody sends."""

from urllib.parse import parse_qsl, urlencode

from flask import request
from hypothesis import example, given
from hypothesis import strategies as st

from consent.web.application import Application
from consent.web.form_bodies import fields_of

ESCAPED = ["%3A", "%3a", "%3D", "%253A", "%", "%%3A3", "%C3%A9", "%C3", "%zz"]
PIECES = st.sampled_from([*ESCAPED, *"+&=éa;"])


def library(body: str) -> list[tuple[str, str]]:
    return parse_qsl(body, keep_blank_values=True, errors="werkzeug.url_quote")


@given(st.lists(PIECES, max_size=12).map("".join))
@example("a=1&b&=c&&d=%26%3D&e=+%2B")
def test_whatever_is_sent_is_read_as_the_library_reads_it(body: str) -> None:
    assert fields_of(body) == library(body)


@given(st.lists(st.tuples(st.text(), st.text())))
def test_what_was_written_is_read(fields: list[tuple[str, str]]) -> None:
    said = [(name.encode(errors="replace").decode(), value.encode(errors="replace").decode()) for name, value in fields]
    assert fields_of(urlencode(said)) == said


def test_a_body_that_is_no_utf_8_says_nothing() -> None:
    app = Application("forms")
    for body, fields in ((b"a=%C3%A9&b=c", [("a", "é"), ("b", "c")]), (b"a=\xff", [])):
        with app.test_request_context(method="POST", data=body, content_type="application/x-www-form-urlencoded"):
            assert list(request.form.items()) == fields
