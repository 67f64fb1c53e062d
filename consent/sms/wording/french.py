"""French, of both continents: what rows of words mean."""

from consent.sms.wording.french_words import WORDS
from consent.sms.wording.french_wrong_number import WRONG_NUMBER
from consent.sms.wording.grammar import Language, Rule
from consent.sms.wording.reasons import ALONE, CONSENT, NEVER, REMOVAL, SENDS, THREAT, TOLD, UNWANTED

PLAIN = (
    Rule(
        TOLD,
        (
            "combien de fois ~7 CEASE|STOP",
            "combien de fois ~5 NE PLUS ~2 SENDING|SENDV|ECRIVEZ",
        ),
    ),
)

GUARDS = (
    Rule(
        "The person speaks of something that shall not stop, or has not.",
        (
            "NE MEF? CEASE pas ~4",
            "NE CEASE ~1 PLUS",
            "CEASE pas ~4",
            "NE VEUX pas ~3 CEASE ~3",
            "RECOIT plus|pas|jamais !demande|accepte|voulu|autorise|donne|consenti ~3 TEXTS",
            "DESABONNER ~3 activite|cours|concours|evenement|fete|piscine|atelier|reunion",
            "pas ~2 DESABONNER ~3",
            "pourquoi ~4 DESABONNER ~2",
            "~6 par erreur|accident|megarde ~3",
            "NE BAN pas ~4",
            "DESABONNER MEF? de|d !DET !TEXTS !LISTE !ca !tout !ici ~1",
            "NE VEUX PLUS manquer|perdre|rater ~4",
            "NE CEASE ~1 pas ~4",
            "s|m CEASE",
            "CEASE de|d SENDING mon|ma|mes|les|le|l|aux|au ~2",
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
        "The person cancels a service, not messages.",
        (
            "DESABONNER ~2 de|du|d|a ~1 forfait|tele|television|internet|service|magazine|journal",
            "NE MEF? appelez PLUS , textez|ecrivez|envoyez|texto|sms ~2",
        ),
    ),
    Rule(
        "The person corrects or asks about a number.",
        (
            "mauvais numero|NUMERO d|de|du|sur|pour",
            "erreur de|sur numero|NUMERO d|de|du|sur",
            "me suis TROMPEZ ~3",
            "est pas NAME , c est NAME",
        ),
    ),
    Rule(
        "The person does not want a call now, for a reason of the day.",
        ("NE MEF? appelez|appelle PLUS HEURE ~3",),
    ),
    Rule(
        "The sentence asks what stopping would do.",
        (
            "repondez|envoyez|textez|repondre|envoyer ~1 arret|STOP pour|a|au ~4",
            "STOP pour ~4",
            "que se passe ~5",
            "si je|j ~3 STOP|arret|DESABONNER|CEASE ~6",
            "que|quoi fait|veut ~1 STOP|arret",
        ),
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
            "CEASE|stop de|d MEF? MEF? SENDING",
            "CEASE|stop ~1 de|d MEF? MEF? SENDV|ENVOYEZ DET{0,3} ~1 TEXTS",
            "CEASE|stop ~1 de|d MEF? MEF? SENDV|ENVOYEZ ca|cela|tout|rien|$",
            "CEASE|stop de|d texting|messaging",
            "CEASE avec vos TEXTS",
            "CEASE ~1 de|d MEF? SENDING",
            "CEASE|stop menvoyer|mecrire",
            "CEASE DET{0,3} ~1 TEXTS",
            "stop aux|les|au|avec ~1 TEXTS",
            "CEASE avec DET{0,3} ~1 TEXTS",
            "CEASE tout|ca|cela $",
            "BAN mon abonnement aux|a ~1 MANY",
            "CEASE de|d RECEVOIR ~2 TEXTS",
            "^ DITES{0,8} FINEF TOUTDESUITE{0,4} $",
            "comment ~2 CEASE|BAN ~2 TEXTS|ca",
            "BAN DET{1,3} ~1 MANY",
            "^ BAN TEXTS",
        ),
    ),
    Rule(
        NEVER,
        (
            "NE MEF ECRIVEZ plus|pu|pus|jamais",
            "NE ECRIVEZ NEMORE $",
            "NE ECRIVEZ NEMORE a|ici|sur",
            "NE ECRIVEZ NEMORE chez|cette|ce",
            "NE MEF ECRIVEZ pas",
            "NE MEF? ENVOYEZ NEMORE rien|ca|cela|jamais|aucun|a",
            "NE MEF? ENVOYEZ NEMORE $",
            "NE MEF? ENVOYEZ ~1 PLUS|rien DET{0,3} ~1 TEXTS",
            "NE MEF? ENVOYEZ rien",
            "<!DET MEF? ENVOYEZ MEF? NEMORE RIEN",
            "ENVOYEZ MEF? NEMORE DET{0,3} TEXTS",
            "ECRIVEZ MEF NEMORE !tard|souvent|vite",
            "NE PLUS MEF SENDING|SENDV|ECRIVEZ|ENVOYEZ",
            "NE PLUS recevoir ~3 TEXTS",
            "NE PLUS recevoir ca|rien|$",
            "NE PLUS SENDING|SENDV|ECRIVEZ|ENVOYEZ a|ce|cette|rien|ici|$",
            "NE PLUS SENDV|ENVOYEZ ~2 TEXTS",
            "NE PLUS etre contacte|contactee|derange|derangee|sollicite|sollicitee",
            "NE MEF ECRIVEZ PLUS",
            "nenvoyez NEMORE",
            "MEF ECRIVEZ plus|pu|pus !tard|souvent|vite",
        ),
    ),
    Rule(
        UNWANTED,
        (
            "VEUX PLUS ~1 RECEVOIR DET{0,3} ~1 TEXTS|rien|ca",
            "VEUX PLUS ~1 RECEVOIR $",
            "VEUX ~1 rien RECEVOIR",
            "VEUX plus|pu|pus|pas DET{1,3} ~1 TEXTS",
            "VEUX rien ~1 RECEVOIR",
            "VEUX PLUS rien ~1 RECEVOIR",
            "TEXTS , ~3 en VEUX PLUS",
            "VEUX PLUS de|d DET{0,2} ~1 MANY",
            "VEUX PLUS ~1 de vos nouvelles|$",
            "jveux PLUS RECEVOIR? DET{0,3} TEXTS",
            "VEUX PLUS etre ~1 contacte|contactee|derange|derangee|sollicite|sollicitee|appele|appelee|texte",
            "VEUX PLUS que ~2 ECRIVIEZ",
            "VEUX|aimerais que ~2 CEASE de|d|ca|$",
            "VEUX PLUS etre sur ~2 LISTE",
            "^ aucun|zero TEXTS $",
            "VEUX plus|pu|pus rien|de|d vous|rien|DET? TEXTS",
            "VEUX plus|pu|pus entendre",
            "^ DITES{0,3} plus|pu|pus|pas|fini|jamais DET{0,3} ~1 TEXTS $",
            "plus|pu|pus aucun|jamais DET{0,2} TEXTS",
            "^ plus rien $",
            "assez|marre|suffit|fini|suffisant DET{0,3} TEXTS STOP",
            "^ ~1 assez de|avec DET{0,3} TEXTS",
            "suffit DET{0,2} avec? DET{0,3} TEXTS",
            "fini les|avec ~1 TEXTS",
            "MANY ~1 m interessent|interesse pas|plus",
            "pas|plus interesse|interessee|interesses par|a|de ~1 MANY",
        ),
    ),
    Rule(
        REMOVAL,
        (
            "RETIREZ MEF de|d ~2 LISTE|ici|la|TEXTS",
            "RETIREZ MEF $",
            "RETIREZ DET NUMERO",
            "RETIREZ DET nom de|d|des ~2 LISTE",
            "RETIREZ MEF DET{0,2} ~1 LISTE",
            "remove moi ~3 LISTE|LIST",
            "unsubscribe moi",
            "DESABONNER",
            "sortir de ~1 LISTE",
            "etre RETIREZ|DESABONNER",
            "me|m|nous RETIREZ de|d ~1 LISTE",
            "me|m|nous RETIREZ $",
        ),
    ),
    WRONG_NUMBER,
    Rule(
        CONSENT,
        (
            "REVOQUE DET CONSENTEMENT",
            "PLUS ~2 donne|accepte|autorise ~2 CONSENTEMENT",
            "jamais|pas|plus ~1 donne|accorde ~2 CONSENTEMENT",
            "jamais|pas|plus mon|ma|notre CONSENTEMENT",
            "jamais|pas consenti ~1",
            "consens pas|plus",
            "pas ~1 consenti",
            "jamais|pas demande|accepte|voulu ~1 DET ~1 TEXTS|ca",
            "jamais|pas demande|accepte ca|RECEVOIR|TEXTS",
            "me|m suis ~1 jamais|pas ~1 inscrit|inscrite|abonne|abonnee",
            "jamais ~1 inscrit|inscrite|abonne|abonnee",
            "autorise pas|plus ~3 TEXTS|SENDING|SENDV|ECRIVEZ|ENVOYEZ",
            "oppose a ~2 RECEVOIR|TEXTS|etre",
            "refuse de|d ~1 RECEVOIR ~2 TEXTS",
            "refuse d etre ~1 contacte|contactee|sollicite|sollicitee|appele",
            "oppose $",
            "autorise pas|plus $",
            "refuse DET ~1 TEXTS",
            "sans mon CONSENTEMENT",
        ),
    ),
    Rule(
        TOLD,
        (
            "je|j|nous|on|deja|avons ~3 DIT d|de CEASE de|d|ca|$",
            "DIT de ne|plus ~3 SENDING|SENDV|ECRIVEZ|ENVOYEZ|recevoir",
            "deja|ai DIT|ecrit ~1 STOP|arret|non",
            "deja desabonne|desinscrit|DESABONNER",
            "je|j|ai|nous|on ~2 DIT ~1 STOP|arret",
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
            "si ca continue , ~3 PLAINTE",
            "si vous|tu continuez|continues ~4 , ~3 PLAINTE",
        ),
    ),
    Rule(
        ALONE,
        (
            "laisse|laissez|laisser MEF ~1 tranquille|tranquilles|paix",
            "fichez|foutez|fous|fiche|fichez MEF la paix",
            "lachez|lache MEF !un|une|le|les",
            "MEF la? paix",
            "MEF patience",
        ),
    ),
)

