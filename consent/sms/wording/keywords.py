"""Messages that are a keyword and nothing else, however they are spelled, drawn, stretched or misspelt."""

import re

from consent.sms.wording.foreign import FOREIGN
from consent.sms.wording.meaning import Classified, Intent
from consent.sms.wording.misspelt import ORDINARY, one_slip, plain_letters

_FCC = "47 CFR 64.1200(a)(10)"
_CARRIERS = "US carriers and gateways"
_REASONABLE = "a reasonable person reads it so: 47 CFR 64.1200(a)(10)"
# intent, language, who says that the word has this meaning, the words (folded: lower case, no accents).
# YES, Y, 1 and C are no keywords: they answer a question, and only whoever asked it knows which.
WORDS: tuple[tuple[Intent, str | None, str, tuple[str, ...]], ...] = (
    (Intent.STOP, "en", _FCC, ("stop", "quit", "end", "revoke", "opt out", "cancel", "unsubscribe")),
    (Intent.STOP, "en", _CARRIERS, ("stopall", "stop all", "optout", "unsub", "remove", "td")),
    (Intent.STOP, "en", _REASONABLE, ("halt", "cease", "desist", "discontinue", "terminate", "exit", "leave")),
    (
        Intent.STOP,
        "en",
        _REASONABLE,
        ("unenroll", "stop it", "remove me", "no more", "dnc", "unsubscribed"),
    ),
    (Intent.STOP, "fr", "Canadian common short codes", ("arret",)),
    (Intent.STOP, "fr", "gateways in French", ("arreter", "desabonner")),
    (Intent.STOP, "fr", _REASONABLE, ("arrete", "arretez", "cessez", "cesser", "stoppez", "stopper", "annuler")),
    (
        Intent.STOP,
        "fr",
        _REASONABLE,
        ("desabonnement", "desabonnez", "desinscrire", "desinscription", "desinscrivez", "desabo"),
    ),
    (Intent.STOP, "es", "gateways in Spanish", ("alto", "parar", "pare", "cancelar", "baja")),
    (Intent.STOP, "es", _REASONABLE, ("para", "paren", "cancela", "cancele", "cancelen", "detener", "detengan")),
    (Intent.STOP, "es", _REASONABLE, ("detenga", "detente", "basta", "ya basta", "basta ya", "no mas", "ya no")),
    (Intent.STOP, "es", _REASONABLE, ("eliminar", "quitar", "salir", "borrarme", "terminar")),
    (Intent.STOP, "es", _REASONABLE, ("desuscribir", "desuscribirme", "desuscribirse", "desuscribanme", "suspender")),
    (Intent.STOP, None, "gateways in Portuguese", ("sair",)),
    (Intent.STOP, None, _REASONABLE, ("fin",)),
    (Intent.START, "en", _CARRIERS, ("start", "unstop")),
    (Intent.START, "fr", "gateways in French", ("debut",)),
    (Intent.START, "es", "gateways in Spanish", ("iniciar", "alta")),
    (Intent.HELP, "en", "CTIA Short Code Monitoring Handbook", ("help", "info")),
    (Intent.HELP, "en", "a plain request", ("help me", "need help", "more info")),
    (Intent.HELP, "fr", "Canadian common short codes", ("aide", "infos")),
    (Intent.HELP, "es", "gateways in Spanish", ("ayuda", "informacion")),
)
# Words that French and Spanish speakers use too: the language the caller knows decides the answer's.
SHARED_WORDS = frozenset({"stop", "info"})

KEYWORDS: dict[str, Classified] = {
    word: Classified(intent, f'The whole message is the keyword "{word}" ({source}).', word, language)
    for intent, language, source, words in WORDS
    for word in words
}
_A_FOREIGN_STOP = 'The whole message is the word "{}", which says stop in another language.'
for _said, _written in FOREIGN.items():
    KEYWORDS.setdefault(_said, Classified(Intent.STOP, _A_FOREIGN_STOP.format(_written), _written))
# No keyword, however spelled out or repeated, is longer than this once folded.
LONGEST = 64

