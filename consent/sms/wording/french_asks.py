"""French rows of words that refuse without saying what shall end, that ask for help, or for the messages again."""

from consent.sms.wording.grammar import Rule

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
            "allez vous en|faire|foutre ~2",
            "foutez|fous le camp",
            "du|un|de spam|harcelement|arnaque",
            "^ arnaque|spam $",
            "pourquoi ~3 ECRIVEZ|ENVOYEZ|SENDING",
            "ou|comment ~3 eu|trouve|obtenu|pris ~1 NUMERO",
            "qui ~2 donne ~1 NUMERO",
            "achalants|achalant|fatigants|fatigant|agacants|penibles|gossants $",
            "^ ~1 degagez|degage|decrissez|decrisse ~3",
            "^ plus|pu besoin $",
            "ras le bol ~3",
            "trop ~1 TEXTS",
            "envoyez trop",
            "MARRE $",
            "MARRE de|d ~2 TEXTS|vous|ca|RECEVOIR",
            "decede|decedee|mort|morte !le",
            "en veux pas|plus",
            "NE ECRIVEZ PLUS",
            "bande de",
            "^ ~2 encore vous|toi|eux|ca|lui ~1 $",
            "^ vous|toi encore $",
            "^ ~2 encore un|une autre|TEXTS ~2 $",
            "^ ~1 encore la|les meme|memes chose|choses|affaire|histoire ~1 $",
            "par dessus la tete",
            "^ ~1 quelle insistance|plaie|lourdeur ~2 $",
            "^ ~1 vous|tu exagerez|exageres|abusez|abuses ~2 $",
            "^ ~1 c|ca est|devient ~1 lourd|penible|fatigant|tannant|agacant a la fin|longue",
            "commence a ~1 bien|faire|suffire",
            "plein le|mon|ma|les|notre casque|dos|cul|bottes|os|bol|kit|pompon|truc",
            "ras le|la ~2 $",
            "jusque|jusqu la|ici $",
            "en peux|peut|pouvons PLUS $",
            "en peux|peut|pouvons PLUS de|d vous|vos|TEXTS|RECEVOIR",
            "vous|tu etes|es ~1 lourd|lourds|penibles|penible|fatigants|fatigant|tannants|tannant"
            "|insupportables"
            "|agacants|gossants|achalants|chiants|impossibles",
            "^ ~1 ca|c devient|est ~2 lourd|fatigant|penible|tannant|agacant|chiant|insupportable|ridicule $",
            "^ ca|c va faire|suffire ~1 $",
            "^ DITES{0,5} VEUX annuler TOUTDESUITE{0,3} $",
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
            "aide|aider|aidez|information|informations|info|infos|renseignements|question|questions MEF?"
            " ~1 avec|sur|pour"
            "|concernant|de|d DET{0,3} TEXTS",
            "aide|aider|aidez|information|informations|info|infos|renseignements|question|questions MEF?"
            " ~1 avec|sur|pour"
            "|concernant DET{0,3} service|programme de|par|d? ~1 TEXTS|$",
            "quoi servent|sert|riment|rime DET{1,2} TEXTS",
            "quoi servent|sert DET{1,2} service|programme de|d ~1 TEXTS",
            "comment fonctionne|fonctionnent|marche|marchent DET{1,2} TEXTS",
            "comment fonctionne|marche DET{1,2} service|programme de|d ~1 TEXTS",
            "^ ~1 c est quoi DET{1,2} TEXTS $",
            "pourquoi sont DET{1,2} TEXTS $",
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
            "recommencez|recommencer a MEF ECRIVEZ|SENDING|SENDV|ENVOYEZ",
            "REMETTEZ MEF ~1 sur|a|aux|dans ~2 LISTE de|des|d? ~1 TEXTS|$",
            "REMETTEZ MEF ~1 sur|a|aux|dans DET{0,2} TEXTS",
            "REMETTEZ MEF DET{1,2} TEXTS",
            "VEUX ravoir|retrouver DET{1,2} TEXTS",
            "INSCRIVEZ MEF de|a|encore nouveau ~5 TEXTS",
            "INSCRIVEZ MEF ~1 sur|a|aux|dans ~3 TEXTS de|a|encore nouveau|$",
        ),
    ),
)
