"""Spanish rows of words that refuse without saying what shall end, that ask for help, or for the messages again."""

from consent.sms.wording.grammar import Rule

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
            "donde ~2 NUM",
            "como ~1 consiguieron|consiguio|obtuvieron|obtuvo|tienen|sacaron ~1 NUM",
            "quien ~2 dio ~1 NUM",
            "donde MEES conocen|conoce|sacaron|consiguieron|ubican",
            "demasiados|muchos|tantos ~1 TEXTS",
            "fallecio|murio|difunto|difunta|fallecido|fallecida",
            "harto|harta|hartos|hartas|aburrido|cansado|cansada",
            "fastidio|fastidiosos|pesados|latosos|encimosos ~3 $",
            "proxima ~2 DEMANDA",
            "^ que no QUIERO nada $",
            "no ~1 MEES sirven|sirve DET{1,3} MANY",
            "dejense de",
            "^ ~2 otra vez|ves ustedes|usted|vosotros|tu ~1 $",
            "^ ~2 ustedes|vosotros otra|de vez|nuevo $",
            "^ ~2 otra vez|ves con ESTO|lo|ustedes mismo? ~1 $",
            "^ ~2 dale|vuelta con lo|esto|la ~1 $",
            "^ ~1 ay|hay|uy|ah no ~1 otra vez $",
            "hasta aqui|aca|ahi de ~1 ustedes|vosotros|esto|todo|TEXTS",
            "hasta el|la|los|las madre|gorro|coronilla|narices|nariz|cejas|copete|tronco|pelos|cojones"
            "|huevos|mono"
            "|cuello",
            "^ ya estuvo|estubo bueno|suave|bien no|ya|verdad|eh? $",
            "^ ya MEES HARTE ~1 $",
            "^ ~1 que pesadez|necedad|insistencia|intensidad|lata|pesados|fastidio|cansones|intensos"
            "|necios|ladilla|coraje ~2 $",
            "^ ~1 son unos? ~1 pesados|cansones|intensos|fastidiosos|molestos|insistentes|necios|abusivos|encimosos",
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
            "ayuda|ayudar|ayudarme|ayudenme|ayudeme|informacion|info|informes|duda|dudas ~1 con|sobre|de"
            "|acerca|del"
            " DET{0,3} MANY|mensaje|texto",
            "ayuda|ayudar|ayudarme|ayudenme|ayudeme|informacion|info|informes|duda|dudas ~1 con|sobre|de"
            "|acerca|del"
            " DET{0,3} servicio|programa|lista de ~1 TEXTS",
            "para que son|sirven|sirve DET{0,2} TEXTS",
            "como funciona|funcionan DET{0,2} TEXTS",
            "como funciona|funcionan DET{0,2} servicio|programa|sistema de ~1 TEXTS",
            "de que se? trata|tratan|son|es DET{0,2} TEXTS",
            "que son DET{1,2} TEXTS $",
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
            "vuelvan|vuelva a SENDING|SENDV $",
            "QUIERO ~1 otra vez DET{0,2} TEXTS",
            "denme|deme|darme|dame de alta",
            "APUNTEN ~1 otra|nuevo|nuevamente vez? ~2 LISTA|TEXTS|RECIBIR",
            "VOLVER|volver a APUNTEN ~2 LISTA|TEXTS",
            "APUNTEN ~1 LISTA|TEXTS otra|de|nuevamente",
            "puede|pueden|puedes volver a SENDING|SENDV ~2 TEXTS",
            "puede|pueden|puedes volver a SENDING $",
        ),
    ),
)
