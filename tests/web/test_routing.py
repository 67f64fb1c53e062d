"""Rules build their addresses as Werkzeug's own do, but only when somebody asks for one."""

from unittest.mock import patch

import pytest
from werkzeug.routing import Map, Rule

from consent.web.routing import LazyRule

RULES = [
    ("/", {}),
    ("/<org>/privacy", {"org": "valtt"}),
    ("/<uuid:one>/x/<int:n>", {"one": "0", "n": 7, "more": "é &"}),
]


@pytest.mark.parametrize(("rule", "values"), RULES)
def test_addresses_are_those_of_werkzeug(rule: str, values: dict[str, object]) -> None:
    ours, theirs = (Map([kind(rule, endpoint="x")]).bind("a.example") for kind in (LazyRule, Rule))
    assert ours.build("x", values) == theirs.build("x", values)


def test_nothing_is_compiled_before_an_address_is_built() -> None:
    with patch.object(Rule, "_compile_builder", autospec=True, side_effect=Rule._compile_builder) as compiling:
        ours = Map([LazyRule("/<org>", endpoint="x")]).bind("a.example")
        assert ours.match("/valtt") == ("x", {"org": "valtt"})
        assert compiling.call_count == 0
        assert [ours.build("x", {"org": "valtt"}) for _ in range(2)] == ["/valtt"] * 2
        assert compiling.call_count == 1
