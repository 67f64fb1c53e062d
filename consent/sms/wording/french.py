"""French, of both continents: what rows of words mean."""

from consent.sms.wording.french_words import WORDS
from consent.sms.wording.grammar import Language, Rule
from consent.sms.wording.reasons import ALONE, CONSENT, NEVER, REMOVAL, SENDS, THREAT, TOLD, UNWANTED, WRONG

PLAIN = ()

GUARDS = (
    Rule(
        "The person speaks of something that shall not stop, or has not.",
        (
            "NE MEF? CEASE pas ~4",
            "NE CEASE ~1 PLUS",
            "CEASE pas ~4",
            "s|m CEASE",
            "NE ~2 desinscrivez|desabonnez|retirez|supprimez|enlevez pas ~3",
        ),
    ),
    Rule(
        'The word "arret" is a place, a leave or an event here.',
        (
            "arret de|d bus|autobus|maladie|travail",
            "en|prochain|un|l|cet|mon arret",
            "arret maladie",
        ),
    ),
    Rule(
        "The person corrects or asks about a number.",
        ("mauvais numero|NUMERO d|de|du|sur|pour",),
    ),
    Rule(
        "The person does not want a call now, for a reason of the day.",
        ("NE MEF? appelez|appelle PLUS HEURE ~3",),
    ),
    Rule(
        "The sentence asks what stopping would do.",
        ("repondez|envoyez|textez arret|STOP pour|a|au", "que se passe ~5", "que|quoi fait|veut ~1 STOP|arret"),
    ),
)

LIMITS = (
    Rule(
        "The person sets hours, which a person has to arrange.",
        (
            "NE MEF? ECRIVEZ|ENVOYEZ ~1 PLUS la nuit",
            "NE MEF? ECRIVEZ|ENVOYEZ PLUS HEURE ~3",
            "NE MEF? ECRIVEZ|ENVOYEZ PLUS ~1 le|au|la soir|travail|nuit|dimanche|weekend",
            "CEASE de|d MEF? SENDING la nuit",
        ),
    ),
)

