"""English: what rows of words mean. 47 CFR 64.1200(a)(10): as a reasonable person reads them."""

from consent.sms.wording.english_guards import GUARDS, LIMITS
from consent.sms.wording.english_stops import STOPS
from consent.sms.wording.english_words import WORDS
from consent.sms.wording.grammar import Language, Rule
from consent.sms.wording.reasons import SENDS, TOLD, WRONG

PLAIN = (
    Rule(WRONG, ("you|u|yall|yous|been ~2 SENDING|BOTHERING the? wrong NUMBER|person|guy|lady",), wrong_number=True),
    Rule(
        SENDS,
        (
            "why NEG you|u|yall|guys|people ~1 CEASE SENDING|BOTHERING|SENDV|TEXTS|TIMES|$",
            "cant|wont|wouldnt|couldnt you|u|yall|guys|people ~1 CEASE SENDING|BOTHERING|SENDV|TEXTS|TIMES|$",
            "if you|u ~1 NEG CEASE SENDING|BOTHERING|SENDV|TEXTS|TIMES|$",
            "why NEG TEXTS|these|those|the|your ~2 CEASE $",
            "if you|u would|could|can|will ~1 CEASED SENDING|BOTHERING|SENDV|TEXTS|TIMES|$",
            "GLAD ~3 if you|u|yall|someone|they ~1 CEASED SENDING|BOTHERING|SENDV|TEXTS|TIMES|$",
            "GLAD ~3 if you|u|yall NEG|nolonger|never|not ~1 CONTACT|TEXTED ME|MY|AGAIN|here",
            "GLAD ~3 if you|u|yall NEG|nolonger|never|not ~1 SEND|sent ME{0,1} ANYTHING|THESE|TEXTS|DET",
            "NUMBER ~5 MISTAKE , ~3 REMOVE|TAKE|DELETE|CEASE it|ME|MY|out|$",
            "CEASE ~2 or|before ~4 THREAT",
            "^ you|u may|can ~1 CEASE|REMOVE|UNSUB|OPTOUT SENDING|SENDV|BOTHERING|ME|these|TEXTS|$",
            "^ you|u may|can ~1 CEASE|REMOVE|UNSUB|OPTOUT DET{0,2} TEXTS|NUMBER",
            "GLAD ~3 if ~1 TEXTS|these|those ~1 CEASED|CEASE|end|ended",
            "long until|before|till you|u|yall|they ~1 CEASE SENDING|BOTHERING|SENDV",
            "tell|ask|have|get them|yall|everybody|everyone|your|the ~3 CEASE SENDING ME",
            "NEG care ~1 CEASE SENDING|BOTHERING",
            "thought ~2 UNSUBBED|optedout",
            "keep|kept|been|ive|have ~1 texting|sending|saying|typing|replying|sent|texted|replied|typed"
            "|said|put STOP !to|at|on|by",
            "NO , under|in|for|at|ever ~3 , CONTACT ME|AGAIN|here",
            "NO , under|in|for|at|ever ~3 , CONTACT MY NUMBER",
            "NO , under|in|for|at|ever ~3 , SEND ME? ~1 TEXTS|ANYTHING|these",
            "<!REST STOP NEG|not ~1 work|working|worked",
        ),
    ),
    Rule(
        TOLD,
        (
            "how many times ~6 CEASE|UNSUB|OPTOUT",
            "what part of ~2 CEASE|no|UNSUB",
            "been told|asked to CEASE SENDING|BOTHERING|SENDV|TEXTS|TIMES|$",
            "been told|asked not to ~1 CONTACT|SEND",
        ),
    ),
)

DOUBTS = (
    Rule(
        "The person refuses or complains, and does not say that the messages must stop.",
        (
            "^ enough enough|already? $",
            "thats|is|had enough $",
            "give|gimme it|us a rest|break",
            "knock|cut it|that off|out",
            "^ ~1 go away ~1 $",
            "get lost",
            "buzz off",
            "shut up",
            "screw|fuck|f|piss|bugger you|u|off|this|yall",
            "go|rot to|in hell",
            "^ leave it $",
            "drop dead",
            "spam|scam|scammers|phishing $",
            "^ ~2 spam|scam|scammer|scammers ~1 $",
            "reporting|reported|report this|your NUMBER",
            "reporting|reported|report you|u|yall|spam",
            "as THREAT|spam",
            "this is THREAT",
            "i reported|report|blocked|block !it ~2 $",
            "THREAT will hear",
            "not|nolonger interested",
            "uninterested",
            "^ i? NO WANT this|it|that|anything $",
            "^ do? not WANT $",
            "^ NO WANT $",
            "^ not for ME $",
            "why ~3 SENDING|SENDV ME",
            "why ~2 CONTACT|getting|receiving ~1 ME|TEXTS|these",
            "CEASE DET? ~1 subscription",
            "^ CEASE asking|bugging",
            "^ can you|u not $",
            "CONTACT ME ~1 too|way much",
            "too|way many|much ~1 TEXTS",
            "why do|am|are|must ~3 RECEIVE TEXTS|these|this",
            "^ this|these ~2 annoying|ridiculous|irritating|obnoxious",
            "you ~3 the worst|scum|trash|crooks|thieves",
            "SICK of you|u|yall",
            "do i ~1 have|need to RECEIVE|GET DET{0,2} TEXTS|these|this",
            "as junk $",
            "TEXTS ~1 are ~1 annoying|ridiculous|crazy|excessive|unwanted",
            "SICK of DET? ~1 TEXTS",
            "SICK of this|it|you|these|yall $",
            "get|got|gave|have|obtain ~1 my|this NUMBER",
            "passed away|on",
            "died|deceased",
            "HE|NAME|KIN|person|owner ~2 dead $",
            "is|has passed|died|deceased away?",
            "new phone ~1 who",
            "cancel|end my? ~1 subscription",
            "^ ~1 nobody|noone asked $",
            "^ not again $",
            "^ block $",
            "^ no|nah no|nah no? no? $",
            "^ just no $",
            "NO CONTACT ME|$",
            "unbelievable|harassing|harassment|harassed",
            "every single day $",
            "not the account holder|owner|customer",
        ),
    ),
)

HELPS = (
    Rule(
        "The person asks for help, or who we are.",
        (
            "^ can|could|someone|anyone|somebody|you|u|i|need|would|will|some{0,4} help ME? out|here? $",
            "^ i? need|want ~2 help|info|information|assistance $",
            "^ more|some|send? ME? info|information $",
            "^ who|whos is|are? this|you|u|it|dis $",
            "^ who|whos ~1 SENDING|CONTACT ME $",
            "what|which ~1 company|number|business|organization is this",
            "^ how AUX this|it|these work $",
        ),
    ),
)

STARTS = (
    Rule(
        "The person asks for the messages again.",
        (
            "start|resume|restart SENDING|SENDV ~5 $",
            "opt ME back? in",
            "opt|opting back in",
            "resubscribe|reenroll",
            "^ ~3 subscribe ME",
            "sign ME ~1 up ~1 for ~2 TEXTS",
            "sign ME ~1 up AGAIN",
            "turn ~3 TEXTS back on",
            "like|want to RECEIVE ~1 TEXTS AGAIN",
            "like|want to RECEIVE ~2 TEXTS ~1 AGAIN",
        ),
    ),
)

ENGLISH = Language("en", WORDS, PLAIN, GUARDS, LIMITS, STOPS, DOUBTS, HELPS, STARTS)
