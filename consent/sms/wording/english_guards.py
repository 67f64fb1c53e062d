"""English rows of words that look like a stop and are none, and those that ask for less than one."""

from consent.sms.wording.grammar import Rule

GUARDS = (
    Rule(
        "The sentence says that an earlier stop was a mistake.",
        (
            "STOP|UNSUB|UNSUBBED|OPTOUT|optedout|cancel|cancelled|canceled|opted|end|quit|stopped !SENDING"
            " !SENDV ~4 MISTAKE ~6",
            "REMOVED|off|out|removing|deleting ~3 MISTAKE ~6",
            "MISTAKE ~2 SAID|text|send|hit|pressed|clicked|pushed ~2 STOP|UNSUB|OPTOUT|cancel|end ~6",
            "ACCIDENTALLY ~2 UNSUB|UNSUBBED|optedout|OPTOUT|opted|STOP|stopped|cancel|cancelled|canceled|REMOVED ~6",
        ),
    ),
    Rule(
        "The sentence quotes how to stop, as our own texts do.",
        (
            "<!i reply|text|send|txt|respond ~1 CEASE|cancel|end|UNSUB to|2|for ~2",
            "STOP to|2 ~1 end|cancel|UNSUB|OPTOUT|opt|quit|be|these",
            "says|say|said ~2 reply|text|send|respond CEASE",
            "UNSUB link|button|page|option|form",
        ),
    ),
    Rule(
        "The sentence asks what stopping would do.",
        (
            "what does|do|will|is STOP|UNSUB|OPTOUT",
            "happens if ~3 STOP|UNSUB|OPTOUT|cancel",
            "TEXTS ~2 if i|we STOP",
            "when|time do|will you|u|yall CEASE SENDING|BOTHERING for|at|on ~3",
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
            "CEASE by|in|over|off|sign|signs|light|lights|work|valve|valves|button|payment|payments|loss"
            "|watch|gap"
            "|motion|orders",
            "STOP at !once",
            "getting|got|are|were|is|have|had|theres|seeing|been no MORE ~2 TEXTS",
            "no MORE ~1 TEXTS since|today|yet|came|showing|arrived|after ~2",
            "when do|does|will these|those|my|your ~2 STOP",
            "do|does|did|will the|my|your TEXTS STOP",
            "NEG WANT ~2 to be removed|taken|deleted|unsubscribed ~4",
            "UNSUB from !DET !TEXTS !LIST !THESE !EVERYTHING !all !you !everywhere ~1",
            "UNSUB|OPTOUT the|my|our|me? ~1 package|plan|channel|channels|service|magazine|bundle|tier"
            "|trial|tv|cable|internet|account|warranty",
            "UNSUB from the|my ~1 package|plan|channel|channels|service|magazine|bundle|tier|trial",
            "why NEG|cant|couldnt you|u ~1 CONTACT|SEND ~4",
            "cant|couldnt you|u ~1 CONTACT|SEND ~4",
            "STOP here|there|first",
            "wrong NUMBER , ~2 meant|trying|tried ~3",
            "does|will|would UNSUB|OPTOUT",
            "am|was|were|is|are i|we ~1 optedout|UNSUBBED",
            "my|your|his STOP $",
            "CEASE ~2 spam|robo|scam|junk|popup|pop|telemarketing calls|call|emails|email|ads|callers|up|mail",
            "CEASE wasting|flooding|filling|waking|interrupting|blocking|cutting !MY !ME ~2",
            "CEASE ~2 tv|youtube|banner ads",
            "CEASE robocalls|popups|telemarketers",
            "UNSUB|REMOVE|TAKE|get|let ME ~1 from|off|out|of ~2 contract|lease|plan|account|bill|contest|draw|bundle",
            "OPTOUT fee|form|deadline|period|option|clause|notice",
            "end of ~2",
            "when|before|where|until you|u|they|we|i CEASE",
            "it|that|everything|which|i quit",
            "it|that|everything|which ~1 will|wont|does|did ~1 CEASE",
            "will|did|does it ~1 CEASE",
            "^ i|we quit getting|receiving",
            "no|not NAME , ~2 NAME",
            "CEASE SENDING|BOTHERING the|our|his|her|your ~1",
            "UNSUB|OPTOUT|REMOVE|TAKE ME? ~1 off|from|of ~2 paper|paperless|autopay|billing|bills|mail"
            "|statements|ebill|insurance",
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
            "NEG WANT|wanna ~3 to CEASE ~4",
            "NEG ever|even|really|just? CEASE|UNSUB|OPTOUT",
            "NEG REMOVE|UNSUB|OPTOUT|BAN|DELETE ~6",
            "NEG TAKE ~3 off|out ~3",
            "NEG TURN ~3 off ~3",
            "NEG opt ~2 out",
            "NEG leave|left ~2 off|out ~3",
            "NEG ~4 be ENDED ~2",
            "NEG WANT ~4 ENDED ~2",
            "NEG|i lose ~3",
        ),
    ),
    Rule(
        "The sentence tells or asks about the past.",
        (
            "did|why|does ~3 STOP !TEXTS",
            "have TEXTS|the ~2 STOP",
            "why|when have|did|are|arent the|my|your ~1 TEXTS ~3",
            "NEG WANT to miss|lose|change|disable ~4",
            "why|did|have|has you|u|they ~1 CEASE",
            "why ~3 CEASE",
            "when|where ~2 the ~2 STOP",
            "i|we|have|was|were|got|been ~1 optin",
        ),
    ),
    Rule(
        "The person tells what somebody else said or does.",
        (
            "HE|NAME told|said|says|asked|wants|keeps|wont|doesnt|needs|tells ~4 CEASE ~3",
            "tell|told|ask|asked|telling|asking|remind HIM|HE|NAME|the|my|our|some ~3 CEASE ~3",
            "HE|NAME told|said|says|asked|asks|offered|wanted|tried|wants ~6 , i|we SAID no",
            "HE|NAME ~1 told|said|says|asked|asks|offered|wanted|wants|tried|decided|going to? ~2 UNSUB"
            "|OPTOUT|cancel|quit|STOP ~3",
            "get MY? HE|NAME ~2 CEASE ~3",
        ),
    ),
    Rule(
        "The person corrects or asks about a number.",
        (
            "HE|NAME ~1 called|texted|dialed|phoned|had|has|got|gave|wrote|reached ~3 wrong NUMBER|person"
            "|house|door ~2",
            "i|we gave|entered|typed|have|put|wrote|dialed|had|get|dial ~3 wrong NUMBER|person",
            "i|we called|texted|messaged|contacted|call|text|reach|reached ~3 wrong NUMBER|person",
            "delivered|billed|charged|shipped|invoiced|credited|dropped|refunded ~4 wrong person|NUMBER|guy|lady|house",
            "not him|her , ~1 im HERSELF|MY ~2",
            "is|was this|it|that ~1 wrong NUMBER",
            "wrong NUMBER ~1 on|of|for|was|were|in",
            "wrong NUMBER !NUMBER|AGAIN|you|u|i|buddy|pal|dude|bro|sorry|im|this|no|not|thank|and|STOP"
            "|REMOVE|TAKE"
            "|dont|lose|DELETE|lol|man|here|so|leave|wrong|my|NAME|he|she|for|again|the|it|amigo ~1 invoice"
            "|bill"
            "|account|form|lease|order|mailbox|door",
        ),
    ),
    Rule(
        "The person speaks of mail or of an address, not of texts.",
        (
            "CEASE SENDING MY old|other|wrong|former ~1",
            "NO use MY ~2 NUMBER , ~1 use ~3",
            "NO SEND it|that|them|this ~1 by|to|in mail|email|post|person",
        ),
    ),
    Rule(
        "The person asks whether a text is ours.", ("is this|it|that ~3 scam|spam|phishing|legit|legitimate|real|fake",)
    ),
    Rule(
        "The person speaks of readers or customers of their own.",
        (
            "<!WANT UNSUBBED|UNSUB|optedout|REMOVED CLIENTELE ~8",
            "<!AUX CLIENTELE ~1 who|that|have|had|has|which|still|are|already ~2 UNSUBBED|UNSUB|optedout"
            "|OPTOUT|opted|opt"
            "|STOP|stopped|REMOVED ~6",
            "CLIENTELE ~3 opt|opting ~3",
            "CLIENTELE UNSUBBED|UNSUB|optedout|OPTOUT|opted|opt ~6",
            "UNSUB|REMOVE|DELETE|OPTOUT a|an|some|one|my|our ~1 CLIENTONE|CLIENTELE ~8",
            "UNSUB|REMOVE|DELETE HERSELF|one|some|MY ~1 CLIENTELE ~8",
            "opt|opting a|an|some|one|my|our|HERSELF ~1 CLIENTONE|CLIENTELE out ~6",
        ),
    ),
    Rule(
        "The person speaks of somebody who comes, not of messages.",
        ("NEG|not|NO|CEASE|nolonger ~1 SEND|SENDING|SENDV DET{0,2} CREW ~6",),
    ),
    Rule("The person talks about a list of another kind.", ("TAKE|REMOVE ~4 off|from ~2 WAIT ~2",)),
    Rule(
        "The person does not want a call now, for a reason of the day.",
        (
            "NO call|ring|phone TIME ~4",
            "NO call|ring|phone ME? today|tomorrow|now|yet|tonight|at|on|back ~3",
            "NO call|ring|phone ME , ~2 call ~1",
            "NO call|ring|phone ME? , text ~2",
            "NO|not CONTACT|disturb the|my|our !NUMBER ~2",
        ),
    ),
)

