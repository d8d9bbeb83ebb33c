"""English."""

from __future__ import annotations

from engine.domain.reply_words.words import Words

ENGLISH = Words(
    parts={
        "AND": r"(?:and |so |but |also,? |or |well,? |hey,? |hi,? |hello,? |sorry,? |just |ok(?:ay)?,? )*",
        "PLEASE": r"\b(?:please|pls|plz)",
        "WRONG": (
            r"broken|damaged|torn|wrong|empty|leaking|cracked|smashed|defective|faulty|incomplete|stale"
            r"|spilled|burst|burnt|mouldy|open"
        ),
        "START": r"^|[,:;-] ?|\b(?:and|so|but|or|then|also|hence|therefore|again|now) {KINDLY}|{KINDLY}",
        "KINDLY": (
            r"\b(?:please|pls|plz|kindly|just|immediately|simply|also|can you|could you|could u|can u"
            r"|will you|would you|i want you to|i ask you to|i'd like you to|i would like you to|can i"
            r"|could i|may i|i want to|i'd like to|i would like to|let me|i (?:hereby )?(?:request"
            r"|demand|insist)(?: that)? you)[ ,]+"
        ),
        "END": (
            r"(?:[ ,]*\b(?:please|pls|plz|now|right now|immediately|asap|at once|today|right away"
            r"|thanks?|thank you|thx|ta|again|ever again|any ?more|any longer|for good|forever"
            r"|permanently|kindly|already|effective immediately|straight away))*(?=$|[ ]?[,:;(-]| (?:and"
            r"|or|because|since|as|before|n|until|if possible|if you (?:can|could|would|will))\b)"
        ),
        "UNSUBSCRIBE": r"un[- ]?su[bs]?s?c?ri?be?",
        "LIST": (
            r"(?:\b(?:of|from|off|out|on|in|this|your|ur|the|all|every|any|these|those|that|such|future"
            r"|further|other|both|whatever|mailing|e-?mail|mail|e-?mailing|news|distribution|marketing"
            r"|contacts?|subscribers?|subscription|promotional|promo|advertising|customer|damn|stupid"
            r"|bloody|monthly|weekly|daily|circulation) )*\b(?:lists?(?! (?:of|for|who|that)\b)|{MAIL}"
            r"|data ?bases?|distribution|systems?|records?|files?|books|mailing|circulation)\b"
        ),
        "MAIL": (
            r"e-?mails?|mails?|newsletters?|messages?|mailings?|e-?mailings?|spam|crap|junk|rubbish"
            r"|garbage|stuff|shit|ads?|adverts?|advertis\w+|promotions?|promos?|marketing"
            r"|communications?|correspondence|notifications?|solicitations?"
        ),
        "THESE": (
            r"any|all|these|this|those|them|it|your|ur|the|such|more|further|of|sent|future|so|many|damn"
            r"|stupid|bloody|unwanted|unsolicited|annoying|endless|constant|other|another|single|direct"
            r"|regular|e-?mail|promotional|marketing|advertising|kind|sort"
        ),
        "ME": (
            r"me|us|myself|ourselves|both addresses|(?:my|our|this)(?: (?:e-?mail|mail|business|work"
            r"|company|private))?(?: (?:add?ress(?:es)?|account|name|id|details|contact|mailbox|inbox"
            r"|info|e-?mail|mail))|(?:my|our) (?:husband|wife) and (?:me|i)|\S+@\S+"
        ),
        "NOT": r"(?:do|does|did|would|will|is|am|are|could|should)(?: not|n't|nt)|no longer|not|never",
    },
    leave=r"""
    \b(?:make sure|ensure|see to it|arrange|want|so)(?: that)? (?:{ME}|i|we) (?:no longer|don't|do not
    |never|won't|will not|stop) (?:get|gets|getting|receive|receives
    |receiving)(?: {THESE})* (?:the )?{MAIL}\b
    (?:{START}|\bplease )(?:do not|don't|dont|never|stop) us(?:e|ing) (?:my|this
    |our) (?:e-?mail |mail )?(?:add?ress|e-?mail|inbox)(?: again)?{END}
    \b(?:honou?r|process|action|respect) (?:this|my|the|our) (?:opt-?out|unsubscrib\w*|unsubscription
    |removal|request to (?:be removed|unsubscribe))
    \b(?:get|take|remove|strike|have) my (?:name|e-?mail|address|details|number) (?:off|removed|deleted
    |taken off|out)\b(?! (?:the )?(?:order|invoice|booking))
    \b(?:i|we) (?:do not|don't|dont) (?:want|need|wish) (?:to (?:see|read|get|have|receive|hear) )?(?:this
    |these|them|it|any of (?:this|these|it)) (?:in my inbox|from you|any ?more)
    \bi(?:'ve| have| had)? (?:already )?(?:unsubscribed|opted out)(?: \w+){0,3} (?:last (?:week|month|year
    |time)|(?:\w+ )?(?:days|weeks|months|times) ?(?:ago)?|already|twice|before|yesterday
    |ages ago)\b(?! from)
    \bno (?:permission|consent) to (?:e-?mail|mail|write|contact)|\byou (?:don't
    |do not) have (?:my |any )?(?:permission|consent)
    \b(?:want|like|wish|need|how (?:can|do|could) (?:i|we)|can i|could i|please|to
    |help me) (?:to )?(?:stop|quit|end|avoid) (?:receiving|getting
    |being sent)(?: {THESE})*(?: {MAIL}\b(?! from (?!you))|{END})
    \basked (?:you )?(?:\w+ )?to be (?:removed|taken off|unsubscribed|deleted)\b
    \basked you (?:\w+ )?to (?:stop (?:mailing|e-?mailing|writing|sending|contacting)|unsubscribe
    |(?:remove|take|delete) (?:me|us)\b)
    {START}(?:remove|delete|take|strike|drop)(?: this)? (?:off|from|out of) {LIST}
    {START}(?:de-?|un)regist(?:er|rate)(?: {ME})?{END}
    \b(?:withdraw|unlist|unenrol\w*|detach|disconnect) {ME} from {LIST}
    {START}no(?: {THESE})* (?:e-?mails|mails|newsletters?|marketing|advertising|ads|mailings?|spam
    |messages){END}
    \b(?:art(?:icle|\.)? ?21|gdpr)\b.{0,40}\bobject\b|\bobject\b.{0,40}\b(?:art(?:icle|\.)? ?21|gdpr)\b
    {START}(?:take|get) {ME} (?:off|out of) (?:this|the|your) (?:thing|nonsense|crap|stuff|rubbish)\b
    \b(?:do not|don't|dont) (?:have|got) (?:my|our|any) (?:consent|permission) to (?:e-?mail|mail|write
    |contact|send)
    \bunsolicited {MAIL}\b.{0,40}\b(?:stop|cease|remove|unlawful|illegal)|\b(?:stop
    |cease)\b.{0,30}\bunsolicited\b
    \b(?:don't|do not|dont) (?:\w+ )?(?:mail|e-?mail|write|contact|send|bother) (?:me
    |us)(?: \w+)? no more\b
    \b(?:want|wish|like|prefer|choose|decided|ask\w*|request\w*) (?:\w+ )?to (?:(?:be removed|be taken off
    |be unsubscribed|be deleted)(?: (?:from |off )?{LIST}|{END})|(?:leave|quit|be off) {LIST})
    \b(?<!cannot )(?<!can't )(?<!not )(?<!to your )(?<!the ){UNSUBSCRIBE}(?: {ME})?{END}
    \b{UNSUBSCRIBE}(?: {ME})? (?:from|off|to|of|for) {LIST}
    {START}{UNSUBSCRIBE} {ME}
    \b{UNSUBSCRIBE}(?: {ME})? (?:from|of) (?:all|everything|here|this|it){END}
    ^(?:i (?:want|wish|would like|need|have) to|i'd like to|how (?:do|can|could|may|to) (?:i|we
    |you)?) ?{UNSUBSCRIBE}\b
    ^(?:where|how) (?:do|can|could|should) (?:i|we) (?:{UNSUBSCRIBE}|opt[- ]?out|get (?:off|out of) {LIST}
    |sign off)
    ^how (?:do|can|could) (?:i|we) (?:stop|cancel|end|turn off|switch off|get rid of
    |leave) (?:{THESE} )*{MAIL}\b
    ^how (?:do|can|could) (?:i|we) turn (?:{THESE} )*(?:{MAIL} )?off\b
    \b(?:remov|delet|tak|dropp?|strik|gett?|scratch|scrub|purg|eras|block|cross|leav|exclud|pull|wip
    |cut)(?:e|ing)? {ME}(?: {ME})? (?:off|from|out|on|in)(?: of)? {LIST}
    \b(?:remov|delet|dropp?)(?:e|ing)? {ME}(?: off| from here)?{END}
    \b(?:tak|scratch|strik|cross|get)(?:e|ing|ting)? {ME} (?:off|out){END}
    {START}(?:off|out of|get off) {LIST}
    {START}(?:remove|delete|erase)(?: {ME})?{END}
    \b(?:get rid of|forget|lose|destroy|dispose of) (?:my|our|this) (?:e-?mail|mail)? ?add?ress\b
    {START}lose my (?:e-?mail|mail|number|details)\b
    \b(?:i|we|me|us|{ME})\b.{0,20}\b(?:be|being|get|have|am|was) (?:\w+ )?(?:removed|deleted|unsubscribed
    |taken off|taken out|struck|excluded) (?:off |from |out of )?{LIST}
    \b(?:want|wish|like|need|ask\w*|request\w*|demand\w*|insist|must)\b.{0,20}\b(?:be|being
    |get) (?:removed|deleted|unsubscribed|taken off|taken)(?: (?:off|from) {LIST}|{END})
    {START}(?:to )?opt(?:ing)?[- ]?(?:{ME} )?out(?: {ME}){0,2}(?: (?:of|from) {LIST}|{END})
    \b(?:want|wish|like|need) to opt[- ]?out(?: (?:of|from) {LIST}|{END})
    \b(?:stop|quit|cease) (?:e-?mailing|mailing|contacting|writing|spamming|bothering|messaging|harassing
    |pestering|annoying)(?! (?:my|your) (?:wife|husband|friend|mother|sister|boss))\b
    \b(?:stop|quit|cease) sending(?: (?:me|us|out|to me))?(?:(?: {THESE})* {MAIL}\b|(?: {THESE})*{END})
    \b(?:stop|cancel|end|cease|discontinue|terminate|halt|suspend|disable|deactivate|turn off
    |switch off)(?: (?:to|receiving|sending|me|us|with|my|subscription|the)
    | {THESE})* {MAIL}\b(?! subscription box)
    {START}turn (?:{THESE} )+{MAIL} off\b|^turn (?:these|those|them) off\b
    {START}turn off (?:{THESE} )*{MAIL}\b
    \b(?:cancel|end|stop) (?:my|our|this|the) (?:{MAIL}|mailing list)(?: (?:subscription|sign-?up
    |membership))?\b
    \b(?:cancel|end|stop|terminate) (?:my|our|this|the) (?:subscription|membership|registration) (?:to|of
    |for|from|on|in) {LIST}
    {START}no (?:more|further)(?: {THESE})* (?:of (?:these|this)|{MAIL})\b
    \b(?:want|like|wish|need|receive|get|have|prefer) no (?:more|further)(?: (?:of|these|your|this|such
    |promotional|marketing))* ?(?:{MAIL}|of (?:these|this))\b
    \b{NOT} (?:want|wish|like|care|need|desire|require)(?: to)?(?: (?:receive|get|have|be|see|read|getting
    |receiving|hear))*(?: {THESE})* {MAIL}\b
    \bno (?:need|wish|desire|use|interest|time) (?:to (?:receive|get|have|read)|in (?:receiving|getting
    |reading)|in|for)(?: (?:any|such|these|this|your|more|those|of|things?))*(?: {MAIL}\b|{END})
    \b(?:no longer|not) (?:wish|want|like|care)(?: to)? (?:receiv\w+|get\w*|be on
    |be part of)(?: {THESE})* (?:{MAIL}\b|{LIST})
    \bnot interested in (?:receiving|getting|these|this|your|the|any|further|such)(?: {THESE})* {MAIL}\b
    \b(?:{NOT} (?:want|wish|like|care|need) to|(?:i'd|i would|would) rather not
    |(?:would )?prefer not to) (?:get|receive|have|be sent)(?: any)?(?: more of)? (?:these|this|those
    |them){END}
    \b(?:do not|don't|dont) (?:want|need|like) (?:these|this|those|them) (?:any ?more|any longer){END}
    \b(?:{NOT} (?:want|wish|care|like|need) to|rather not|prefer not to|never want to) (?:hear from you
    |be (?:e-?mailed|contacted|bothered|written to|on (?:your|this|the|any)))
    (?<!you )(?<!they )(?<!we )\b(?:do not|don't|dont|never)(?: ever)? (?:e-?mail|mail|contact|spam
    |message|write to|write|text|bother) (?:me|us|my|this|here)\b(?! (?:if|back|for|about|on|until|till
    |before|at|that)\b)
    ^(?:do not|don't|dont|never)(?: ever)? (?:e-?mail|mail|contact|spam|message|write)(?: again)?{END}
    \b(?:do not|don't|dont|never)(?: ever)? send(?: (?:me|us|out))?(?: {THESE})* (?:{MAIL}|anything
    |more(?! than))\b
    \b(?:do not|don't|dont) send (?:me |us )?(?:any ?more|any more)
    {START}leave (?:me|us) (?:alone|be|in peace)\b
    \bleave (?:me|us) (?:out of|off) {LIST}
    {START}(?:keep|get) (?:me|us) (?:off|out of) {LIST}
    \b(?:withdraw|revoke|rescind|retract)\w* (?:my|any|all|the|our) (?:prior |previous )?(?:consent
    |permission|agreement)(?! (?:to be filmed|for the photo))
    \bobject to (?:the |any |all |your )?(?:use|processing|receiving|storage|marketing|direct|advertising)
    \bobject\w* .{0,40}\b(?:direct )?(?:marketing|advertising)\b
    \b(?:{NOT}) (?:consent|agree|want|wish)(?:ed)? to (?:(?:receive|get|any|be sent|this|these|your|direct
    |further|more) )*{MAIL}\b
    \b{NOT} use (?:my|our|this) (?:e-?mail |mail )?(?:add?ress|data|details|e-?mail) for (?:{MAIL}|promoti
    |direct)
    \b(?:want|get me|get us|let me|let us|i'm|am) out of {LIST}
    {START}unsub(?: {ME})?{END}
    {START}unsub(?: {ME})? from {LIST}
    {START}sign (?:{ME} )?off(?: (?:from|of))? (?:{LIST})
    {START}sign (?:me|us) off{END}
    \bcease and desist\b|^where(?:'s| is) (?:the|your|that) unsubscribe\b
    \b(?:remove|delete|take|erase) it (?:off|from|out of) (?:your|all) (?:\w+ )?(?:lists?|records|systems?
    |database|files)\b
    \b(?:receive|get|send|sending|receiving|want) no (?:more|further) {MAIL}\b
    \b(?:if|that) (?:i|we) (?:could |did |may |can )?(?:no longer|not|didn't|don't|never) (?:receive
    |received|get|got|be sent|have)(?: {THESE})* (?:{MAIL}|{END})
    \b(?:be|make) (?:this|it) the (?:very )?last (?:{MAIL}|one)\b
    \bthe last (?:{MAIL}|one) (?:that )?(?:i|we) (?:ever )?(?:get|receive|see)\b
    \b(?:nothing else|no (?:ads|advertising|marketing|promotions|offers|newsletters?)).{0,40}\b(?:only
    |just)\b.{0,30}\b(?:orders?|receipts?|invoices?|confirmations?)\b
    \b(?:only|just)\b.{0,30}\b(?:orders?|receipts?|invoices?|confirmations?)\b.{0,30}\b(?:nothing else
    |no (?:ads|advertising|marketing|promotions|offers|newsletters?))
    {START}no (?:more )?(?:advertising|marketing|ads|adverts|newsletters?|spam|promotions
    |promotional (?:e-?)?mails?){END}
    \bunsubscrib(?:ed|ing)\b.{0,60}\b(?:yet|but|and|still|again|why|here)\b.{0,40}\b(?:still|keep|again
    |another|here|coming|getting|writing)\b
    \b(?:clicked|hit|pressed|tried) (?:on )?(?:the )?unsubscribe\b.{0,60}\b(?:times?|again|still|here|keep
    |yet)\b
    \b(?:keep|kept|been) unsubscribing\b
    {START}(?:go away|get lost|piss off|f(?:uck|\*+|\W{2,}ck) off|bugger off|sod off)\b.{0,30}\b{MAIL}\b
    \bunsubscribe (?:link|button|page|option|function)\b.{0,40}\b(?:broken|not work|n't work|does nothing
    |gives|error|dead|missing|fails?|can't find|nowhere|404)
    \b(?:gdpr|ccpa|data|account) (?:deletion|erasure) request
    \bplease (?:cease|desist)\b
    \b(?:not|n't) be on (?:any|your|this|the)(?: of your)? (?:mailing )?lists?\b
    \bnot on (?:any|your|this|the)(?: of your)? (?:mailing )?lists? (?:any ?more|any longer)
    """,
    whole=r"""
    (?:i )?(?:do not|don't|dont)(?: want| need)(?: (?:this|it|these|them|any|any of (?:this|it|these)))*
    |i'd like out|i want out|let me out|discontinue|desist|deregister
    (?:just )?stop(?: it| this)?,? (?:i beg you|i mean it|seriously|for god's sake|for the love of god
    |already|i'm begging you)
    (?:take|get) me (?:off|out)(?: of)? (?:this|here|it)|lose me|forget me|no interest|remove my (?:info
    |data|stuff|e-?mail)
    (?:(?:can you|could you|now|just|all) )*(?:stop|quit|cease|end|enough|cancel|delete|remove
    |exit)(?: (?:it|this|that|them|me|us|now|all|all this|all of this|these|everything|already|here
    |stop))*(?: now)?
    (?:just )?(?:make|this needs to|this has to|this must|it must|you can|please)? ?(?:it|this
    |that)? ?stop(?: now)?
    (?:no more|never again|not (?:any ?more|again)|leave|removed?|out|off|opt out|opt-out)
    i'?m (?:out|done|gone)|how (?:do|can) (?:i|we|you) (?:get (?:out of|off)|stop|end) (?:this|here|it
    |these|them)\??
    (?:i|we)(?: have|'ve)? (?:never|did not|didn't|have not|haven't|not) (?:sign(?:ed)? up|subscri\w+
    |register\w*|agree\w*|consent\w*|opt(?:ed)? in)(?: (?:for|to|at|with) (?:this|that|these|any of this
    |you|{LIST}))?
    (?:go away|get lost|piss off|f\S* off|bugger off|sod off)
    (?:do not|don't|dont) (?:contact|mail|e-?mail|write|send)(?: again| more| any more)?
    don'?t send any(?: more|more)
    """,
    speaks=r"""
    \bharass\w*|\b(?:left|leaving) your (?:mailing )?list\b|[,:] (?:enough|stop)$|\b(?:in|to) my (?:spam
    |junk|bin|trash)\b|\blet me go\b|\bfor a receipt\b.{0,20}\bnot\b|\bno idea who you are\b
    |\bwho are you\b
    \b{UNSUBSCRIBE}|\bunsubscri|\bunsub\b|\bopt(?:ed|ing|s)?[- ](?:me )?out\b|\bnot interested\b
    |\bno (?:longer )?interest(?:ed)?\b
    \b(?:only|just)\b.{0,30}\bno (?:offers|promotions|promos|ads|advertising)\b
    \b(?:mailing|distribution|e-?mail|contact|marketing) lists?\b|\b(?:off|from|leave|leaving) (?:your
    |this|the|ur|that|any) (?:\w+ )?(?:lists?|database|mailings?)\b
    \b(?:remove|delete|erase|drop) (?:me|us|my|her|him|them|our)\b(?! (?:order|comment|review|question
    |message))
    \b(?:stop|cancel|end|pause|quit|fewer|less|too many|so many|no more|not so many|enough|hold|suspend
    |sick|tired|fed up|drowning|hate|without|block|filter)\b.{0,30}\b(?:e-?mails?|mails?|newsletters?
    |mailings?|messages|promotions?|promos?|of these|of this|writing|sending|spam|advertising|marketing
    |offers|deals|coupons)\b
    \bno (?:\w+ ){0,2}(?:e-?mails|mails|newsletters?|mailings?|messages|offers|promos?|promotions|ads
    |advertising|marketing)\b
    \bonly .{0,15}\b(?:e-?mails|mails|newsletters?|mailings?|messages|offers)\b
    |\bone more\b.{0,20}\b(?:mail|e-?mail|message|newsletter)\b
    \b(?:e-?mails?|mails?|newsletters?|mailings?|messages|these|you)\b.{0,30}\b(?:stop|go away
    |too (?:often|many|much)|a lot|every day|twice|double|so often|less|pause|unwanted)\b
    \bsubscri(?:be|ption)\b.{0,20}\b(?:cancel|stop|end)
    \b(?:never|did not|didn't|not) (?:sign(?:ed)?|subscribe|subscribed|register|registered|agree|agreed
    |consent\w*|ask|asked|opt)\b
    \b(?:don't|do not|dont|stop) send\w*\b.{0,25}\b(?:offers?|promotions?|promos?|ads|deals|coupons?)\b
    \b(?:less|not so|more rarely) (?:often|frequent\w*)\b|\bonce a (?:week|month|quarter|year)\b
    \b(?:wrong|mistaken) (?:person|recipient)\b|\b(?:have|got|reached|writing
    |mailing) (?:to )?the wrong \w+$|^wrong (?:e-?mail|address|\w+)$
    \bi(?:'m| am) not (?:the )?[a-z]+(?: you)?$|\bnever (?:heard of|ordered|bought|been)\b.{0,40}\b(?:you
    |from)\b
    \bno longer (?:works?|employed|with us|with the company|here)\b|\bdoes(?:n't| not) work here\b
    |\bhas left the company\b
    \b(?:passed away|has died|died|deceased)\b
    \b(?:mailbox|inbox|address|account) (?:will be|is being|is) (?:closed|abandoned|shut)|\b(?:closing
    |close|abandoned) (?:\w+ )?(?:mailbox|inbox|account)\b
    \b(?:report|reported|reporting)\b.{0,30}\b(?:spam|you|authorit|ico|abuse)|^spam\b|\bthis is spam\b
    |\bjunk mail\b
    \b(?:do not|don't|dont|no longer|no) (?:want|wish|need|care|have)\b.{0,25}\b(?:these|this|from you
    |any ?more|hear from)\b
    \bno (?:longer|further|more) (?:wish|want|contact|interest|mail\w*)\b|\bno longer (?:need
    |use) (?:these|this|your (?:mail|e-?mail|news)\w*)\b
    \bstop (?:it|me|us|them|this|please)\b|\b(?:leave|forget) (?:me|us)\b|^(?:please )?(?:stop|enough)$
    |\bmake (?:it|them|these) (?:stop|go away)
    \b(?:get|got) (?:off|out of) (?:this|here|it)\b|\bturn (?:these|this|them|it) off\b
    \b(?:i have|i've|have) asked (?:you )?(?:before|twice|already|nicely|\w+ times)\b|\b(?:third|fourth
    |umpteenth|last) time (?:i|i\'ve|asking|that|of asking)\b
    \bwhy (?:do|am|are) (?:i|you|we) (?:still |keep |getting |receiving |always )+
    \b(?:last|final) (?:warning|mail|e-?mail)\b|\bbe the last one\b|\bdata protection\b
    |(?<!15 )(?<!15 of the )\bgdpr\b|\bccpa\b|\bmy (?:consent|permission)\b
    \b(?:instead|only|just|not) (?:send|write|mail)\b|\bsend (?:me )?(?:only|just|these to)\b
    \b(?:take|took|get|drop|strike|cross) (?:me|us|my (?:\w+ )?\w+) (?:off|out)\b(?! (?:of )?(?:the|my
    |your) (?:class|course|order|booking|workshop|tasting|event|tour|trip))
    \b(?:go away|get lost|piss off|f\S{2,3} off|bugger off|sod off|shut up|screw you)\b
    """,
    opposite=r"""
    \b(?:don't|do not|dont|never|won't|will not|wouldn't|would not|not going to|no need to|no plans to
    |no reason to|not want to|not wish to|don't want to|not want you to|don't want you to|nobody should
    |don't you dare|dare)\b(?: \w+){0,3} (?:stop|{UNSUBSCRIBE}|opt[- ]?out|quit|remov|cancel|take me
    |takes? (?:me|us)|delete me|drop me|cease|end)\w*
    \b(?:can't|cannot|can not|couldn't|could not|never|won't)(?: \w+){0,3} (?:stop|quit)\w*
    \b(?:glad|happy|good thing) (?:that )?(?:i|we) (?:didn't|did not|never|haven't) (?:\w+ )?unsubscri\w+
    \b(?:nearly|almost|about to|was going to|wanted to) (?:have )?unsubscri\w+.{0,60}\b(?:but|then
    |until)\b
    \bunsubscribed (?:\w+ ){0,3}from (?:every\w*|all|any|most|the|some|lots|many|two|three|four|five|ten|a
    |another|my|other)\b(?! (?:of )?(?:your|these|this|list|mail))
    \b(?:took|taken|removed|unsubscribed) (?:myself|me|my\w*) (?:off|from|out of) (?:\w+ ){0,3}(?:others?
    |lists|newsletters)\b
    ^(?:unsubscribe|stop|leave|cancel|opt out)\?
    \bunsubscribe\? (?:never|no|nope|not)\b
    \bleft by (?:accident|mistake)|\b(?:unsubscribed|removed) (?:myself |me )?by (?:accident|mistake)
    \b(?:somebody|someone|friend|neighbou?r|sister|brother|colleague|mother)(?:'s)?\b.{0,30}\bunsubscri\w*
    \bunsubscribed?\b.{0,20}\b(?:another|other|my bank|somebody|some other|someone)\b
    \b(?:delete|ignore|disregard|remove) (?:my|the|this) (?:last|previous|other|earlier|first
    |former) (?:e-?mail|mail|message|comment)\b
    \blists? of (?:people|those|winners|persons|folks|friends|customers who)\b
    \bstop (?:by|in|at|over|off)\b|\bbus stop\b|\bnon-?stop\b
    """,
    denies=r"don't|do not|dont|never|not|no|won't|wouldn't|didn't|cannot|can't",
    doubt=r"""
    \b(?:passed away|died|deceased|funeral|my (?:partner|mum|mom|mother|father|dad|son|daughter|brother
    |sister|colleague|boss|friend|late|(?:husband|wife)(?! and (?:me|i)\b))\w*|contract|device|her|his
    |him)\b
    \b(?:from|of|to|off|remove|take|delete|contact|mail|email|unsubscribe|for) (?:them|their)\b
    \b(?:if|unless)\b(?! (?:possible|you (?:can|could|would|will|please|don't mind)|that's ok|that is ok
    |needed|(?:i|we) (?:no longer|could (?:no longer|not)|didn't (?:get|receive|have|hear))))
    \b(?:thinking (?:of|about)|tempted|considering|might|maybe|perhaps|almost|nearly|about to|would have
    |should i|shall i)\b|^(?:do|must|should|shall|did|does) (?:i|we|one)\b
    \b(?:until|till) (?!further)\w+|\bfor (?:a while|now|the (?:moment|time being|summer|winter))\b
    |\bpause\b
    """,
    doubt_before=r"""
    \b(?:otherwise|or else|i will|i'll|i am going to|i'm going to|going to|had to|used to|we'll|we will
    |one more|(?:did|have|has|had) (?:you|they|somebody|someone|anybody|anyone)|(?:i|we) (?:may|could)
    |when will you)\b
    """,
    keep=r"""
    \bkeep (?:me|the|sending|getting|on|receiving|my)\b(?! (?:off|out))|\bbut (?:please )?(?:keep|continue
    |not)\b|\bexcept\b
    \bstill (?:want|like|love|interested|need|wish)\b
    \bonly (?:want|the|from|send|keep|interested)\b(?!.{0,30}\b(?:orders?|receipts?|invoices?
    |confirmations?)\b)
    \b(?:fewer|less often|less frequent\w*|once a (?:week|month|quarter|year)|not so often|instead)\b
    |\bone of them\b|\b(?:is|are) (?:fine|ok|okay|welcome|still welcome)\b
    """,
    erase=r"""
    \b(?:like|want|need|wish|demand|request|have|require) (?:all |any |everything )?(?:of )?(?:my
    |our) (?:\w+ )?(?:data|information|details)\b.{0,30}\b(?:deleted|erased|removed|destroyed|wiped)
    \b(?:erasure|deletion) request\b
    (?:{START}|\bto )(?:delete|erase|remove|wipe) (?:all )?(?:of )?(?:my|our) (?:personal )?info\b
    |{START}erase (?:me|us)\b
    (?:{START}|\b(?:to|must|should|and|you|want|wish|require|request) )(?:delet|eras|remov|destroy|purg
    |wip|scrub)e?(?:ing)? (?:(?:all|any|every|everything|each|of|my|our|the|personal|customer|user|private
    |that|you|your|whole|entire|stored|other) )*(?:data|information|personal details
    |details from your systems?|details you|records? (?:you|of|about|on)|everything (?:you|about|on)
    |all you (?:have|hold|know|store))\b(?! (?:plan|package|cable|volume|point|sheet))
    \b(?:deletion|erasure|removal|destruction) of (?:\w+ ){0,6}(?:data|information|records?|account)\b
    (?:{START}|\b(?:to|want|wish|i'd like to|request) )(?:delete|close|remove|erase|cancel) (?:my
    |our) (?:\w+ )?(?:account|profile)\b.{0,40}\b(?:data|everything|details|information)\b
    {START}delete (?:my|our) (?:customer |user |online |shop )?(?:account|profile)\b
    \bright to (?:be forgotten|erasure|deletion)\b|\bart(?:icle|\.)? ?17\b
    \b(?:gdpr|ccpa|data) (?:deletion|erasure|removal)\b
    (?:my|all|our) (?:\w+ )?(?:data|information)\b.{0,20}\b(?:be )?(?:deleted|erased|removed
    |destroyed)\b(?=$|[ ,]*(?:please|now|today|and|immediately|at once))
    \bforget (?:me|everything) (?:completely|entirely|under|about me)\b
    """,
    ask=r"""
    \btast(?:es?|ed|ing) (?:\w+ )?(?:sour|burnt|stale|off|rancid|mouldy|moldy|soapy|metallic|of (?:soap
    |plastic|metal|mould|nothing))\b|\bhop(?:e|ing) to hear\b|\bnothing (?:has )?happen\w*\b|\b(?:haven't
    |not|never) heard (?:back|anything|from)|\bleft (?:it|the parcel|my parcel|the package) (?:in|outside
    |at|on)\b|\bapplied for\b|\bswap\b
    ^{AND}(?:which|what|whose)\b(?! (?:a|an|fun|joy|delight|luck|bliss|more)\b)(?! (?:lovely|great|nice
    |wonderful|beautiful))
    {PLEASE} (?:\w+ ){0,2}?(?:end|start|renew|extend|skip|reschedule|swap|exchange|transfer|remind|invite
    |notify|include|bring|show|invoice|bill|credit|double-check|verify|supply|share|post|mail me)\b
    \?
    ^{AND}(?:where|when|why|who)\b(?! i\b)(?! not\b)(?! knew\b)
    ^{AND}how (?:much|many|long|do|can|does|is|are|soon|come|to|about|would|should|often|strong|old|big
    |far|late|early)\b
    ^{AND}(?:what|which) (?:is|are|do|does|about|time|size|happen\w*|would|should|can|one|ones|kind|sort
    |grind|exactly|data|did|was|were|of)\b
    ^{AND}(?:do|does|did|can|could|would|will|is|are|have|has|was|were|may|should|shall) (?:you|i|we|it
    |there|this|that|the|they|he|she|my|our|your|somebody|someone|anybody|anyone|any|order)\b
    ^{AND}(?:can't|isn't|aren't|won't|don't|didn't|haven't|hasn't) (?:you|i|we|it|there|they)\b
    \b(?:can|could|would|will) (?:you|somebody|someone|anyone|we|i) (?:please |kindly |also )?(?!have\b
    |recommend it\b)\w+
    \b(?:wonder(?:ing)?|wondered|curious) (?:if|whether|when|where|how|why|what|about)\b
    \b(?:i'd|i would|we'd|we would|would) (?:really )?(?:like|love|appreciate|prefer|be interested
    |be grateful|be glad) (?:to (?:know|change|order|return|cancel|get|have|exchange|book|ask|add|speak
    |talk|receive|move|update|pick|buy|reserve|see|try|arrange|visit)|in|a |an |it (?:if|in|back)|you to
    |my |the |some |samples|if)
    \b(?:i|we) (?:want|need) (?:my |a |an |to (?:know|change|return|cancel|order|speak|talk|exchange
    |update|move|pause|buy|book|get|see|complain|report)|you to|the |some |help|it |this )
    {PLEASE} ?(?!(?:do not|don't|dont|keep|never|note|accept|pass|tell \w+ (?:thanks|thank)|give \w+ my
    |say|see|excuse|find|stop making|stop being)\b)(?:(?:also|just|kindly|be so kind) )*(?:send|call|ring
    |cancel|change|check|confirm|advise|help|let|tell|explain|refund|replace|return|update|forward|resend
    |reply|answer|get back|contact|correct|fix|look|deliver|ship|hold|add|remove|take|move|book|reserve
    |put|provide|give|arrange|delete|stop|pause|use|e-?mail|quote|make sure|investigate|sort)\b
    ^(?:cancel|change|send|resend|call|ship|refund|replace|return|update|take|stop|hold|pause|add|put|book
    |check) (?:me |my |the |our |this |a |an |order |us |\d).*
    \b(?:let me know|tell me|get back to me|give me a call|call me|ring me|call \d|any (?:news|update
    |updates|idea|ideas|chance|word))\b(?! (?:if you|a joke))
    \b(?:refund|money back|reimburse\w*|replacement|complaint)\b
    \b(?:cancel|change|pause|stop|return|exchange|track|move) (?:my|the|our|this|an?) (?:order|delivery
    |parcel|subscription|booking|address|package|shipment|plan|\w+)\b
    \b(?:arrived|came|is|was|were|are|be|had
    |been) (?:all |completely |totally |badly |partly |already |open and |burst )?{WRONG}\b
    \b(?:has|have|did)(?:n't| not) (?:yet )?(?:arrived?|come|received?|got|gotten|turned up|been delivered
    |answered|replied|heard|had)\b
    \b(?:still waiting|never (?:arrived|came|comes|received|got|turned up)|not (?:yet )?(?:arrived
    |received|been delivered)|is missing|are missing|was missing|were missing|still (?:no|not|nothing))\b
    ^(?:missing|lost|broken|damaged|wrong|faulty|late)\b|^no (?:tracking|confirmation|invoice|reply|answer
    |response|refund|parcel|delivery|news)\b
    \b(?:nobody|no one|no-one|none of you) (?:has |have |had |ever )?(?:answer\w*|repl\w*|called|calls
    |picks? up|rang|came|reacts?|respon\w*|did|does|showed)\b
    \b(?:does|do|did|is|will|wo|has|have|was)(?:n't| not) (?:work|open|turn on|switch on|turn|let me
    |accepted|valid|start|load|fit|charge|recogni[sz]ed|what (?:i|we))\w*|\bstopped working\b
    |\bnot working\b|\bnot what (?:i|we) (?:ordered|bought|expected|paid)\b
    \b(?:charged|billed|debited) (?:me |us )?(?:twice|again|double|wrong\w*|too|\d)|\b(?:overcharged
    |double charged)\b|\bcharged (?:\w+ ){0,3}instead\b
    \b(?:ordered|bought|paid for|asked for)\b.{0,40}\b(?:but|and|instead)\b.{0,30}\b(?:got|received|came
    |sent|only|instead)\b
    \b(?:says|marked|shown|reads) (?:as |it's |it is |my card is |is )?(?:delivered|expired|declined
    |invalid|sold out|delayed)\b
    \b(?:my|our) (?:new )?address (?:has |is )?(?:changed|wrong|now)\b|\bmoved,? (?:to|so|and (?:the|my
    |our))\b|\bshould (?:go|be (?:sent|delivered)) to\b|\bthe old address\b
    \b(?:expect|waiting for|await|awaiting|want|need|look forward to|looking forward to) (?:a|an|your|some
    |any) (?:\w+ )?(?:reply|answer|response|explanation|call|refund|solution)\b
    \b(?:i|we) (?:do not|don't|dont|didn't) (?:understand|know (?:how|what|where|why|when|if|whether))\b
    |\bpromised to (?:call|send|reply|refund|get back)\b
    \b(?:question|help) (?:for you|about|with|please)\b|\bneed help\b|\bno idea (?:how|what|where|why
    |when)\b|\bquick (?:one|question)\b
    ^{AND}(?:what|where|when|who|how)'?s (?:the|my|your|a|this|that|it|there|up with|wrong|going on)\b
    ^(?:i |we )?(?:need|require|am looking for|look for|looking for|seeking) (?:a|an|the|some|two|three
    |more|my|\d+) \w+|^help\b
    \b(?:can't|cannot|can not|cant|couldn't|could not|unable to|not able to) (?:log|sign|open|find|order
    |pay|use|reach|access|read|download|checkout|check out|change|redeem|add|place|track|turn|get (?:it
    |the|my|into|through|hold|in)|see (?:the|my|any|it))\b
    \b(?:did not|didn't|never|haven't|have not) (?:get|got|receive|see|work)\w* (?:my|the|a|an|any|it
    |anything|your)\b|\b(?:an|the) error\b|\b(?:was|is|got) declined\b|\bmoney is gone\b
    |\bpayment (?:failed|did not)\b|\b(?:it|machine|bag|bottle|grinder|lid|pump|kettle|cup) (?:leaks
    |is leaking|is stuck|broke|jams|rattles|makes? a)\b|\bstrange noise\b
    \byou (?:have )?(?:sent|charged|forgot|forgotten|delivered|shipped|gave) (?:me |us |the )?(?:the wrong
    |a wrong|decaf|twice|only|again|too|to|\w+ (?:again|instead|twice|in my|from my))\b|\byou promised\b
    |\b(?:sent|gave) (?:me|us) the wrong\b
    \b(?:i'd|i would|we'd|we would) (?:like|love) (?:one|two|three|four|five|more|some|\d+|another
    |to \w+)\b
    \b(?:more|further) (?:info|information|details) (?:please|about|on)\b|\b(?:interested in|info on
    |details of|details on|price list|quote for|availability)\b(?! (?:any|these|your e-?mail))
    \b(?:forgot|lost|reset) my (?:password|login|pin|code)\b|\b404\b|\bis (?:broken|down|not loading
    |empty)\b|\bwebsite (?:is|says|won't|doesn't|keeps)\b
    \b(?:disappointed|unacceptable|not good enough)\b.{0,60}\b(?:back to me|expect|answer|refund|hear)\b
    |\b(?:asap|urgent|urgently)\b
    \bput me back on\b|\bsign me up\b|\b(?:accessing|exercise) my right\b
    |\bcopy of (?:all |my |the )?(?:personal )?data\b|\bart(?:icle|\.)? ?15\b|\bi (?:promised
    |told) (?:everyone|her|him|them) (?:i'd|i would)
    """,
    polite=r"""
    (?:please )?(?:don't|do not|dont|never|i hope you never)(?: \w+){0,3} (?:stop|remove|cancel
    |unsubscribe|take me off|end)\b[^?]*
    how are you(?: doing| all| today)*|how(?:'s| is) it going|right|isn't it|no|ok|okay|really|deal|haha+
    |who knew|why not
    isn't (?:it|that|this) (?:wonderful|great|lovely|nice|beautiful|funny|crazy|amazing|something|cute
    |sweet)|who (?:would|could) have (?:thought|known|guessed)\b.*|what (?:a|an)\b.*|you know what
    guess (?:what|who)\b.*|what more (?:can|could) .*|what's not to (?:like|love)\b.*|who (?:doesn't
    |does not|needs)\b.*
    """,
)
