"""What else a text says: that all contact shall end, or that data shall be deleted."""

from consent.sms.wording.grammar import Rule

EVERYTHING = Rule(
    "The words speak of every channel or of all contact.",
    (
        "CEASE|REMOVE|UNSUB|OPTOUT ~3 EVERYTHING",
        "EVERYTHING",
        "all|any|every ~1 contact|communication|communications|correspondence|channel|channels",
        "todo|cualquier|toda ~1 contacto|comunicacion",
        "no further|more contact|communication|correspondence",
        "any way|form|means",
        "NO|not ~2 contact ~1 ME|AGAIN",
        "CEASE contacting ME",
        "every|each channel|way",
        "CHANNEL ~1 , ~3 CHANNEL , ~3 CHANNEL",
        "NO call ~2 , NO|or CONTACT",
        "tout contact",
        "CEASE tout|todo",
        "ninguna ~1 manera|forma|medio",
        "ningun medio",
        "aucune ~1 facon|maniere|forme",
        "NOES MEES? contacten|contacte|contactes MAS|$",
        "NE MEF contactez plus",
    ),
)
ERASURE = Rule(
    "The person asks that data be deleted.",
    (
        "ERASE ALLOF{0,4} ~1 DATA",
        "BORRADATOS ~3 DATOS",
        "RETIREZ DET{0,3} ~1 DONNEES",
        "forget ~1 everything about",
        "right to be forgotten|deleted",
        "derecho al|de olvido|supresion",
        "droit a|d l? oubli|effacement",
        "REMOVE|DELETE|ERASE ME ~1 from ~2 system|database|records|files",
    ),
)