_SYMBOLS = "".join(c for c in map(chr, range(128)) if not c.isalnum())
_GAPS = str.maketrans(dict.fromkeys(_SYMBOLS, " "))
_FOOTER = re.compile(r"stop ?(?:to|2) ?(?:end|cancel|quit|optout|unsubscribe)|(?:stop){2,}")
_DIGITS = re.compile(r"[0-9$@]")
_POLITE = "please pls plz plse plese pleas thanks thx ty tks thnx svp stp merci gracias porfa xfa sir maam asap"
POLITE = frozenset(_POLITE.split())
# What people put around the word when they do as our texts say, or say that they do.
_ANNOUNCING = (
    "reply replying text texting txt send sending respond responding answer answering say saying write"
    " writing type"
    " typing mande mando mandar envio enviar respondo responder contesto contestar escribo escribir"
    " respuesta digo"
    " reponds repondre reponse envoie envoyer texte texter ecris ecrire dis message word"
)
_ANNOUNCES = frozenset(_ANNOUNCING.split())
_BESIDE = "i im m my is the this a with so ok okay fine yes then here thats es mi la el yo je c est ma le"
_AROUND = frozenset(_BESIDE.split())
_MOST_AROUND = 7
_CLEAREST = frozenset(
    (
        *("stop", "stopall", "stop all", "unsubscribe", "unsub", "quit", "cancel", "end", "optout", "opt out"),
        *("arret", "desabonner", "alto", "baja", "cancelar"),
    )
)
_PHRASES = re.compile(r"\b(?:por fav(?:or|o)?|por fa|thank (?:you|u)|s il (?:vous|te) plait)\b")


def keyword(said: str) -> Classified | None:
    """What the whole of this folded text is, with nothing around it; None where it is no keyword."""
    found = KEYWORDS.get(said)
    if found is not None or len(said) > LONGEST:
        return found
    gaps = said.translate(_GAPS) if said.isascii() else "".join([c if c.isalnum() else " " for c in said])
    words = gaps.split()
    return (
        KEYWORDS.get(" ".join(words))
        or _spelled_out(words)
        or _several(words)
        or _single(words)
        or _politely(words)
        or _announced(words)
        or _drawn(said)
    )


def _announced(words: list[str]) -> Classified | None:
    """`reply stop`, `my answer is STOP`: nothing else is said. Only a stop is taken from it."""
    if len(words) > _MOST_AROUND or _ANNOUNCES.isdisjoint(words):
        return None
    polite = _PHRASES.sub(" ", " ".join(words)).split()
    bare = [word for word in polite if word not in _ANNOUNCES and word not in _AROUND and word not in POLITE]
    found = KEYWORDS.get(" ".join(bare))
    return found if found is not None and found.keyword in _CLEAREST else None


def _politely(words: list[str]) -> Classified | None:
    """`stop please`, `baja, por favor`: politeness takes nothing away."""
    bare = _PHRASES.sub(" ", " ".join([word for word in words if word not in POLITE])).split()
    if not bare or len(bare) == len(words):
        return None
    return KEYWORDS.get(" ".join(bare)) or _several(bare) or _single(bare)


def _drawn(said: str) -> Classified | None:
    """`st0p`, `$top`: digits and signs drawn as letters."""
    if not _DIGITS.search(said):
        return None
    words = plain_letters(said).translate(_GAPS).split()
    found = KEYWORDS.get(" ".join(words))
    return found if found is not None and found.intent is Intent.STOP else None


def _spelled_out(words: list[str]) -> Classified | None:
    """Letters with blanks or dots between, or a word in pieces: a START is not guessed from these."""
    if len(words) > 1 and (len(words) < 4 or all(len(word) == 1 for word in words)):
        found = KEYWORDS.get("".join(words))
        if found is not None and found.intent is not Intent.START and len(found.keyword or "") > 2:
            return found
    if words and _FOOTER.fullmatch(" ".join(words)):
        return KEYWORDS["stop"]
    return None


