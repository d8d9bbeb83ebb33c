"""The words of mail servers, by what they mean: regular expressions, one a line, in small letters.

They are matched against `bounce_text.plain`, where `@a` stands for an address and `@h` for a host. Only
words that cannot mean anything else belong here: a wrong `NO_ADDRESS` takes a customer's mail away.
"""

from __future__ import annotations

import re

from engine.domain.patterns import any_of

_WHO = "|".join(
    r"""users? recipients? rcpt mail[-\s]?box(?:es)? address(?:es)? accounts? addressees? customers?
    usernames? userids? destinations? subscribers? inbox alias login receivers? person members?
    mailaccount domains? hosts? hostname maildomain name""".split()
)
_GONE = "|".join((
    r"unknown|not[- ]found|invalid|undefined|unrecogni[sz]ed|non-?exist\w*|no more",
    r"doe?s ?n[o']t exists?|do not exist|(?<!may )not exists?\b",
    r"no longer (?:exists?|valid|available|active|in use|used|employed|works?|with|here|on|a|accept\w*)\b",
    r"(?:not|isn.?t) (?:a |an |currently )?(?:valid|known|recogni[sz]ed|existing|listed|registered|local"
    r"|defined)",
    r"(?:could ?n[o']t|could not|cannot|can not) be (?:found|located|resolved)|wasn.?t found",
    r"(?:has been|was|is) (?:deleted|removed|replaced|cancell?ed)",
))  # fmt: skip

