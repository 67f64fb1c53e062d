"""What a text asks about somebody's data besides deletion: to see it, or to put it right. Pure and linear.

It has a vocabulary of its own, so that no word of it changes how a stop is read. Texts and mails are read alike.
"""

from dataclasses import replace

from consent.sms.wording.grammar import Patterns, Rule, Vocabulary
from consent.sms.wording.meaning import Classified, Intent
from consent.sms.wording.misspelt import Misspellings
from consent.sms.wording.sentences import LANGUAGES, language_of
from consent.sms.wording.words import row, tokens

ACCESS, CORRECTION = "access", "correction"
WISHES = {
    ACCESS: Rule(
        "The person asks to see their data.",
        (
            "what ~3 DATA ~3 do|have you|u|yall|they ~1 have|hold|keep|store|collect|got|collected|stored",
            "what do|have you|u|yall ~1 have|hold|keep|store|collect|know|got|collected on|about ME",
            "what ~2 have|got|know on|about ME $",
            "what ~3 DATA ~3 on|about ME",
            "copy|copies of ~1 my|all|the ~3 DATA ~4 on|about|regarding ME",
            "copy|copies of ~1 my ~2 DATA",
            "send|give|show|email|provide|forward ME ~1 my ~2 DATA",
            "send|give|show|email|provide|forward ME ALLOF{0,3} ~1 DATA ~2 you ~1 have|hold|keep|store",
            "want|like|need|request|requesting|wish|please ~3 see|view|access|download|obtain|receive ~2 my ~2 DATA",
            "want|like|need|request|requesting|wish ~2 all my ~1 DATA",
            "data|subject access request",
            "right of access",
            "right to know ~2 what|which|my|about|under",
            "quelles DONNEES ~3 vous|tu ~3 moi|mon|sujet",
            "que savez vous ~1 de|sur moi",
            "DONNEES ~3 avez|detenez|conservez|possedez|gardez vous ~1 sur|a|de",
            "copie de DET{0,2} ~1 DONNEES",
            "acceder|acces|consulter|voir|recevoir a? DET{0,2} ~1 DONNEES personnelles|me|que|qui|$",
            "envoyez|envoie|donnez|montrez|communiquez ~1 moi ~1 mes DONNEES",
            "droit d? acces",
            "que|cuales|cual ~1 DATOS ~2 tienen|tiene|tienes|guardan|guarda|conservan|almacenan ~2 mi|mio",
            "que ~1 saben|sabe|tienen|tiene de|sobre mi $",
            "copia de DET{0,2} ~1 DATOS",
            "ver|acceder|acceso|consultar|recibir a? DET{0,2} ~1 DATOS personales|que|$",
            "envienme|mandenme|denme|muestrenme ~1 mis ~1 DATOS",
            "derecho de|al acceso",
        ),
    ),
    CORRECTION: Rule(
        "The person asks that their data be put right.",
        (
            "correct|rectify|amend my ~2 name|address|birthday|birthdate|DATA|spelling|surname|account",
            "fix|update|change my ~1 name|address|DATA|birthday|surname|spelling !on|when|if",
            "my ~1 name|address|birthday|surname|DATA ~1 is|are|isnt|arent|was ~2 wrong|incorrect|outdated|misspelled"
            "|inaccurate|mistaken|correct|right",
            "have|got|spelled|spelt my ~1 name|address|birthday|surname|DATA wrong|incorrectly|incorrect",
            "wrong|incorrect|old name|address|birthday|DATA ~1 on|for|in ~1 me|my|file|record|records|account",
            "right to correct|rectification|correction",
            "corriger|corrigez|rectifier|rectifiez|actualiser|actualisez|modifier|modifiez DET{0,2} ~1"
            " DONNEES|nom|adresse|prenom",
            "mon|mes|ma nom|adresse|prenom|DONNEES ~2 faux|fausse|fausses|errone|erronee|incorrect|incorrecte"
            "|incorrectes|inexactes",
            "corrijan|corrija|corregir|rectifiquen|rectificar|actualicen|actualizar|cambien|modifiquen DET{0,2} ~1"
            " DATOS|nombre|direccion|apellido",
            "mi|mis nombre|direccion|apellido|DATOS ~1 esta|estan|es|son ~1 mal|equivocado|equivocada|incorrecto"
            "|incorrecta|incorrectos|erroneos",
        ),
    ),
}
_VOCABULARY = Vocabulary(LANGUAGES, WISHES.values())
_MISSPELT = Misspellings(_VOCABULARY.signs)
_PATTERNS = Patterns({wish: [*_VOCABULARY.compiled(rule)] for wish, rule in WISHES.items()})


def wishes_of(said: str) -> tuple[str, ...]:
    """What the folded text asks of these, in their order."""
    signs = row(tokens(said), _VOCABULARY, _MISSPELT, frozenset())
    known = _PATTERNS.known(frozenset(signs))
    return tuple(wish for wish in WISHES if any(one.regex.search(signs) for one in _PATTERNS.worth_trying(wish, known)))


def with_wishes(found: Classified, said: str) -> Classified:
    """The answer, with what the text asks about data; only one that is read for nothing else, or stops, may ask."""
    if found.intent not in (Intent.OTHER, Intent.STOP):
        return found
    asked = wishes_of(said)
    if not asked:
        return found
    if found.intent is Intent.STOP or found.erasure:
        return replace(found, asks=asked)
    return replace(found, why=WISHES[asked[0]].why, language=found.language or language_of(said), asks=asked)
