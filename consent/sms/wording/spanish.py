"""Spanish, of both continents: what rows of words mean."""

from consent.sms.wording.grammar import Language, Rule
from consent.sms.wording.reasons import ALONE, CONSENT, NEVER, REMOVAL, SENDS, THREAT, TOLD, UNWANTED
from consent.sms.wording.spanish_words import WORDS
from consent.sms.wording.spanish_wrong_number import WRONG_NUMBER

PLAIN = (
    Rule(REMOVAL, ("baja ~3 servicio de TEXTS",)),
    Rule(TOLD, ("cuantas veces ~6 CEASE|DEJA|ESCRIBAN|no",)),
    Rule(
        "The person forbids us to write, text or call.",
        ("NOES DEJAME|dejen|deje de !avisar|avisarme ~1 SENDING|joder ~2 BASTA",),
    ),
)

GUARDS = (
    Rule(
        "The person speaks of something that shall not stop, or has not.",
        (
            "NOES ~1 PAREN de ~2",
            "NOES PAREN",
            "NOES MEES? BAN|BORRA ~4",
            "NOES QUIERO que ~2 borren|quiten|saquen|eliminen|cancelen|den ~3",
            "no ~3 DESUSCRIBIR",
            "~6 por error|equivocacion|accidente ~3",
            "si me doy|dan|di de baja ~4",
            "si BAN|CEASE|STOP ~5",
            "CEASE|DEJA de molestar|fastidiar a|al|mi|mis|los|las ~2",
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
        "The person sets hours, which a person has to arrange.",
        (
            "NOES MEES? ESCRIBAN|MANDEN ~2 de noche|madrugada",
            "NOES MEES? ESCRIBAN|MANDEN ~2 TIEMPO ~3",
            "NOES MEES? ESCRIBAN|MANDEN tan|en|por|los|muy noche|la|domingos|tarde|temprano ~2",
            "CEASE|DEJA de ~2 SENDING|SENDV ~2 de noche|madrugada",
        ),
    ),
)

STOPS = (
    Rule(
        SENDS,
        (
            "CEASE|DEJA|stop|quit|para de? SENDING",
            "para de SENDV",
            "CEASE|DEJA|para de|d ~1 SENDING|SENDV $",
            "CEASE|DEJA|para ~1 de|d SENDING",
            "CEASE|DEJA|para ~1 de|d SENDV DET{0,4} ~1 TEXTS|MAS|ESTO|$",
            "CEASE|DEJA|para de|d estar|andar SENDING|SENDV",
            "CEASE|DEJA|para de|d RECIBIR ~2 TEXTS",
            "DEJA de RECIBIR ESTO",
            "cortenla|cortala|corten con ~2 TEXTS",
            "CEASE|DEJA|stop|quit de|d SENDV $",
            "CEASE|DEJA de|d SENDV DET{0,4} ~1 TEXTS",
            "CEASE|DEJA|stop de|d? SENDV DET{0,4} ~1 TEXTS",
            "CEASE|DEJA de|d SENDV MAS|ESTO|cosas|tanto",
            "CEASE|stop con|a|los|las|ya? DET{0,3} ~1 TEXTS",
            "CEASE|stop DET{1,3} TEXTS",
            "BAN|cancel|end DET{0,4} ~1 DET{0,2} MANY",
            "BASTA ~1 DET{0,4} ~1 TEXTS",
            "BASTA ya? de|con SENDING|SENDV|TEXTS|ESTO|molestar",
            "^ PIDO{0,8} FINE YA{0,3} $",
            "^ PIDO{0,8} stop|alto YA{0,3} $",
            "que ~1 CEASE|DEJA de? $",
            "^ PIDO{0,8} dejen|deja|deje YA{0,2} $",
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
            "NOES MAS? MEES ESCRIBAN",
            "NOES MAS? ESCRIBAN MAS|aqui|$",
            "NOES MAS? ESCRIBAN a|al este|mi|esta NUM",
            "NOES ESCRIBAN ni ~1 ESCRIBAN",
            "NOES ~1 MEES ESCRIBAN",
            "nome ESCRIBAN|MANDEN",
            "lista de no llamar|contactar",
            "niego a RECIBIR ~2 TEXTS",
            "NOES la|lo ESCRIBAN",
            "ruego|agradecere|agradeceria no MEES ESCRIBAN|MANDEN",
            "NOES MEES? MANDEN tonterias|basura|mamadas|cosas|porquerias|spam",
            "NOES MAS? MEES? MANDEN MAS|ESTO|nada|otro|cosas|$",
            "NOES MAS? MEES? MANDEN DET{0,3} ~1 TEXTS",
            "NOES MEES? MANDEN ESCRIBEN",
            "NOES ~3 VOLVER a SENDING|SENDV|ESCRIBAN",
            "prohibido SENDING|SENDV|ESCRIBAN",
            "no RECIBIR DET{0,3} TEXTS",
            "NOES MEES? esten|este|estes|anden|ande SENDING|SENDV|ESCRIBEN|molestando",
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
            "NOES QUIERO MAS? RECIBIR MAS|ESTO",
            "NOES QUIERO mas $",
            "NOES QUIERO saber nada|mas",
            "NOES QUIERO que ~1 MANDEN|ESCRIBAN",
            "no mas ~2 TEXTS",
            "no mas llamadas",
            "NOES QUIERO seguir|continuar|estar|andar RECIBIR ~2 TEXTS|esto|eso|nada",
            "NOES QUIERO ~2 en ~1 LISTA",
            "NOES QUIERO ser contactado|contactada|molestado|molestada",
            "NOES QUIERO !perder|perderme|que|dejar|cancelar|cambiar ~3 TEXTS",
            "no acepto TEXTS",
            "rechazo DET? TEXTS",
            "rehuso a RECIBIR",
            "NOES ~1 los|las QUIERO RECIBIR?",
            "no ~1 interes en ~2 TEXTS",
            "NOES QUIERO mas de esto|eso|ustedes",
            "sin interes en ~1 TEXTS",
            "nunca|no ~1 di mi NUM",
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
            "me ~1 DAR de baja",
            "me di de baja",
            "la baja de ~1 TEXTS|LISTA",
            "baja|bajas ~1 de DET{0,2} ~1 TEXTS|LISTA",
            "DESUSCRIBIR",
            "^ ya DEJAME ya? $",
            "NOES QUIERO nada con|de|d",
            "QUIERO BAN DET? suscripcion $",
            "^ PIDO{0,4} BAN DET? suscripcion $",
            "QUIERO ~1 que me borren|quiten|saquen|eliminen",
            "QUITAME ya",
            "ya QUITAME",
            "me quiero salir|borrar|desuscribir",
            "quiero salirme|borrarme|quitarme",
            "como ~1 salgo de ~2",
            "cancelen|anulen|cancela mi registro|inscripcion",
            "MEES ~1 BORRA de ~2 LISTA",
            "BORRA NUM $",
            "QUITAME de ESTO",
            "salir|salirme de ~1 LISTA",
            "BORRA ~1 contacto|nombre ~1 de ~2 LISTA",
            "BORRA mi contacto|nombre $",
            "QUIERO|solicito|pido la|mi|una baja $",
            "BORRA ~1 MINUM NUM",
            "saquen|quiten|borren ~1 NUM",
        ),
    ),
    WRONG_NUMBER,
    Rule(
        CONSENT,
        (
            "REVOCO DET{0,2} CONSENTIMIENTO",
            "no ~1 autorizo|autorizamos ~3 TEXTS|ESCRIBAN|SENDING|SENDV|MANDEN|ESCRIBEN",
            "no ~1 autorizo|autorizamos esto|$",
            "no|nunca ~1 di|doy|dimos|damos|tienen|tiene ~1 CONSENTIMIENTO $",
            "no|nunca ~1 di|doy|dimos|damos|tienen|tiene ~1 CONSENTIMIENTO ~3 ESCRIBAN|SENDING|SENDV|MANDEN|TEXTS",
            "sin mi CONSENTIMIENTO",
            "quien ~2 CONSENTIMIENTO ~3 ESCRIBAN|SENDING|SENDV|MANDEN|TEXTS",
            "no ~1 consiento",
            "no|nunca me ~1 suscribi|apunte|inscribi|registre ~1",
            "no|nunca ~1 pedi|solicite|autorice DET{0,2} TEXTS|esto|eso",
            "no ~1 suscribi",
        ),
    ),
    Rule(
        TOLD,
        (
            "DIJE ~3 que ~2 ESCRIBAN|MANDEN",
            "DIJE ~3 que ~2 CEASE con|los|ya|$",
            "DIJE ~3 que ~2 DEJA de",
            "DIJE ~2 que no MEES|ESCRIBAN|MANDEN|mas|quiero|$",
            "DIJE ~1 que no $",
            "DIJE ~1 alto|stop|baja",
            "DIJE ~2 que ~1 pararan|cesaran $",
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
    Rule(
        ALONE,
        (
            "DEJAME ~1 PAZ",
            "DEJAME de|d SENDING|SENDV",
            "DEJAME en PAZ",
            "DEJA en PAZ",
            "DEJAME de? molestar|joder|fastidiar",
        ),
    ),
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
            "cortenla|cortala $",
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
            "de parte de|del quien",
            "quien ~1 me escribe|manda",
            "quien|quienes me escribe|escriben",
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
