"""Spanish, of both continents: what rows of words mean."""

from consent.sms.wording.grammar import Language, Rule
from consent.sms.wording.reasons import ALONE, CONSENT, NEVER, REMOVAL, SENDS, THREAT, TOLD, UNWANTED, WRONG
from consent.sms.wording.spanish_words import WORDS

PLAIN = (
    Rule(
        "The person forbids us to write, text or call.",
        ("NOES DEJAME|dejen|deje de !avisar|avisarme ~1 SENDING|joder ~2 BASTA",),
    ),
)

GUARDS = (
    Rule(
        "The person speaks of something that shall not stop, or has not.",
        (
            "NOES ~1 CEASE de ~2",
            "NOES CEASE",
            "no QUIERO dejar|cancelar|parar|darme|borrar ~6",
            "NOES MEES? cancelen|suspendan|quiten|borren|eliminen|den|desuscriban ~4",
            "NOES quitenme|saquenme|borrenme|eliminenme ~4",
        ),
    ),
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
            "para manana|que|el|la|los|las|mi|cuando|saber|hoy|ver|un|una|hacer|confirmar|llegar|pagar|recibir|poder",
            "muy|esta|mas baja|alto|alta",
            "baja velocidad|presion|senal|calidad",
            "basta que",
            "basta con que|un|una",
        ),
    ),
    Rule(
        "The person does not want a call now, for a reason of the day.",
        ("NOES MEES? llame|llamen|llames TIEMPO ~4",),
    ),
    Rule(
        "The sentence asks what stopping would do.",
        ("que pasa si ~4", "que significa|hace STOP|alto|baja", "responda|envie|mande alto|STOP|baja para|a"),
    ),
)

LIMITS = (
    Rule(
        "The person sets hours, which a person has to arrange.",
        (
            "NOES MEES? ESCRIBAN|MANDEN ~2 de noche|madrugada",
            "NOES MEES? ESCRIBAN|MANDEN ~2 TIEMPO ~3",
            "NOES MEES? ESCRIBAN|MANDEN tan|en|por|los|muy noche|la|domingos|tarde|temprano ~2",
            "CEASE de ~2 SENDING|SENDV ~2 de noche|madrugada",
        ),
    ),
)