DOUBTS = (
    Rule(
        "The person refuses or complains, and does not say that the messages must stop.",
        (
            "^ ~1 ca suffit ~1 $",
            "^ assez $",
            "c est assez $",
            "pas|plus ~1 interesse|interessee",
            "interesse|interessent pas|plus",
            "allez|va|vas au|aux diable|enfer",
            "va te ~3",
            "allez vous ~2",
            "foutez|fous le camp",
            "du|un|de spam|harcelement|arnaque",
            "^ arnaque|spam $",
            "pourquoi ~3 ECRIVEZ|ENVOYEZ|SENDING",
            "qui ~2 donne ~1 NUMERO",
            "trop ~1 TEXTS",
            "envoyez trop",
            "MARRE $",
            "MARRE de|d ~2 TEXTS|vous|ca|RECEVOIR",
            "decede|decedee|mort|morte !le",
            "en veux pas|plus",
            "NE ECRIVEZ PLUS",
            "bande de",
            "prochaine fois , ~3 PLAINTE",
        ),
    ),
)

HELPS = (
    Rule(
        "The person asks for help, or who we are.",
        (
            "^ ~1 ai? besoin d aide $",
            "^ pouvez vous|MEF? MEF aider $",
            "^ qui etes|es vous|tu $",
            "^ c|ce est qui $",
            "^ qui est|es ce|c $",
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