NO_ADDRESS = any_of(
    r"""
    \b{WHO}\b(?:[^.;:\n]|\.(?=\S)){0,60}?\b{GONE}
    \b{WHO}\b[^.;\n]{0,20}: ?(?:unknown|not found|invalid)
    (?<!too many )\b{BAD} (?:[\w-]+ ){0,2}?{WHO}\b
    \b(?:undefined|bad|wrong) (?:[\w-]+ ){0,2}?{WHO}\b|\b(?:unknown|invalid|bad) local[- ]?part\b
    \bno (?:such|valid|matching|known|local|registered|existing) (?:[\w-]+ ){0,2}?{WHO}\b
    \bno (?:mail[- ]?box|user|account|recipient|one|subscriber)(?: here)? (?:by|with|of|under) th(?:at|is)
    \bno such (?:person|people|one|id|virtual|directory entry|object|address|local)
    \bno mail[- ]?box\b(?! (?:space|quota))
    \bthere is no (?:user|account|mailbox|one)\b|\bno valid recipients\b
    (?:doesn.?t|does not) have an? (?:\S+ )?(?:e-?mail )?account
    \bnot our (?:customer|user)\b
    \billegal (?:host|domain)|\bno valid hosts\b|\bnot a (?:known|valid) (?:[\w-]+ ){0,3}?{WHO}\b
    \bnot listed in \S* ?(?:domino|public|directory|name|address)
    \bnot (?:found )?in (?:the |my |our )?(?:directory|address book|user ?list|database|recipient)
    \buser (?:is )?not (?:known|local|found|here|exist)
    \b(?:unable to|can ?not|can't|could ?n.t|could not) (?:find|locate|resolve) (?:[\w-]+ ){0,3}?{FIND}
    \bcould ?n.t find (?:any host|a mail exchanger)\b
    recip(?:ient)?notfound|user ?unknown|unknown_?to\b|unknown to address
    \b(?:bad|unknown|invalid|no_such)[_-](?:user|recipient|mailbox|address)
    \bmail[- ]?box (?:currently )?unavailable or access denied
    \bundeliverable address\b|\bunrouteable (?:mail )?(?:address|domain)\b|\bunroutable\b
    \bhas (?:been )?(?:moved|left (?:the|this|our))|\bhas changed (?:\w+ )?(?:e-?mail )?address
    \bhas been replaced by\b|\bno longer (?:an? )?(?:employee|customer|member)
    \bno longer (?:works|employed|associated|on (?:the|this) server)
    \bhost unknown\b|\bunknown host\b|\bhost not found\b|\bnxdomain\b|\bno such (?:host|domain)\b
    \bname or service not known\b|\bnon-?existent (?:host|domain)\b|\bdomain .{0,60}?(?<!may) not exist
    \bnull ?mx\b|\bno mx\b|\b(?:domain|host)\b.{0,60}?does not accept (?:any )?e?-?mail
    \bno smtp service\b|\bno route found to domain\b|\bhad no relevant answers\b
    \ball relevant mx records point to non-?existent\b|\bhost address lookups failed permanently\b
    \baddress rejected\.?(?: @a\.?)?$|\brecipient unrecognized\b|\binvalid final delivery
    \bi (?:cannot|can't) deliver mail for\b|\bno matches to nameserver query\b
    \bthat recipient is not allowed\b|\bmail[- ]?box name not allowed\b|\bdestination address unknown\b
    \baddress is wrong\b|\bwrong or no longer valid\b|\baddress error\b
    empf(?:ä|ae|a)nger\S* (?:ist |\S+ )?(?:unbekannt|nicht (?:bekannt|gefunden|vorhanden)|existiert)
    unbekannte\w* (?:empf|benutz|adress|user|mailbox|nutzer|teilnehmer)|existier(?:t|en) nicht
    nicht gefunden werden|ungültige\w* (?:empf|adresse|e-?mail)
    (?:benutzer|adresse|postfach|nutzer|domain) .{0,60}?(?:unbekannt|nicht (?:gefunden|bekannt|vorhanden))
    {FRENCH}\w* .{0,60}?(?:inconnue?|introuvable|inexistante?|non valide|invalide|non recens|erron)
    {FRENCH}\w* .{0,60}?n.existe (?:pas|plus)|n'existe pas
    {SPANISH} .{0,60}?(?:desconocid|inv[aá]lid|no existe|no v[aá]lid|inexistente|no encontrad)
    no se (?:encontr[oó]|ha encontrado)|no existe (?:el |la )?{SPANISH}
    {ITALIAN} .{0,60}?(?:sconosciut|inesistente|non (?:esiste|trovat|valid|è valid))|non [eè] stato trovato
    {PORTUGUESE} .{0,60}?(?:desconhecid|inexistente|inv[aá]lid|n[aã]o (?:existe|encontrad|foi encontrad))
    (?:gebruiker|ontvanger|adres|postvak|domein) .{0,60}?(?:onbekend|bestaat niet|niet gevonden|ongeldig)
    onbekende (?:gebruiker|ontvanger)|findes ikke|finns inte|finnes ikke|okänd|ukendt|ukjent
    nie istnieje|nieznany|nie znaleziono|neexistuje|neznám|nenalezen|tuntematon|ei löydy
    nem létezik|ismeretlen|bulunamadı|mevcut değil
    не существует|не найден|неизвест\w+ (?:пользов|получ|адрес)|несуществующ|нет такого
    宛先不明|存在しま?せん|存在しない|見つかりません|リストにありません|不明なユーザ
    不存在|找不到|查无此人|無此|无此|존재하지 않|찾을 수 없
    """,
    WHO=_WHO,
    GONE=_GONE,
    BAD="unknown|invalid|non-?exist(?:ent|ing)|unrecogni[sz]ed|incorrect|illegal",
    FIND="user|recipient|address|mailbox|account|domain|host",
    FRENCH="utilisateur|destinataire|adresse|compte|domaine|bo[iî]te",
    SPANISH="usuario|destinatario|direcci[oó]n|cuenta|buz[oó]n|dominio",
    ITALIAN="utente|destinatario|indirizzo|casella|dominio",
    PORTUGUESE="usu[aá]rio|destinat[aá]rio|endere[cç]o|conta|caixa|dom[ií]nio",
)
"""The address is bad: nobody is there, or not under this name, or the domain takes no mail."""

SENDER_WAS_CHECKED = any_of(r"sender verif|verification failed for|callback verif|sender callout")
"""The server asked whether our own address is there; its "no such user" is about that."""

MAILBOX_UNAVAILABLE = re.compile(r"mail[- ]?box (?:is )?(?:currently )?unavailable")

