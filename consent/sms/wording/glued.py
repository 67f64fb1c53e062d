"""Takes words apart that were written without blanks: `pleasestop`, `stoptextingme`."""

import re

# Cheap to look for: no word is taken apart that holds none of these.
_WORTH = re.compile(r"stop|unsub|remov|cancel|nomor|nomas|nomemand|nomeescr|arret|cess|optme|optout|endth|quitt|leavem")
_WORD = re.compile(r"(?<![^\W_])[a-z]{6,40}(?![^\W_])")
_PARTS_TABLE = (
    "stop stopp quit cease remove unsubscribe unsub cancel end optout opt out no more please pls plz"
    " plse it this that"
    " these those them now me us my mine ok and thx thanks ty text texts txt txts texting txting message"
    " messages"
    " messaging msg msgs sms alerts spam spamming sending calling contacting bothering all the your ur"
    " dont fucking"
    " damn already asap today number list from off here send any anymore leave alone"
    " mas ya mensajes mensaje textos manden mande escriban porfavor xfavor gracias de los las"
    " arret arretez arrete cessez cesse svp stp merci les messages vos tout ca textos"
)
_PARTS = frozenset(_PARTS_TABLE.split())
_LONGEST_PART = max(map(len, _PARTS))


def unglued(said: str) -> str:
    """The folded text with blanks where one word is made of nothing but words of our table."""
    return _WORD.sub(_apart, said) if _WORTH.search(said) else said


def _apart(found: re.Match[str]) -> str:
    word = found[0]
    if word in _PARTS or not _WORTH.search(word):
        return word
    return " ".join(_parts(word)) or word


def _parts(word: str) -> list[str]:
    """The word's parts, the longest last part first; empty where something is left over."""
    ways: list[list[str] | None] = [[]]
    for end in range(1, len(word) + 1):
        way = None
        for start in range(max(0, end - _LONGEST_PART), end):
            before = ways[start]
            if before is not None and word[start:end] in _PARTS:
                way = [*before, word[start:end]]
                break
        ways.append(way)
    return ways[-1] or []
