"""Cuts a folded text into words and clauses, and turns it into a row of signs that rules are matched"
" against."""

import re

from consent.sms.wording.first_names import FIRST_NAMES
from consent.sms.wording.folding import folded
from consent.sms.wording.grammar import COMMA, END, NAME, UNKNOWN, Vocabulary
from consent.sms.wording.misspelt import Misspellings, let_go, plain_letters

_WORD = re.compile(r"[^\W_]+|[.!?;:\n,()]|--?")
_QUOTED = re.compile(r'"[^"]{12,}"')
# don't is one word; l'envoi and m'envoyez are two.
_ENGLISH_APOSTROPHE = re.compile(r"'(?=(?:t|s|m|re|ve|ll|d)\b)")
_JOINED_FRENCH = re.compile(r"\b([mnj])(?=envoy|ecri[rtvs]|appel|embet)")
# s.t.o.p, and words written into one another.
_SPELLED = re.compile(r"\bs[ .*_-]t[ .*_-]o[ .*_-]p\b")
# "stp" is French politeness, unless an English word for sending follows.
_STP = re.compile(r"\bstp (?=te?xt|txt|mess|msg|send|spam|call|contact|bother|all\b|it\b|this\b|these\b)")
_PHONE = re.compile(r"(?:\+?1[ .-]?)?\(?\b\d{3}\)?[ .-]{0,2}\d{3}[ .-]?\d{4}\b")
_FOUR_DIGITS = re.compile(r"[0-9]{4}")
_GLUED = re.compile(r"\bstop(?=text|txt|mess|msg|send|spam|call|contact)|ing(?=me\b)")
_MARKS = {**dict.fromkeys(".!?;:\n", END), **dict.fromkeys([",", "(", ")", "--"], COMMA), "-": ""}
_BREAKS = frozenset({"but", "pero", "mais", "though", "because", "porque", "plz", "pls"})
# Politeness says nothing: rules read as if it were not there.
_FILLERS_TABLE = (
    "please pls plz plse plese pleas kindly just sir maam thanks thx ty tks gracias merci svp stp"
    " porfa porfavor xfa xfavor ugh hey hi hello hola bonjour salut btw fr dude bro man simply immediately"
    " straight"
)
_FILLERS = frozenset(_FILLERS_TABLE.split())
# Shorthand that stands for one word of a single language.
_SHORT = {
    "estarme": "estar",
    "estarnos": "estar",
    "ke": "que",
    "q": "que",
    "jveux": "veux",
    "plu": "plus",
    "pluss": "plus",
}
_INSTEAD = {**_MARKS, **dict.fromkeys(_BREAKS, COMMA), **dict.fromkeys(_FILLERS, ""), **_SHORT}
_PAIRS = {
    ("do", "not"): "dont",
    ("don", "t"): "dont",
    ("can", "not"): "cant",
    ("can", "t"): "cant",
    ("did", "not"): "didnt",
    ("does", "not"): "doesnt",
    ("will", "not"): "wont",
    ("have", "not"): "havent",
    ("no", "longer"): "nolonger",
    ("no", "one"): "noone",
    ("opt", "out"): "optout",
    ("opts", "out"): "optout",
    ("opting", "out"): "optout",
    ("optingout", ""): "optout",
    ("e", "mail"): "email",
    ("por", "favor"): "",
    ("thank", "you"): "",
    ("any", "more"): "anymore",
    ("un", "subscribe"): "unsubscribe",
    ("y", "all"): "yall",
    ("st", "op"): "stop",
    ("s", "top"): "stop",
    ("sto", "p"): "stop",
    ("blow", "up"): "texting",
    ("i", "am"): "im",
    ("i", "d"): "id",
    ("opted", "out"): "optedout",
    ("signed", "up"): "signed",
    ("sign", "up"): "sign",
    ("re", "subscribe"): "resubscribe",
    ("re", "enroll"): "reenroll",
}
_PAIR_STARTS = frozenset(first for first, _ in _PAIRS)
_PLEASE = re.compile(r"s'?(?:il|ils|i) ?(?:vous|te) plait")
_MIDDLE_CAPITALS = re.compile(r"(?<=[\w,'\u2019] )[A-Z\u00c0-\u00de]\w+")
_MOST_NAMES = 40
_PEOPLES = ("ois", "oise", "ais", "aise", "ish", "ican", "ien", "ienne")  # endings of who one is, not of a name
# Capitals that are no first names.
_NO_NAMES_TABLE = (
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july"
    " august september october november december english spanish french american canadian mexican internet wifi"
    " im ok ill ive ready home sure available able interested happy here working going coming free busy"
    " late sick"
    " satisfied certain comfortable aware responsible moving paying"
)
_NO_NAMES = frozenset(_NO_NAMES_TABLE.split())


def tokens(said: str) -> list[str]:
    """Words and marks of a folded text, without politeness; a long quotation counts as one mark."""
    if '"' in said:
        said = _QUOTED.sub(" . ", said)
    if "plait" in said:
        said = _PLEASE.sub(" ", said)
    if "'" in said:
        said = _ENGLISH_APOSTROPHE.sub("", said)
    if "#" in said:
        said = said.replace("#", " number ")
    if "$" in said or "@" in said:
        said = plain_letters(said)
    said = _SPELLED.sub("stop", said)
    if "stop" in said or "ingme" in said:
        said = _GLUED.sub(r"\g<0> ", said)
    if "stp" in said:
        said = _STP.sub("stop ", said)
    if _FOUR_DIGITS.search(said):
        said = _PHONE.sub(" number ", said)
    if "*" in said:
        said = said.replace("*", "")
    if "nvo" in said or "ecr" in said or "appel" in said or "embet" in said:
        said = _JOINED_FRENCH.sub(r"\1 ", said)
    found: list[str] = []
    for word in _WORD.findall(said):
        instead = _INSTEAD.get(word)
        if instead is not None:
            if not instead:
                continue
            word = instead
            if word == COMMA and found and found[-1] == COMMA:
                found.pop()  # only politeness stood between two commas
                continue
        elif found and found[-1] in _PAIR_STARTS:
            pair = _PAIRS.get((found[-1], word))
            if pair is not None:
                found.pop()
                if pair:
                    found.append(pair)
                continue
        found.append(word)
    return found


def names(text: str) -> frozenset[str]:
    """Words with a capital in the middle of a sentence, in small letters: most are somebody's name."""
    found = {folded(word) for word in _MIDDLE_CAPITALS.findall(text[:4000])[:_MOST_NAMES] if word[1:].islower()}
    return frozenset(word for word in found - _NO_NAMES if not word.endswith(_PEOPLES))


def row(found: list[str], vocabulary: Vocabulary, misspelt: Misspellings, named: frozenset[str]) -> str:
    """One sign for each word or mark, in order."""
    signs = vocabulary.signs
    made = [signs.get(word) or _unknown(word, signs, misspelt, named) for word in found]
    return "".join(made)


def _unknown(word: str, signs: dict[str, str], misspelt: Misspellings, named: frozenset[str]) -> str:
    if word in (COMMA, END):
        return word
    if word in named or word in FIRST_NAMES or (word[-1] == "s" and (word[:-1] in named or word[:-1] in FIRST_NAMES)):
        return NAME
    short = let_go(word)
    if not short.isalpha():
        short = plain_letters(short)
    if short in signs:
        return signs[short]
    meant = misspelt.meant(word)
    return UNKNOWN if meant is None else signs[meant]
