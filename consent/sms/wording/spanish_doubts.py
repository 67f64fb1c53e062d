"""Spanish rows of words that refuse or complain, and do not say what shall end."""

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
            "demasiados|muchos|tantos ~1 TEXTS",
            "fallecio|murio|difunto|difunta|fallecido|fallecida",
            "harto|harta|hartos|hartas|aburrido|cansado|cansada",
            "fastidio|fastidiosos|pesados|latosos|encimosos ~3 $",
            "proxima ~2 DEMANDA",
            "^ que no QUIERO nada $",
            "no ~1 MEES sirven|sirve DET{1,3} MANY",
            "dejense de",
            "cortenla|cortala $",
            "no molesten",
            "NOES MEES? ESCRIBAN",
        ),
    ),
)
