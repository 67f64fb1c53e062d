"""Codes of clauses have words in the pack, in every language of its pages; a code without them is a finding."""

import shutil
from pathlib import Path

import pytest

from consent.policies import codes
from consent.policies.check import check
from consent.policies.packs import load_organization
from tests.policies.house import POLICIES

SMARTT = load_organization(POLICIES / "smartt")
OVERUSE = (
    'overuse-charges = { en = "charges for overuse", fr = "les frais de dépassement",'
    ' es = "los cargos por uso excesivo" }'
)


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ("", 'SMT-38 names "overuse-charges", which pages show, and there are no words for it in en, fr, es'),
        (OVERUSE.replace(', es = "los cargos por uso excesivo"', ""), '"overuse-charges" is missing in es'),
        ('overuse-charges = "charges"', '"overuse-charges" needs its words in en, fr, es'),
        (OVERUSE.replace("los cargos por uso excesivo", ""), "es"),
        (OVERUSE.replace(", es =", ", de ="), '"overuse-charges" is missing in es'),
    ],
)
def test_a_code_without_a_word_in_a_language_is_named_with_file_code_and_language(
    tmp_path: Path, new: str, said: str
) -> None:
    pack = shutil.copytree(POLICIES / "smartt", tmp_path / "smartt")
    shutil.copytree(POLICIES / "law", tmp_path / "law")
    file = pack / "organization.toml"
    text = file.read_text("utf-8")
    assert text.count(OVERUSE) == 1
    file.write_text(text.replace(OVERUSE, new), "utf-8")
    found = [one for one in check(pack) if one.key.startswith("words") and "overuse-charges" in one.key]
    assert found, check(pack)
    assert all(one.file == str(file) for one in found)
    assert any(said in f"{one.key} {one.message}" for one in found), found


def test_the_words_of_a_contract_are_asked_for_as_well(tmp_path: Path) -> None:
    pack = shutil.copytree(POLICIES / "voxvalley", tmp_path / "voxvalley")
    shutil.copytree(POLICIES / "law", tmp_path / "law")
    file = pack / "organization.toml"
    lines = file.read_text("utf-8").splitlines(keepends=True)
    file.write_text("".join(one for one in lines if not one.startswith("written-instructions = {")), "utf-8")
    assert [(one.key, one.message.partition(", ")[0]) for one in check(pack)] == [
        ("words.written-instructions", 'the recipient amazon-web-services names "written-instructions"')
    ]


def test_a_reader_gets_the_words_of_their_language_and_what_has_none_is_marked_as_english() -> None:
    assert codes.of(SMARTT, "overuse-charges", "fr") == ("les frais de dépassement", "fr")
    assert codes.of(SMARTT, "overuse-charges", "de") == ("charges for overuse", "en")
    assert codes.of(SMARTT, "newsletter", "fr") == ("Infolettre", "fr")
    assert codes.data(SMARTT, "financial", "es").language == "es"
    assert codes.data(SMARTT, "financial", "es").text == next(
        one.name_in("es") for one in SMARTT.data_categories if one.key == "financial"
    )
    assert codes.of(SMARTT, "partner-study", "fr") == ("partner study", "en")
    assert codes.Reader(SMARTT, "es").text(["billing", "transactions"]) == "la facturación, las transacciones"
