"""English rows of words that remind of an earlier refusal, threaten over the next text, or ask for peace."""

from consent.sms.wording.grammar import Rule
from consent.sms.wording.reasons import ALONE, THREAT, TOLD

COMPLAINTS = (
    Rule(
        TOLD,
        (
            "i|we|ive|already|weve ~1 SAID !HIM !HE !the !my ~3 CEASE SENDING|BOTHERING|SENDV|TEXTS|TIMES|these|with|$",
            "i|we|ive|already|weve ~1 SAID !HIM !HE !the !my ~3 UNSUB|OPTOUT",
            "i|we|ive|already|weve ~1 SAID !HIM !HE !the !my ~2 NO ~1 CONTACT|SEND",
            "i|we|ive|already|weve ~1 SAID no $",
            "told|asked|tell you|u|yall|guys ~4 CEASE SENDING|BOTHERING|SENDV|TEXTS|TIMES|these|with|$",
            "told|asked|tell you|u|yall|guys ~4 not|NO ~1 CONTACT|SEND|TEXTS",
            "already|previously|twice UNSUBBED|OPTOUT",
            "UNSUBBED already|twice|AGAIN",
            "UNSUBBED ~6 still|STOP|again",
            "UNSUBBED and|but ~5 SENDING|SENDV|RECEIVE|TEXTS",
            "optedout ~6 still|already|again",
            "already ~1 opted|optedout|unsubbed",
            "sending|texting|saying|replying|typing|sent|said|told|texted|replied|typed ~1 STOP ~4 time|times",
        ),
    ),
    Rule(
        THREAT,
        (
            "if you|u|yall ~2 CONTACT ME|AGAIN|this|here ~4 , ~6 THREAT",
            "if you|u|yall ~2 SEND ME|ANYTHING|TEXTS ~4 , ~6 THREAT",
            "if i|we RECEIVE ~2 TEXTS ~3 , ~6 THREAT",
            "if you|u|i|yall ~4 SENDING|SENDV ~6 , ~6 THREAT",
            "another|next|further|more TEXTS ~1 , ~6 THREAT",
            "anymore ~1 TEXTS ~1 , ~6 THREAT",
            "THREAT ~5 , if ~4 CONTACT ME|AGAIN|this",
            "THREAT ~5 , if ~4 TEXTS|SENDING|SENDV",
            "CEASE|SENDING|SENDV ~3 or ~4 THREAT",
            "keep|continue ~1 SENDING|SENDV ~4 , ~5 THREAT",
            "THREAT ~4 , if|for ~4 keep|continue",
            "if ~3 keep|continue ~4 , ~5 THREAT",
            "one more time , ~5 THREAT",
            "SENDING|SENDV|BOTHERING|CONTACT ME AGAIN !when|about|if|once|after|at|on|with|tomorrow"
            "|today|to|for"
            " , ~8 THREAT",
            "CONTACT|SENDING|BOTHERING MY NUMBER AGAIN !when|about|if|once|after|at|on|with|tomorrow|today , ~8 THREAT",
            "next one|TEXTS|text ~5 THREAT",
            "resume|restart|start DET{0,2} ~1 TEXTS , and|then|or ~5 THREAT",
            "one|another more|single? of|from? these|those|this|your , ~6 THREAT",
            "one|another more|single? TEXTS|text|message , ~8 THREAT",
        ),
    ),
    Rule(ALONE, ("LEAVE ME ~2 alone", "LEAVE ME be $", "leave ~1 NUMBER alone", "leave ME the ~2 alone")),
)
