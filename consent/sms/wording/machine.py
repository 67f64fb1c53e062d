"""Texts that no person wrote to us: the network's, reactions that quote, and automatic replies."""

import re

_NETWORK = "The text comes from the phone network, not from a person."
_REFUSED = "The phone network says that a refusal of this number is on file."
_QUOTE = "The message is a reaction that quotes an earlier text."
_AUTOMATIC = "The message is an automatic reply, not a person's."

# How phones write a reaction to a text as a text (iOS and Android, English, French, Spanish), folded.
_QUOTING = (
    *("reacted ", "removed a ", "a reagi ", "reacciono "),
    *(
        f"{verb} {quote}"
        for verb in (
            *("liked", "loved", "disliked", "laughed at", "emphasized", "emphasised", "questioned", "to"),
            *("a aime", "a adore", "n'a pas aime", "le gusto", "le encanto", "no le gusto", "le dio risa"),
            *("enfatizo", "se rio de", "a souligne", "a mis en evidence", "a ri de", "hizo enfasis en"),
        )
        for quote in ('"', "'", "an image", "une image", "una imagen", "a photo", "une photo", "una foto")
    ),
)
# How programs begin what they answer by themselves.
_PROGRAMS = (
    *("auto-reply", "auto reply", "autoreply", "automatic reply", "automatic response", "automated reply"),
    *("automated response", "automated message", "out of office", "out-of-office", "[auto", "(auto", "auto:"),
    *("respuesta automatica", "mensaje automatico", "reponse automatique", "message automatique", "reponse auto"),
    *("free msg:", "free message:", "frm:", "away message"),
)
_SAYS_SO = re.compile("is an (?:automat|auto-)|not monitored|es un mensaje automat|est un message automat")
_BUSY = re.compile("driving|conduciendo|manejando|conduis|volant")
_LATER = re.compile("get back to you|do not disturb|driving focus|call you back later|when i get|cuando llegue")
# Which word the network names first decides: after an UNSTOP it names STOP, too.
_ON_FILE = re.compile(r"\b(?:(unstop|start|opted (?:back )?in|resubscribed)|stop|opted.out|opt.?out|unsubscribed)\b")


def network_refusal(said: str) -> str | None:
    """Why this folded text says that a STOP of the number is on file with the network; None where it does not."""
    found = _ON_FILE.search(said) if said.startswith("network msg") else None
    return None if found is None or found[1] else _REFUSED


def why_not_a_person(said: str) -> str | None:
    """What wrote this folded text, in a sentence; None where it may be a person."""
    if said.startswith("network msg"):
        return _NETWORK
    if said.startswith(_QUOTING):
        return _QUOTE
    head = said[:300]
    if said.startswith(_PROGRAMS) or _SAYS_SO.search(head) or (_BUSY.search(head) and _LATER.search(head)):
        return _AUTOMATIC
    return None
