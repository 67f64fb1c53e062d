"""Spanish rows of words that look like a stop and are none, and those that ask for less than one."""

from consent.sms.wording.grammar import Rule

GUARDS = (
    Rule(
        "The person speaks of something that shall not stop, or has not.",
        (
            "NOES ~1 PAREN de ~2",
            "NOES PAREN",
            "NOES MEES? BAN|BORRA ~4",
            "NOES QUIERO que ~2 borren|quiten|saquen|eliminen|cancelen|den ~3",
            "deje|dejamos de RECIBIR ~4",
            "pare|paro|paramos en DET ~3",
            "ELES ~1 quiere|queria|dijo|pidio|va|decidio ~3 CEASE|DEJA|BAN|DESUSCRIBIR|baja|BORRA ~4",
            "DIJE|dijo|pidio ~1 ELES ~2 que ~2 CEASE|DEJA|BAN ~3",
            "NOES QUIERO que ~1 PAREN de? ~3",
            "no ~3 DESUSCRIBIR",
            "STOP|stop|alto|CEASE|BAN|DESUSCRIBIR|baja|borraron|quitaron|cancele|borre|sacaron ~4 por error"
            "|equivocacion|accidente ~4",
            "por error|equivocacion|accidente ~2 STOP|alto|cancele|di|baja|quitaron|borraron ~4",
            "si me doy|dan|di de baja ~4",
            "si STOP|cancela|cancelo|cancelan|para|paro|paran|suspende|termina|desactiva|quitan|eliminan|cancelar ~5",
            "CEASE|DEJA de molestar|fastidiar a|al|mi|mis|los|las ~2",
            "no QUIERO dejar|cancelar|parar|darme|borrar ~6",
            "NOES MEES? cancelen|suspendan|quiten|borren|eliminen|den|desuscriban ~4",
            "NOES quitenme|saquenme|borrenme|eliminenme ~4",
        ),
    ),
    Rule("The person speaks of readers or customers of their own.", ("CLIENTES ~3 DESUSCRIBIR|BAN|baja ~6",)),
    Rule(
        "The person cancels a service, not messages.",
        (
            "de baja DET{0,3} ~1 SERVICIO",
            "baja el|la|del SERVICIO",
            "BAN DET{0,3} SERVICIO !de",
        ),
    ),
    Rule(
        'The word means "for" here, or that something is low or high.',
        (
            "para que !son !sirven !sirve",
            "para manana|el|la|los|las|mi|cuando|saber|hoy|ver|un|una|hacer|confirmar|llegar|pagar|poder",
            "para recibir !DET !TEXTS",
            "muy|esta|mas baja|alto|alta",
            "baja velocidad|presion|senal|calidad",
            "basta que",
            "basta con que|un|una",
        ),
    ),
    Rule(
        "The person does not want a call now, for a reason of the day.",
        (
            "NOES MEES? llame|llamen|llames TIEMPO|manana|hoy ~4",
            "NOES MEES? ESCRIBAN|MANDEN al|a|en|por correo|email|mail ~2",
            "NOES QUIERO molestar|molestarlos|molestarle",
            "NOES es|soy NAME , es|soy NAME",
            "NOES MEES? llame|llamen|llames , mejor|prefiero|escriban|manden ~2",
        ),
    ),
    Rule(
        "The sentence asks what stopping would do.",
        (
            "que pasa si ~4",
            "que significa|hace STOP|alto|baja",
            "responda|envie|mande|responde|envia|conteste|texto alto|STOP|baja|parar para|a ~4",
        ),
    ),
)

LIMITS = (
    Rule(
        "The person wants some of the messages and not others.",
        (
            "solo|solamente|unicamente|nomas ~1 TEXTS ~5 , ~1 no ~3 TEXTS",
            "no|CEASE|NOES ~5 TEXTS , ~1 solo|solamente|unicamente|nomas ~4 TEXTS",
            "solo|solamente|unicamente MEES? ESCRIBAN|MANDEN|mandenme|escribanme|mandeme ~6 , ~1 no ~3",
        ),
    ),
    Rule(
        "The person sets hours, which a person has to arrange.",
        (
            "NOES MEES? ESCRIBAN|MANDEN ~2 de noche|madrugada",
            "NOES MEES? llame|llamen|llames al|a|en|por trabajo|casa|oficina|fijo ~4",
            "NOES MEES? ESCRIBAN|MANDEN ~2 TIEMPO ~3",
            "NOES MEES? ESCRIBAN|MANDEN tan|en|por|los|muy noche|la|domingos|tarde|temprano ~2",
            "CEASE|DEJA de ~2 SENDING|SENDV ~2 de noche|madrugada",
        ),
    ),
)
