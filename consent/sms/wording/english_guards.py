"""English rows of words that look like a stop and are none, and those that ask for less than one."""

from consent.sms.wording.grammar import Rule

GUARDS = (
    Rule("The sentence says that an earlier stop was a mistake.", ("~8 MISTAKE",)),
    Rule(
        "The sentence quotes how to stop, as our own texts do.",
        (
            "<!i reply|text|send|txt|respond ~1 CEASE|cancel|end|UNSUB to|2|for",
            "STOP to|2 ~1 end|cancel|UNSUB|OPTOUT|opt|quit|be|these",
            "says|say reply|text|send CEASE",
        ),
    ),
    Rule(
        "The sentence asks what stopping would do.",
        (
            "what does|do|will|is STOP|UNSUB|OPTOUT",
            "happens if ~3 STOP|UNSUB|OPTOUT|cancel",
            "does|do STOP",
            "if i|we ~1 SAID|text|send STOP|UNSUB|OPTOUT",
            "if i|we STOP|UNSUB|OPTOUT",
            "do|must|should|did i|we ~1 need|have|has to ~1 STOP|UNSUB|OPTOUT",
            "did i|we UNSUB|OPTOUT|STOP",
            "if you|u|they CEASE",
        ),
    ),
    Rule(
        'The word "stop" is part of something else: a visit, a place, a thing.',
        (
            "CEASE by|in|over|off|sign|signs|light|lights|work|valve|valves|button|payment|payments|loss|watch|gap"
            "|motion|orders",
            "STOP at !once",
            "STOP and go",
            "STOP on !this|my",
            "a|an|the|next|first|last|nearest|each|another STOP !TEXTS|SENDING",
            "bus|pit|full|non|one|short|truck|train|rest|door STOP !TEXTS|SENDING",
        ),
    ),
    Rule(
        "The person speaks of something that shall not stop, or has not.",
        (
            "NEG WANT|mean|say|ask|asked|said|send|hit|type|reply|you|u|ever|even to? you|u? to? ~1 CEASE|UNSUB|OPTOUT",
            "NEG want|wanna you|u|them ~1 CEASE",
            "NEG ever|even|really|just? CEASE|UNSUB|OPTOUT",
            "NEG REMOVE|UNSUB|OPTOUT|cancel|end|delete|disable ~6",
            "NEG TAKE ~3 off|out ~3",
            "NEG TURN ~3 off ~3",
            "NEG opt ~2 out",
            "NEG|i lose ~3",
        ),
    ),
    Rule(
        "The sentence tells or asks about the past.",
        (
            "did|have|has|had|why|does ~3 STOP !TEXTS",
            "why|did|have|has you|u|they ~1 CEASE",
            "why ~3 CEASE",
            "when|where ~2 the ~2 STOP",
            "i|we|have|was|were|got|been ~1 optin",
        ),
    ),
    Rule(
        "The person tells what somebody else said or does.",
        ("HE|NAME told|said|says|asked|wants|keeps|wont|doesnt|needs|tells ~4 CEASE ~3",),
    ),
    Rule(
        "The person corrects or asks about a number.",
        (
            "i|we gave|entered|typed|have|put|wrote|dialed|called|had ~3 wrong NUMBER",
            "wrong NUMBER ~1 on|of|for|was|were|in",
            "wrong NUMBER !NUMBER|AGAIN|you|u|i|buddy|pal|dude|bro|sorry|im|this|no|not|thank|and|STOP|REMOVE|TAKE"
            "|dont|lose|DELETE|lol|man|here|so|leave|wrong|my|NAME|he|she|for|again|the|it|amigo ~1 invoice|bill"
            "|account|form|lease|order|mailbox|door",
        ),
    ),
    Rule("The person talks about a list of another kind.", ("TAKE|REMOVE ~4 off|from ~2 WAIT ~2",)),
    Rule(
        "The person does not want a call now, for a reason of the day.",
        ("NO call|ring|phone TIME ~4", "NO|not CONTACT|disturb the|my|our ~2"),
    ),
)

LIMITS = (
    Rule(
        "The person sets hours, which a person has to arrange.",
        (
            "NO CONTACT ME? ~1 TIME ~4",
            "NO CONTACT ME? ~1 ATTIME HOURS",
            "CEASE SENDING ME? ~1 ATTIME HOURS",
            "CEASE SENDING ME? ~1 TIME ~3",
            "NO SEND ME|TEXTS ~2 TIME ~4",
            "NO CONTACT ME? so ~3",
        ),
    ),
    Rule(
        "The person speaks for somebody else.",
        ("CEASE SENDING HIM|KIN", "CEASE SENDING MY KIN", "NO CONTACT HIM|KIN", "NO CONTACT MY KIN"),
    ),
    Rule(
        "The person wants fewer messages, or is not decided.",
        (
            "CEASE LIMITS ~4",
            "MAYBE ~3 CEASE|UNSUB|OPTOUT ~4",
            "MAYBE ~3 opting|opt|unsubscribing out?",
            "pause|mute|snooze ~5",
            "LIMITS TEXTS",
        ),
    ),
)
