"""French rows of words that look like a stop and are none, and those that ask for less than one."""

from consent.sms.wording.grammar import Rule

GUARDS = (
    Rule(
        "The person speaks of something that shall not stop, or has not.",
        (
            "NE MEF? CEASE pas ~4",
            "NE CEASE ~1 PLUS",
            "CEASE pas ~4",
            "NE VEUX pas ~3 CEASE ~3",
            "RECOIT plus|pas|jamais !besoin|demande|accepte|voulu|autorise|donne|consenti ~3 TEXTS",
            "DESABONNER ~3 activite|cours|concours|evenement|fete|piscine|atelier|reunion",
            "ILF ~2 veut|voulait|vient|souhaite|va|pense ~3 DESABONNER|CEASE|BAN|RETIREZ ~4",
            "ILF ~1 a|ont ~1 DIT|demande|decide ~3 DESABONNER|CEASE|BAN ~4",
            "pas ~2 DESABONNER ~3",
            "pourquoi ~4 DESABONNER ~2",
            "STOP|arret|CEASE|DESABONNER|desabonne|RETIREZ|BAN|retire|enleve ~4 par erreur|accident|megarde ~4",
            "NE BAN pas ~4",
            "DESABONNER MEF? de|d !DET !TEXTS !LISTE !ca !tout !ici ~1",
            "NE VEUX PLUS manquer|perdre|rater ~4",
            "NE CEASE ~1 pas ~4",
            "s|m CEASE",
            "CLIENTELEF ~2 DESABONNER|desabonnes|RETIREZ ~6",
            "CEASE de|d SENDING mon|ma|mes|les|le|l|aux|au ~2",
            "NE ~2 desinscrivez|desabonnez|retirez|supprimez|enlevez pas ~3",
        ),
    ),
    Rule(
        'The word "arret" is a place, a leave or an event here.',
        (
            "arret de|d bus|autobus|maladie|travail",
            "en|prochain|un|l|cet|mon arret !de|des|d",
            "arret maladie",
        ),
    ),
    Rule(
        "The person cancels a service, not messages.",
        (
            "DESABONNER ~2 de|du|d|a ~2 PAPIER ~3",
            "RETIREZ|BAN ~2 de|du|d DET? PAPIER ~2",
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
            "que se passe ~8",
            "si je|j ~3 STOP|arret|DESABONNER|CEASE ~6",
            "que|quoi fait|veut ~1 STOP|arret",
        ),
    ),
)

LIMITS = (
    Rule(
        "The person wants some of the messages and not others.",
        (
            "gardez|garder|garde|laissez ~2 MANY ~3 , ~1 pas|plus|CEASE|sans|RETIREZ ~2 MANY",
            "pas|plus|CEASE|RETIREZ ~3 MANY , ~1 gardez|garde|seulement|juste ~3 MANY",
            "seulement|uniquement|juste ~2 MANY , ~1 pas|plus ~3",
            "pas|plus|aucun DET{0,2} TEXTS HEURE ~3",
        ),
    ),
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