LIMITS = (
    Rule(
        "The person wants some of the messages and not others.",
        (
            "text|txt ME ~7 , ~1 NO call",
            "NO|not call MY work|job|office|home|house ~4 , ~6",
            "no|CEASE|NO|less ~5 MANY , ~3 KEEPING ~4 TEXTS",
            "KEEPING ~5 MANY , ~2 no|not|NO|CEASE ~4 MANY",
            "CEASE|no ~3 MANY only|except ~4",
            "CEASE|REMOVE|UNSUB|OPTOUT ~6 except|besides|unless|other than|for ~3 TEXTS",
            "only SEND|CONTACT ME ~6",
            "SEND ~1 fewer|less ~4",
        ),
    ),
    Rule(
        "The word may be meant in jest.",
        ("lol|haha|hahaha|lmao|omg , STOP it? $", "STOP it? LAUGH ~3", "STOP it? , ~4 LAUGH"),
    ),
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
        (
            "CEASE SENDING HIM|KIN",
            "CEASE SENDING MY KIN",
            "CEASE SENDV|SENDING ~4 HERSELF NUMBER",
            "HE|NAME ~1 NEG|nolonger|not WANT ~3 TEXTS|these",
            "NO CONTACT HIM|KIN",
            "NO CONTACT MY KIN",
        ),
    ),
    Rule(
        "The person wants fewer messages, or is not decided.",
        (
            "CEASE LIMITS ~4",
            "<!in|since|last|early|late MAYBE ~3 CEASE|UNSUB|OPTOUT ~4",
            "MAYBE ~3 opting|opt|unsubscribing out?",
            "pause|mute|snooze ~5",
            "LIMITS TEXTS",
        ),
    ),
)