STOPS = (
    Rule(
        SENDS,
        (
            "CEASE|stop de|d MEF? MEF? SENDING|SENDV",
            "CEASE|stop d SENDV|ENVOYEZ",
            "CEASE|stop menvoyer|mecrire",
            "CEASE DET{0,3} ~1 TEXTS",
            "stop aux|les|au|avec ~1 TEXTS",
            "CEASE avec DET{0,3} ~1 TEXTS",
            "CEASE tout|ca|cela|vos",
            "^ DITES{0,8} FINEF TOUTDESUITE{0,4} $",
            "comment ~2 CEASE|BAN ~2 TEXTS|ca",
            "BAN DET{1,3} ~1 TEXTS",
            "^ BAN TEXTS",
        ),
    ),
    Rule(
        NEVER,
        (
            "NE MEF? ECRIVEZ plus|pu|pus|jamais",
            "NE MEF ECRIVEZ pas",
            "NE MEF? ENVOYEZ NEMORE",
            "NE MEF? ENVOYEZ ~1 PLUS|rien DET{0,3} ~1 TEXTS",
            "NE MEF? ENVOYEZ rien",
            "<!DET MEF? ENVOYEZ MEF? NEMORE RIEN",
            "ENVOYEZ MEF? NEMORE DET{0,3} TEXTS",
            "ECRIVEZ MEF NEMORE",
            "NE PLUS ~2 SENDING|SENDV|ECRIVEZ|RECEVOIR",
            "NE PLUS etre contacte|contactee|derange|derangee|sollicite|sollicitee",
            "NE MEF ECRIVEZ PLUS",
            "nenvoyez NEMORE",
        ),
    ),
    Rule(
        UNWANTED,
        (
            "VEUX PLUS ~1 RECEVOIR DET{0,3} ~1 TEXTS|rien|ca",
            "VEUX PLUS ~1 RECEVOIR $",
            "VEUX PLUS de vos|ces|tes|TEXTS ~1",
            "jveux PLUS RECEVOIR? DET{0,3} TEXTS",
            "VEUX PLUS etre ~1 contacte|contactee|derange|derangee|sollicite|sollicitee",
            "VEUX PLUS que ~4",
            "VEUX plus|pu|pus rien|de|d vous|rien|DET? TEXTS",
            "VEUX plus|pu|pus entendre",
            "^ DITES{0,3} plus|pu|pus|pas|fini|jamais DET{0,3} ~1 TEXTS $",
            "plus|pu|pus aucun|jamais DET{0,2} TEXTS",
            "^ plus rien $",
            "assez|marre|suffit|fini|suffisant DET{0,3} TEXTS STOP",
            "^ ~1 assez de|avec DET{0,3} TEXTS",
            "suffit DET{0,2} avec? DET{0,3} TEXTS",
            "fini les|avec ~1 TEXTS",
            "TEXTS ~1 m interessent|interesse pas|plus",
            "pas|plus interesse|interessee|interesses par|a|de ~1 TEXTS",
        ),
    ),
    Rule(
        REMOVAL,
        (
            "RETIREZ MEF de|d ~2 LISTE|ici|la|TEXTS",
            "RETIREZ MEF $",
            "RETIREZ DET NUMERO",
            "RETIREZ MEF DET{0,2} ~1 LISTE",
            "remove moi ~3 LISTE|LIST",
            "unsubscribe moi",
            "DESABONNER",
            "sortir de ~1 LISTE",
        ),
    ),
    Rule(
        WRONG,
        (
            "mauvais|mauvaise|faux numero|NUMERO|personne|wrong",
            "wrong numero",
            "TROMPEZ de|d NUMERO|personne",
            "erreur de|sur NUMERO|personne|numero",
            "pas|plus le|son|leur ~1 NUMERO",
            "pas le bon NUMERO",
            "est pas|plus NAME",
            "suis|chu pas|plus NAME",
            "suis pas la|le personne|bonne",
            "pas de NAME ici|a",
            "pas|personne ~1 de|a ce nom",
            "connais pas ~2 NAME|personne",
        ),
        wrong_number=True,
    ),
    Rule(
        CONSENT,
        (
            "REVOQUE DET CONSENTEMENT",
            "PLUS ~2 donne|accepte|autorise ~2 CONSENTEMENT",
            "jamais|pas ~2 CONSENTEMENT",
            "jamais|pas demande|accepte|voulu ~1 DET ~1 TEXTS|ca",
            "jamais|pas demande|accepte ca|RECEVOIR|TEXTS",
            "me|m suis ~1 jamais|pas ~1 inscrit|inscrite|abonne|abonnee",
            "jamais ~1 inscrit|inscrite|abonne|abonnee",
            "autorise pas|plus ~1",
            "oppose a",
            "refuse de|d ~1 RECEVOIR|SENDING",
            "refuse DET ~1 TEXTS",
            "sans mon CONSENTEMENT",
        ),
    ),
    Rule(
        TOLD,
        (
            "DIT d|de CEASE",
            "DIT de ne|plus ~4",
            "deja|ai DIT|ecrit ~1 STOP|arret|non",
            "deja desabonne|desinscrit|DESABONNER",
            "DIT ~2 STOP|arret",
        ),
    ),
    Rule(
        THREAT,
        (
            "si vous|tu MEF? ~1 ECRIVEZ|ENVOYEZ|continuez|recontactez ~5 , ~3 PLAINTE",
            "encore un TEXTS ~2 , ~4 PLAINTE",
            "prochain TEXTS ~2 , ~4 PLAINTE",
            "TEXTS de plus ~1 , ~4 PLAINTE",
            "PLAINTE , si ~6",
        ),
    ),
    Rule(
        ALONE,
        (
            "laisse|laissez|laisser MEF ~1 tranquille|tranquilles|paix",
            "fichez|foutez|fous|fiche|fichez MEF la paix",
            "lachez|lache MEF",
        ),
    ),
)

DOUBTS = (
    Rule(
        "The person refuses or complains, and does not say that the messages must stop.",
        (
            "^ ~1 ca suffit ~1 $",
            "^ ~1 assez ~1 $",
            "pas|plus ~1 interesse|interessee",
            "interesse|interessent pas|plus",
            "allez au diable",
            "va te ~3",
            "allez vous ~2",
            "foutez|fous le camp",
            "du|un|de spam|harcelement|arnaque",
            "^ arnaque|spam $",
            "pourquoi ~3 ECRIVEZ|ENVOYEZ|SENDING",
            "qui ~2 donne ~1 NUMERO",
            "trop ~1 TEXTS",
            "envoyez trop",
            "MARRE ~2",
            "decede|decedee|mort|morte !le",
            "en veux pas|plus",
            "NE ECRIVEZ PLUS",
            "bande de",
        ),
    ),
)

HELPS = (
    Rule(
        "The person asks for help, or who we are.",
        (
            "^ ~1 ai? besoin d aide $",
            "^ pouvez vous|MEF? MEF aider $",
            "^ qui etes vous $",
            "^ c est qui $",
            "^ qui est ce|c $",
            "de la part de qui",
        ),
    ),
)

STARTS = (
    Rule(
        "The person asks for the messages again.",
        (
            "VEUX RECEVOIR DET{0,2} TEXTS a|encore",
            "reabonnez|reinscrivez|reabonner moi",
            "recommencez|reprenez ~1 MEF? SENDV|SENDING|envoyer|ENVOYEZ",
            "recommencez a MEF ENVOYEZ",
        ),
    ),
)

FRENCH = Language("fr", WORDS, PLAIN, GUARDS, LIMITS, STOPS, DOUBTS, HELPS, STARTS)
