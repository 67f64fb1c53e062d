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
        "pas|plus|pu|plu a NAME ~1 ce|le NUMERO",
        "NUMERO ~4 pas|plus|pu a NAME",
        "pas|plus ~2 que|qui vous|tu cherchez|cherches|voulez|pensez",
        "NUMERO ~2 pas|plus|pu celui de|d|a NAME",
        "confondez|confonds ~2 avec",
        "cherchez|cherches ~1 quelqu un d autre",
        "TEXTS ~2 concernent|concerne|regardent|regarde pas|plus",
        "TEXTS ~3 pas|plus pour|a moi|nous",
        "personne ~2 s appelle|nomme",
        "TEXTS ~1 de|d|pour|a quelqu un d autre",
        "monsieur|madame|dame|homme|personne|fille ~1 habite|vit|reste|demeure plus|pas ici|la",
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