def _several(words: list[str]) -> Classified | None:
    """`stop stop`, `stop, help`: nothing but keywords; stopping beats starting and asking."""
    found = [KEYWORDS.get(word) for word in words]
    if not found or None in found:
        return None
    stops = [one for one in found if one is not None and one.intent is Intent.STOP]
    if stops:
        return stops[0]
    same = {one.intent for one in found if one is not None}
    return found[0] if len(same) == 1 else None


def _single(words: list[str]) -> Classified | None:
    """`stoppp`, `sotp`, `unsubcribe`: one word for stopping, with a letter held down or a slip of the"
    " finger."""
    if len(words) != 1:
        return None
    word = words[0]
    held = _SQUEEZED.get(_squeeze(word)) if _has_held_letter(word) else None
    meant = held.keyword if held is not None else _SLIPS.get(word) or _long_slip(word)
    if meant is None:
        return None
    of = KEYWORDS[meant]
    return Classified(of.intent, f'The whole message is the keyword "{meant}", misspelt.', meant, of.language)


def _has_held_letter(word: str) -> bool:
    """Three of a letter in a row, or its last letter twice: `stoop` is a word of its own."""
    if word[-1:] == word[-2:-1]:
        return True
    return any(a == b == c for a, b, c in zip(word, word[1:], word[2:], strict=False))


def _squeeze(word: str) -> str:
    return "".join([c for i, c in enumerate(word) if not i or word[i - 1] != c])


_SQUEEZED = {_squeeze(word): found for word, found in KEYWORDS.items() if found.intent is Intent.STOP and len(word) > 2}

# One slip in the short words leads to so many ordinary words (shop, step, top, quiet, and …) that the slips
# are written out: a neighbouring key, two letters exchanged, one doubled or left out.
_SLIPS = {
    slip: word
    for word, slips in {
        "stop": "stpo sotp tsop stp sto spot. sttop sstop stopo stopl stopm stoip stiop stolp stpop sytop"
        " srtop astop"
        " atop dtop etop wtop xtop ztop srop syop sgop sfop stip stpp stlp stkp stol stoo stob stahp stawp"
        " stup shtop",
        "quit": "qiut quti uqit wuit qyit qjit quir quiy qit qquit quuit",
        "end": "edn ebd emd wnd ennd eend",
        "alto": "alot. atlo laot altoo",
        "baja": "bjaa bajaa vaja baha.",
        "arret": "aret arett arrt arter. arreet arrret areet arre arrete",
        "remove": "rmove remov remvoe reomve",
        "cancel": "cancle cansel cancal cacnel cancell kancel cncel canel",
        "unsub": "unsb usnub ubsub unsbu",
        "revoke": "revok rvoke revke rovoke reovke",
        "cancelar": "canselar cancelr canclar",
        "desabonner": "desaboner dsabonner desabonne",
    }.items()
    for slip in slips.split()
    if not slip.endswith(".") and slip not in KEYWORDS
}
_LONG = tuple(
    word for word, found in KEYWORDS.items() if found.intent is Intent.STOP and len(word) > 5 and " " not in word
)


def _long_slip(word: str) -> str | None:
    """The long keyword one slip away, or two for the longest; no ordinary word and no other ending falls in."""
    if not 5 < len(word) < 16 or word in ORDINARY:
        return None
    for meant in _LONG:
        if word[:2] != meant[:2] or word[:-1] == meant or word == meant[:-1]:
            continue
        if one_slip(word, meant):
            return meant
        if len(meant) > 9 and any(one_slip(cut, meant) for cut in _cuts_and_doubles(word, meant)):
            return meant
    return None


def _cuts_and_doubles(word: str, meant: str) -> list[str]:
    """The word with its first slip mended, by each way of mending it."""
    at = next((i for i, (a, b) in enumerate(zip(word, meant, strict=False)) if a != b), len(word))
    return [word[:at] + meant[at : at + 1] + rest for rest in (word[at:], word[at + 1 :])] + [
        word[:at] + word[at + 1 :]
    ]