NOT_IN_DIRECTORY = "recipient address rejected: access denied"
"""With 5.4.1 the words of Exchange Online for an address that its directory does not hold."""

FULL = any_of(
    r"""
    \b(?:mail[- ]?box|inbox|account|folder|box|user|storage)\b.{0,40}?\bfull\b|\bfull mail[- ]?box\b
    over[- ]?quota|quota|out of (?:disk|storage)|disk full
    exceed\w* .{0,40}?(?:storage|space|allocation|limit|size|maximum|capacity)
    (?:insufficient|not enough|no) .{0,20}?(?:space|storage)
    mail[- ]?box .{0,20}?(?:size|limit|exceed)|too (?:large|big)|message size|size limit
    \bvoll\b|überfüllt|(?:bo[iî]te|bal) .{0,30}?pleine|satur[ée]e|llen[oa]\b|excedid|pien[ao]\b|cheia
    переполнен|已满|已滿|容量|満杯|超過|pełna|plná
    """
)
"""The mailbox is full, or the mail is too big for it."""

BLOCKED = any_of(
    r"""
    \bspam|\bunsolicited|\bjunk|\bbulk|(?:black|block|deny|gr[ae]y)[- ]?list|\bdnsbl|\brbl\b
    reputation|\bdmarc|\bdkim|\bspf\b|reverse dns|\bptr\b|authenticat|\brelay|access (?:is )?denied
    administrat\w* prohibit|not (?:allowed|authori[sz]ed|permitted|accept\w*)|unauthori[sz]ed|prohibited
    \bpolic(?:y|ies)\b|\bvirus|malware|phish|suspicious|banned|blocked|blocking
    content (?:denied|reject|filter)|message content|too many|rate limit|throttl|complaint|\babuse\b
    refused by|requires confirmation|rcpthosts|rejected (?:by|due|for|as)|\bdenied\b|protection|restricted
    only accepts|security
    """
)
"""It is about us: reputation, policy, rate, content."""

SURELY_BLOCKED = any_of(
    r"""
    \bspam|(?:black|block|gr[ae]y)[- ]?list|reputation|\bdmarc|\bdkim|\bspf\b|\brelay
    \bvirus|unsolicited|\bjunk|too many|rate limit|blocked
    """
)
"""The plain ones among these, for where a code says otherwise."""

_OFF = (
    r"disabled|suspend|inactive|not activ|deactivat|locked|frozen|discontinued|terminated|closed"
    r"|gesperrt|desactivad|disattivat|заблокирован|停用|冻结"
)

PASSES = any_of(
    r"""
    timed? ?-?out|connection (?:refused|reset|lost|dropped|closed)|try again|temporar|deferred|expired
    retry|retries|too long|could ?n.t (?:connect|establish)|not reachable|unreachable|no route to host
    service (?:is )?(?:not available|unavailable)|loop|too many hops|(?:lookup|server) failure|servfail
    busy|overload|delayed|not yet|unable to connect|not responding|no answer|failed \d+ attempts
    failing for a long time|name server reply
    gateway for|internal error|bad sequence|not been collected|cannot accept|receivingrate
    vorübergehend|momentanément|temporair
    {OFF}
    """,
    OFF=_OFF,
)
"""It may pass, or somebody may open the mailbox again."""

SWITCHED_OFF = re.compile(_OFF)
"""Somebody may open the mailbox again."""

LATER = any_of(r"try again|temporar|retry later|unverified|gr[ae]y-?list|later")
"""It will pass."""

GAVE_UP = any_of(
    r"user unknown|unknown user|no such user|does not exist|unknown recipient|not found"
)
"""Where a server said "not now" for days, and these were its words all the time."""

ABOUT_US = re.compile(
    r"[^.;\n]*\b(?:senders?|mail from|from address|return[- ]path|reverse|helo|ehlo|ptr|client host"
    r"|originator|originating|sending (?:domain|host|server|ip)|your (?:ip|domain|host))\b"
    r"(?:[^.;\n]|[.;](?=\S))*"
)
"""A sentence about the sender, in which words like "does not exist" are not about the recipient."""