STOPS = (
    Rule(
        SENDS,
        (
            "CEASE|stop|quit|para de? SENDING",
            "para de SENDV",
            "CEASE|stop|quit de|d SENDV $",
            "CEASE de|d SENDV DET{0,4} ~1 TEXTS",
            "CEASE|stop de|d? SENDV DET{0,4} ~1 TEXTS",
            "CEASE de|d SENDV MAS|ESTO|cosas|tanto",
            "CEASE|stop con|a|los|las|ya? DET{0,3} ~1 TEXTS",
            "CEASE|stop DET{1,3} TEXTS",
            "BAN|cancel|end DET{0,4} ~1 DET{0,2} TEXTS",
            "BASTA DET{0,4} ~1 TEXTS",
            "BASTA ya? de|con SENDING|SENDV|TEXTS|ESTO|molestar",
            "^ PIDO{0,8} FINE YA{0,3} $",
            "^ PIDO{0,8} stop|alto YA{0,3} $",
            "que ~1 CEASE de? $",
            "BAN|CEASE|detengan todo|ESTO",
            "como ~1 cancelo|paro|detengo|quito|cancelar|parar ~2 TEXTS|esto",
            "ya? stop con ~1 TEXTS",
            "eviten|evite|evita|evitar SENDING|SENDV",
            "abstenganse|abstengase|absten ~1 SENDING|SENDV",
        ),
    ),
    Rule(
        NEVER,
        (
            "NOES MAS? MEES? ESCRIBAN",
            "NOES ~1 MEES ESCRIBAN",
            "NOES MAS? MEES? MANDEN MAS|ESTO|nada|otro|cosas|$",
            "NOES MAS? MEES? MANDEN DET{0,3} ~1 TEXTS",
            "NOES MEES? MANDEN ESCRIBEN",
            "NOES quiero|quieren que MEES? ESCRIBAN|MANDEN",
            "NOES volver|vuelvan|vuelva|vuelvas a SENDING|ESCRIBAN|MANDEN",
            "NO|not me? ESCRIBAN|texteen",
            "<!MEES NOES SENDING|SENDV ~1 MAS|TEXTS|$",
            "no|without autorizo|autorizamos a? ~1 ESCRIBAN",
            "NO MEES ESCRIBAN",
        ),
    ),
    Rule(
        UNWANTED,
        (
            "NOES QUIERO MAS? RECIBIR? DET{0,4} ~1 TEXTS",
            "NOES QUIERO MAS? RECIBIR MAS|ESTO|DET",
            "NOES QUIERO mas $",
            "NOES QUIERO saber",
            "NOES QUIERO que ~1 MANDEN|ESCRIBAN",
            "no mas DET{0,2} TEXTS",
            "^ ~1 no mas $",
            "^ ya no $",
            "^ no DET{0,3} TEXTS $",
            "^ fin de TEXTS",
            "^ BAN DET? suscripcion $",
            "no MEES interesan|interesa|gustan DET{1,3} TEXTS",
            "no MEES interesa|interesan RECIBIR ~2 TEXTS",
            "no ~1 interesado|interesada|interesados en ~1 RECIBIR? DET{0,2} TEXTS",
            "ni un TEXTS|mensaje mas",
        ),
    ),
    Rule(
        REMOVAL,
        (
            "QUITAME|remove|quitarme de|from|del ~3 LISTA|LIST|aqui",
            "QUITAME $",
            "BORRA MINUM NUM",
            "remove ME de|from ~2 LISTA|LIST",
            "unsubscribe|quitar ME|moi",
            "<!SERVICIO DAR ~2 de baja",
            "DAR MEES de baja",
            "me ~1 dar de baja",
            "me di de baja",
            "la baja de ~1 TEXTS|LISTA",
            "baja|bajas ~1 de DET{0,2} ~1 TEXTS|LISTA",
            "DESUSCRIBIR",
            "saquen|quiten|borren ~1 NUM",
        ),
    ),
    Rule(
        WRONG,
        (
            "NUM|NUMBER|persona EQUIVOCADO",
            "EQUIVOCADO de|el ~1 NUM|persona|NUMBER",
            "wrong NUM",
            "no soy NAME",
            "no soy la|el persona|senor|senora|que|dueno|duena|quien",
            "aqui no vive|esta|trabaja ~1 NAME|nadie|esa",
            "no vive aqui",
            "no hay ~2 ese nombre",
            "no hay ningun|ninguna NAME",
            "no es su|mi NUM|nombre",
            "no es el|la NUM|telefono|persona de|del|que|correcto",
            "no es NAME",
            "NUM ~1 no es de",
            "no conozco ~2 NAME|persona",
        ),
        wrong_number=True,
    ),
    Rule(
        CONSENT,
        (
            "REVOCO DET{0,2} CONSENTIMIENTO",
            "no ~1 autorizo|autorizamos|autorice a|que|TEXTS|DET|esto|$",
            "no|nunca ~1 di|doy|dimos|damos|tienen|tiene ~1 CONSENTIMIENTO",
            "sin mi CONSENTIMIENTO",
            "no|nunca me ~1 suscribi|apunte|inscribi|registre ~1",
            "no|nunca ~1 pedi|solicite|autorice DET{0,2} TEXTS|esto|eso",
            "no ~1 suscribi",
        ),
    ),
    Rule(
        TOLD,
        (
            "DIJE ~3 que ~2 CEASE|ESCRIBAN|MANDEN",
            "DIJE ~2 que no",
            "DIJE ~1 alto|stop|baja",
            "DIJE ~2 que ~1 dejaran|pararan",
        ),
    ),
    Rule(
        THREAT,
        (
            "si ~5 ESCRIBEN|ESCRIBAN|MANDEN|SENDING|SENDV ~4 , ~3 DEMANDA",
            "TEXTS mas ~1 , ~3 DEMANDA",
            "otro TEXTS ~2 , ~3 DEMANDA",
            "DEMANDA ~2 , si ~3 ESCRIBEN|ESCRIBAN|MANDEN|SENDING|SENDV",
        ),
    ),
    Rule(ALONE, ("DEJAME ~1 PAZ", "DEJAME de SENDING", "DEJAME en PAZ", "DEJAME de? molestar|joder|fastidiar")),
)

DOUBTS = (
    Rule(
        "The person refuses or complains, and does not say that the messages must stop.",
        (
            "no ~1 interesa|interesan|interesado|interesada",
            "^ no QUIERO|lo nada|quiero $",
            "^ ya estuvo|chole|fue|estuvo $",
            "molestos|molesto|molestia $",
            "vayanse|vete|vayase|larguense ~3",
            "estafa|estafadores|ladrones|rateros|fraude",
            "es spam",
            "por que ~1 ESCRIBEN",
            "por que MEES ~1 ESCRIBEN",
            "why MEES? ESCRIBEN",
            "quien ~2 dio ~1 NUM",
            "demasiados|muchos|tantos ~1 TEXTS",
            "fallecio|murio|difunto|difunta|fallecido|fallecida",
            "harto|harta|hartos|hartas|aburrido|cansado|cansada",
            "dejense de",
            "no molesten",
            "NOES MEES? ESCRIBAN",
        ),
    ),
)

HELPS = (
    Rule(
        "The person asks for help, or who we are.",
        (
            "^ ~1 necesito|quiero ayuda $",
            "^ MEES? pueden|puede|puedes ayudar|ayudarme $",
            "^ quien|quienes es|eres|son usted|ustedes|esto? $",
            "^ quien|quienes es|eres|son $",
            "de parte de quien",
            "quien ~1 me escribe|manda",
            "quien me escribe",
        ),
    ),
)

STARTS = (
    Rule(
        "The person asks for the messages again.",
        (
            "QUIERO volver a RECIBIR ~3",
            "QUIERO RECIBIR DET{0,2} TEXTS otra|nuevamente|de",
            "vuelvan|vuelva a SENDING|SENDV ~3 TEXTS",
            "vuelvan|vuelva a SENDING|SENDV",
            "denme|deme|darme|dame de alta",
        ),
    ),
)

SPANISH = Language("es", WORDS, PLAIN, GUARDS, LIMITS, STOPS, DOUBTS, HELPS, STARTS)
