"""Spanish rows of words that say: you have reached somebody else."""

from consent.sms.wording.grammar import Rule
from consent.sms.wording.reasons import WRONG

WRONG_NUMBER = Rule(
    WRONG,
    (
        "NUM|NUMBER|persona EQUIVOCADO",
        "EQUIVOCADO de|el ~1 NUM|persona|NUMBER",
        "wrong NUM",
        "no soy NAME",
        "no soy la|el persona|senor|senora|que|quien",
        "aqui no vive ~1 NAME|nadie|esa|ese",
        "aqui no trabaja|esta NAME",
        "no soy esa|ese persona",
        "no soy yo $",
        "^ no? esta|estas|estan ~1 EQUIVOCADO $",
        "^ EQUIVOCADO $",
        "^ no es aqui $",
        "nadie ~3 ese nombre",
        "NAME ~1 no vive aqui",
        "NUM ya? no ~1 pertenece",
        "^ aqui no es $",
        "ya no tiene|usa este|ese NUM",
        "NAME ~1 cambio de NUM",
        "NUM ~1 no es de|el|mio",
        "NUM ~2 cambio de dueno",
        "no hay ~2 ese nombre",
        "no hay ningun|ninguna NAME",
        "no es su NUM",
        "no es mi nombre $",
        "no es el|la NUM|telefono|persona de|del|que|correcto",
        "no es NAME",
        "NUM ~1 no es de",
        "no conozco ~2 NAME|persona",
    ),
    wrong_number=True,
)
