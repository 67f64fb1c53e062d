"""Reading packs: where keys stand, which sections a wording has, how mistakes are gathered."""

import pytest

from consent.policies.findings import BadPack, nearest
from consent.policies.lines import line_of, lines_of
from consent.policies.packs import load_version, parse_version
from consent.policies.reading import Source
from consent.policies.wording import sections, stands_in
from tests.policies.house import VERSION

TOML = '''# a remark
name = "x"

[contacts]
email = "a"
"odd key" = 1

[[rule]]
id = "one"
clause = { heading = "H", anchor = "A [1]" }
list = [
  "a = 1",
  "b",
]
text = """
id = "not a key"
"""
after = 1

[rule.parameters]
x.y = 1

[[rule]]
id = "two"
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [(("name",), 2), (("contacts",), 4), (("contacts", "email"), 5), (("contacts", "odd key"), 6),
     (("rule", 0, "id"), 9), (("rule", 0, "clause", "anchor"), 10), (("rule", 0, "list"), 11),
     (("rule", 0, "text"), 15), (("rule", 0, "after"), 18), (("rule", 0, "parameters"), 20),
     (("rule", 0, "parameters", "x", "y"), 21), (("rule", 1, "id"), 24)],
)  # fmt: skip
def test_every_key_is_found_on_its_line(path: tuple[str | int, ...], line: int) -> None:
    assert lines_of(TOML)[path] == line


def test_a_missing_key_is_reported_on_the_line_of_its_table() -> None:
    assert line_of(lines_of(TOML), ("rule", 1, "clause", "anchor")) == 23


def test_all_mistakes_are_gathered_not_only_the_first() -> None:
    source = Source('a = 1\nb = "x"\nd = 2\n', "f.toml")
    table = source.root
    table.text("a")
    table.flag("b", False)
    table.words("c")
    table.done()
    assert [(one.line, one.key) for one in source.findings] == [(1, "a"), (2, "b"), (1, "c"), (3, "d")]
    with pytest.raises(BadPack):
        source.refuse_if_wrong()


@pytest.mark.parametrize(("text", "line"), [("a = ", 1), ("a = 1\nb = = 2", 2), ('a = "x\n', 1), ("a = 1\na = 2\n", 2)])
def test_broken_toml_is_one_finding_with_its_line(text: str, line: int) -> None:
    with pytest.raises(BadPack) as refused:
        Source(text, "f.toml")
    (finding,) = refused.value.findings
    assert (finding.file, finding.line) == ("f.toml", line)


def test_the_nearest_spelling_is_offered_else_the_list() -> None:
    assert nearest("optin", ["opt-in", "opt-out"]) == 'did you mean "opt-in"?'
    assert nearest("zzz", ["b", "a"]) == "known are: a, b"
    assert nearest("zzz", []) == "none is known here"


def test_sections_are_named_by_their_path_below_the_title() -> None:
    text = "<!-- # no heading -->\n# Title\n\nlead\n\n## A\n\none\ntwo\n\n### B\n\nthree\n\n## C\n"
    assert sections(text) == {"": "", "Title": "Title lead", "A": "A one two", "A › B": "B three", "C": "C"}


def test_words_are_found_across_line_breaks_and_quotation_marks() -> None:
    body = sections("## A\n\nthe “No\nMarketing”  rule\n")["A"]
    assert stands_in('"no marketing" rule', body)
    assert not stands_in("no marketing rules", body)


def test_a_version_knows_the_hash_of_its_exact_bytes() -> None:
    version = load_version(VERSION)
    again = parse_version("privacy-policy", "2025-01-02", version.text.replace("\n", "\r\n"), version.commitments_toml)
    assert (version.policy, version.version) == ("privacy-policy", "2025-01-02")
    assert again.text_sha256 != version.text_sha256


def test_a_version_without_a_header_commitment_is_refused() -> None:
    toml = load_version(VERSION).commitments_toml.replace('kind = "policy-metadata"', 'kind = "scope"')
    with pytest.raises(BadPack, match="policy-metadata"):
        parse_version("p", "1", "text", toml)
