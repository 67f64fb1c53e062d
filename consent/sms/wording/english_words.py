"""English words by kind; a word may be of several kinds, and misspellings stand beside what they mean."""

WORDS = {
    "CEASE": "stop stpo sotp stp tsop stopp stoppp sttop stopo syop dtop stahp quit cease halt discontinue"
    " desist terminate",
    "STOP": "stop stpo sotp stp tsop stopp stoppp sttop stopo syop dtop stahp",
    "BAN": "nix ditch end cancel kill cut disable deactivate suspend block discontinue terminate halt cease"
    " revoke silence",
    "CEASED": "ceased halted discontinued desisted refrained stopped stop quit quitting stopping",
    "TEXTS": "notices text texts txt txts msg msgs mesage mesages mssg message messages sms mms alert alerts"
    " notification notifications reminder reminders promo promos promotion promotions promotional ad ads advert"
    " adverts advertisement advertisements advertising marketing spam offer offers deal deals newsletter"
    " newsletters texting messaging communication communications contact solicitation solicitations blast"
    " blasts"
    " coupon coupons updates texter txting robotext robotexts correspondence",
    "SENDING": "txtn textn txtting texting txting textin txtin txtng texing messaging msging messagin"
    " mesaging contacting"
    " emailing spamming pinging smsing dming robotexting",
    "BOTHERING": "reminding informing updating bombarding flooding filling cluttering clogging blasting"
    " swamping bombing wasting"
    " interrupting hounding waking nagging hittin blowin callin botherin bothering buggin bugging hitting"
    " blowing writing annoying"
    " disturbing harassing hassling reaching notifying alerting pestering stalking badgering soliciting calling"
    " phoning ringing",
    "TIMES": "these with yesterday already before again multiple three two four five twice last times several"
    " many and or still now 2 3 4 5 once ago like immediately",
    "SENDV": "sending sendin sendng",
    "CONTACT": "text txt texts message msg contact sms call email bother spam harass bug disturb write dm"
    " phone ring solicit notify alert annoy pester ping hassle mail",
    "TEXTED": "contacted texted messaged called emailed disturbed bothered solicited txted",
    "SEND": "send snd forward",
    "RECEIVE": "receive recieve receiving recieving get getting got gettin have having see seeing",
    "NO": "dont never dnt donot",
    "NEVERDID": "didnt never havent",
    "NEG": "dont never didnt doesnt wont cant wouldnt couldnt shouldnt without dnt donot not isnt",
    "WANT": "require requiring want wanna wish like need care wanting wanted desire",
    "MORE": "mo more further additional future extra",
    "AGAIN": "again agn anymore ever more nomore",
    "ANYTHING": "things anything nothing stuff anymore crap junk else shit garbage trash",
    "THESE": "these those them this that it",
    "ME": "me us",
    "HIM": "him her them",
    "HE": "technician tech plumber electrician installer agent rep crew contractor roomate hubby aunt uncle"
    " cousin customer client caller driver guy lady coworker manager officer doctor teacher brothers neighbour"
    " he she they boss tenant neighbor neighbors wife husband mom mother dad father son daughter kid kids ex"
    " sister brother friend someone everybody everyone somebody landlord roommate",
    "KIN": "wife husband mom mother dad father son daughter kid kids ex sister brother friend boss tenant"
    " neighbor grandma grandmother parents roommate girlfriend boyfriend cousin",
    "SUBJ": "you u i we they he she it people who guys yall",
    "AUX": "did does do is was were have has had could would can will are am should might may or",
    "DET": "these those this that the your ur yr my our all any such future further more of from every each"
    " about promotional marketing automated annoying stupid damn damned fucking freaking fricking goddamn"
    " bloody"
    " dumb unwanted daily weekly random junk a an for with other constant endless silly ridiculous"
    " irritating bulk"
    " unsolicited sales",
    "MY": "my this our the",
    "NUMBER": "inbox nmbr numbr nubmer numer numbet nber digits number numbers num nbr cell phone cellphone"
    " mobile"
    " line telephone",
    "HERSELF": "his her their hers theirs someone somebody",
    "LIST": "books roster rolodex directories rosters lista liste contacts contact phonebook memory"
    " directory list lists database system systems"
    " records file files group thread chat registry distribution mailing feed queue rotation",
    "CONSENT": "consent permission authorization authorisation optin",
    "WITHDRAW": "revoke rescind withdraw revoking rescinding withdrawing retract",
    "WITHDRAWN": "revoked withdrawn rescinded denied",
    "AGREED": "sign signed signup subscribe subscribed agree agreed consent consented request requested ask"
    " asked authorize authorized opt opted enroll enrolled register registered",
    "UNSUB": "unscribe unsubsribe unsubscirbe unsubscrube unsubribe unsbscribe unsubcribed unsubsciber"
    " unsubscribe unsub unsubscibe unsuscribe unsubcribe unsubscrib unsubscribing unsubscribes unenroll"
    " desubscribe unsubscription",
    "UNSUBBED": "unsubscribed unsubbed unenrolled optedout",
    "OPTOUT": "optout optsout optingout optoff",
    "REMOVE": "remove removing remov rmove drop delete exclude scratch strike erase purge cut",
    "DELETE": "wipe clear delete remove lose erase forget purge drop pull block deleting removing loose scrub discard",
    "TAKE": "take taking get getting pull keep want put",
    "TURN": "turn shut switch cut turning shutting toggle",
    "LEAVE": "leave leaving let",
    "REFRAIN": "refrain avoid abstain",
    "DONE": "done finished through tired sick fed over",
    "STOPNOUN": "a an the bus this next last",
    "WENT": "took kicked dropped removed gave taken put added keep leave left",
    "TEXTING": "text txt message msg contact sms",
    "KEEPING": "keep keeping still continue leave keepin",
    "SICK": "sick tired fed done annoyed bored over",
    "THREAT": "cops sheriff lawyers attorneys sue suing sued lawyer attorney legal report reported"
    " reporting fcc ftc complaint complaints"
    " police court harassment lawsuit litigation tcpa prosecute charges",
    "SAID": "type typing responded replying said told asked tell replied reply texted typed sent say wrote"
    " requested written telling asking put hit",
    "POLITE": "wtf bruh yo jeez ffs smh dawg homie fam lol lmao omg can could would will you u guys yall"
    " to ok okay k yes yeah no so then now just hi"
    " need must gotta have better all it make this that them these really actually seriously and well oh"
    " want im"
    " asking us id like dear bye sorry thank maam ma sir fine good great got",
    "URGENT": "lol pretty k kk kthx kthxbye now already immediately asap completely altogether all it this"
    " that these anymore today forever everything permanently pronto instantly right away for good again ok"
    " okay"
    " bye man then thank you me here entirely them",
    "TIME": "before after during until till unless between while when whenever",
    "ATTIME": "at in on over",
    "HOURS": "night nights work home school church weekends weekend sunday sundays saturday saturdays lunch"
    " dinner mornings morning evening evenings midnight late early am pm",
    "CHANNEL": "phone call calls email emails mail text texts sms letter voicemail messages",
    "LIMITS": "some certain most few fewer less",
    "MAYBE": "maybe might should may perhaps considering thinking wondering",
    "ACCIDENTALLY": "accidentally accidently mistakenly",
    "MISTAKE": "mistake accident accidentally mistakenly error accidently",
    "WAIT": "wait waiting waitlist trash guest grocery shopping guests",
    "DATA": "data info information records history details",
    "ALLOF": "all my any personal every of the our",
    "ERASE": "delete erase remove purge wipe destroy deleting erasing",
    "PREFER": "prefer rather ask request demand appreciate",
    "GLAD": "happier nicer appreciate appreciated prefer preferred grateful thankful glad happy happier"
    " love great nice helpful"
    " better best obliged thrilled mind awesome kind cool like",
    "ENDED": "ended discontinued terminated ceased halted stopped cancelled canceled suspended disabled"
    " deactivated"
    " silenced blocked",
    "WITH": "with w wit wth of",
    "REST": "rest bus truck pit train school trolley tram next this that the my last first door",
    "LAWFUL": "authorized allowed permitted welcome",
    "EVERYTHING": "everything everywhere",
    "REMOVED": "removed deleted taken dropped erased off unsubscribed",
    "NEEDS": "need needs",
    "MINE": "us everybody people",
    "MANY": "correspondence communication notices texts txts messages msgs mssgs sms mms alerts"
    " notifications promos promotions promotional ads"
    " reminders newsletters texting messaging communications offers updates marketing spam text",
    "LAUGH": "lol haha hahaha hehe lmao omg blushing funny hilarious sweet",
    "NUMB": "number numbers num nbr nmbr numbr nubmer numer numbet nber digits cell",
    "TEXTV": "hmu text txt msg message contact sms email call solicit texts spam harass",
    "CLIENTELE": "users customers clients subscribers members readers visitors recipients attendees followers"
    " patients guests buyers shoppers",
    "CLIENTONE": "user customer client subscriber member reader visitor recipient follower patient guest",
    "CREW": "technician techs tech plumber electrician installer agent rep crew contractor driver repairman handyman",
    "ARRIVE": "come comes coming arrive arrives arriving reach reached reaching showing show shows"
    " popping pop came"
    " landing",
    "OUTFIT": "company outfit business place store provider people guys folks lot nonsense crap bs",
    "GET": "get getting gettin receive receiving recieve recieving",
}
