"""French rows of words that say: you have reached somebody else."""

from consent.sms.wording.grammar import Rule
from consent.sms.wording.reasons import WRONG

WRONG_NUMBER = Rule(
    WRONG,
    (
        "mauvais|mauvaise|faux numero|NUMERO|personne|wrong",
        "wrong numero",
        "TROMPEZ de|d NUMERO|personne",
        "erreur de|sur NUMERO|personne|numero",
        "est pas|plus|pu son|leur NUMERO",
        "est pu son|le NUMERO",
        "pas|plus|pu le bon numero !d|de|sur",
        "PLUS le NUMERO de NAME",
        "NAME n? a plus|pu|pus ce NUMERO",
        "plus|pu ce NUMERO",
        "pas|plus la bonne personne",
        "mauvais destinataire",
        "NUMERO n? est pas|plus ~1 bon|NAME|a|mien",
        "NUMERO n? appartient",
        "NAME n? habite|vit|reste plus|pas ici|la|a",
        "est pas|plus NAME",
        "suis|chu pas|plus NAME",
        "suis pas la|le personne|bonne",
        "pas de NAME ici|a",
        "pas|personne ~1 de|a ce nom",
        "connais pas NAME|personne|cette",
    ),
    wrong_number=True,
)
