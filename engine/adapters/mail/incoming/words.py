"""The words by which mails of machines are known: regular expressions, one a line."""

from __future__ import annotations

import re

_NOT = r"\s<>;:,()\"'\[\]（），。；：、「」【】"
_ADDRESS = rf"[^{_NOT}*=]{{1,200}}@[^{_NOT}]{{0,250}}[^{_NOT}.!?]"

_IS = r"""\s*[:=]\s*(?:["'<]\s*)?(?:smtp:)?"""
_BLANK = r"[^\S\n]"
"""Blank within a line. Behind `^` stands no other: one that runs on over empty lines does so from each of
them to the last, which takes hours for a mail of nothing else."""

ADDRESS = re.compile(_ADDRESS)

TOKEN = re.compile(rf"[^{_NOT}]{{1,256}}@(?:(?!\.\.)[^{_NOT}]){{1,256}}")
"""An address of whatever form, as far as it goes: some have signs in them that `ADDRESS` does not bear."""

CHALLENGE = re.compile(r"(?i)\bsender not pre-approved")
"""A service that lets nobody through until they confirm (Boxbe); it says "failed" of what did arrive, too."""

ASKED = re.compile(rf"(?im)^(?:{_BLANK}|>)*rcpt to:")
"""What servers quote of their talk."""

REASON = re.compile(r"(?m)\(reason: (.{1,1000}?)\)[ \t]*$")
"""What sendmail says that another server said."""


def _any_of(lines: str, start: str = "") -> re.Pattern[str]:
    found = [line.strip() for line in lines.splitlines() if line.strip()]
    return re.compile(f"(?im){start}(?:{'|'.join(found)})")


AUTOREPLY_SUBJECT = _any_of(
    r"""
    auto(?:matic|mated|matische?|matique)?[\s:-]*(?:e-?mail[\s-]*)?re(?:ply|sponse|spond\w*)\b
    auto(?:matic|mated|matische?|matique)?[\s:-]*(?:e-?mail[\s-]*)?(?:answer|antwort|antwoord|svar)\b
    out of (?:the )?office\b(?! (?:party|lunch|trip|photo|day))
    (?:i am|i'm|currently|away) (?:out of the office|on (?:vacation|holiday|leave)\b)
    (?:vacation|holiday|annual leave|absence) (?:re(?:ply|sponse)|notice|notification|auto\w*|message)\b
    away from (?:my|the) (?:e-?mail|mail|desk|office|computer)\b
    abwesenheits\w*|automatische (?:e-?mail|benachrichtigung|rückmeldung)
    urlaubs(?:benachrichtigung|antwort|notiz|meldung)|(?:ich bin )?nicht im (?:büro|buero)\b
    r[ée]ponse automatique|message (?:automatique|d['’]absence)|absen[ct]e? du bureau
    (?:auto-?)?respuesta autom[aá]tica|autorrespuesta|contestaci[oó]n autom[aá]tica
    fuera de (?:la )?oficina|risposta automatica|risponditore automatico|fuori (?:ufficio|sede)\b
    resposta autom[aá]tica|aus[êe]ncia tempor[aá]ria|fora do escrit[oó]rio
    automatisch (?:antwoord|bericht)|afwezigheids\w*|automatisk\w*\s*svar|autosvar
    fr[åa]nvaro(?:meddelande|assistent)\w*|frav[æa]rs\w*|ikke p[åa] kontoret|automaattinen vastaus
    automatyczna odpowied[źz]|odpowied[źz] automatyczna|nieobecno[śs][ćc] w (?:biurze|pracy)
    automatick[áa] odpov[ěe][ďd]|mimo kancel[áa][řr]|automatikus v[áa]lasz|h[áa]zon k[íi]v[üu]l
    otomatik (?:yan[ıi]t|cevap)|r[ăa]spuns automat|автоматическ\w+ ответ|автоответ
    автоматична відповідь|вне офиса|αυτόματη απάντηση|εκτός γραφείου
    自動返信|自動応答|自動回覆|自动回复|自动答复|不在通知|不在のお知らせ|부재중|자동 ?(?:응답|회신)
    رد تلقائي|מענה אוטומטי|תשובה אוטומטית|ตอบกลับอัตโนมัติ|trả lời tự động
    """,
    r"\A\W{0,3}",
)

AUTOMATIC_SENDER = _any_of(
    r"""
    (?:mail(?:er)?[-_.]?daemon|post[-_]?master|mdaemon|nobody|bounces?|listserv|majordomo)(?![a-z])
    no-?reply|do-?not-?reply|auto-?reply|autoresponder
    """,
    r"\A",
)

MANNED = _any_of(r"(?:post[-_]?master|nobody)(?![a-z])", r"\A")
"""Those behind which a person may sit: what answers a mail from there is theirs."""

_DAEMON = r"(?:mailer|mail)?[-_.]?daemon\b|mdaemon\b|microsoftexchange[0-9a-f]{16,}"
DAEMON = _any_of(_DAEMON, r"\A")
"""The addresses that no person writes from."""

SERVER_ADDRESS = _any_of(
    rf"""
    {_DAEMON}|post[-_]?master\b|maildelivery|root@|nobody@|virus(?![a-z])
    virus[-_.]?(?:alert|admin|scan|wall|check|filter)|mail[-_.]?(?:er|adm|admin|delivery|system|server)\b
    (?:ndr|dsn|bounces?|smtpd?)\b|e500_smtp|symantec_antivirus|system[-_]?admin
    """,
    r"\A",
)

SERVER_NAME = _any_of(
    r"""
    mail(?:er)?[ -]*(?:deliver\w*|daemon|system|administrator|server|router)
    delivery (?:sub-?system|service|system|status|agent|notification)
    postmaster|post office|system administrator|non-?deliver|undeliver
    """
)

FAILURE_SUBJECT = _any_of(
    r"""
    undeliver|non-?deliver|not delivered|user unknown|automatically rejected|nondeliverable
    (?:mail|message|delivery)\s.{0,30}?(?:fail|error|problem|return|reject)
    delivery (?:status|report|notification|warning|delay|has failed|attempt|fail)
    fail(?:ed|ure) (?:notice|delivery|mail)|failure notice|bounced? mail|unable to deliver
    return(?:ed|ing) (?:mail|message|to sender|e-?mail)|could ?n[o']t be delivered
    error sending|trouble delivering|problem delivering|error delivering|unable to send|could not deliver
    (?:could|can) ?not be (?:delivered|sent)|delivery unsuccessful|mail (?:failed|system error|warning)
    message (?:delayed|rejected|blocked)|rejected mail|delayed mail|warning:? .{0,60}?(?:delayed|could not)
    unzustellbar|zustell(?:ung|fehler|bericht)|nicht (?:zugestellt|zustellbar)|fehlgeschlagen|fehler beim
    non (?:remis|distribu|livr|d[ée]livr)|[ée]chec|impossible de remettre|retour de courrier|courrier non
    no (?:se (?:ha )?(?:podido|pudo)|entregad|se puede)|devuelto|devoluci[oó]n|fallo
    error (?:de|en la) entrega|mancat[oa] (?:recapito|consegna)|non recapit
    impossibile (?:recapitare|consegnare)|errore di (?:invio|consegna)
    n[aã]o (?:entregue|p[oô]de)|devolvid|falha (?:na|de) entrega|n[aã]o foi poss[ií]vel
    onbestelbaar|niet bezorgd|niedostarcz|nie dostarcz|zwrot|nedoru[čc]|kézbesít
    gönderilemedi|iletilemedi|teslim edil|olevererbar|kunde inte levereras|kunne ikke leveres
    ei voitu toimittaa|не доставлен|недоставлен|ошибка доставки|невозможно доставить|не удалось доставить
    配信(?:不能|エラー|失敗|できません)|送信(?:エラー|失敗|できません)|配送(?:不能|エラー)|不達
    退信|退回|投递失败|无法投递|无法发送|传送失败|送達失敗|배달(?:되지| ?실패)|반송|전송 ?실패
    """
)

FAILURE_TEXT = _any_of(
    r"""
    (?:was|were|been|be) (?:not|un(?:able|successful))|unable to deliver|wasn't delivered|can't be delivered
    delivery (?:\w+ ){0,6}?failed|deliver\w* has failed|delivery (?:error|problem)|did not reach
    not (?:yet )?been delivered|has been (?:rejected|returned|delayed|postponed)|not delivered
    error delivering|trouble delivering|not be (?:reached|sent)|rejected recipient|delivery errors
    permanent (?:fatal )?error|fatal errors|transcript of session|returned to (?:you|sender)
    failed (?:recipients?|addresses)|couldn't (?:be delivered|deliver)|could not deliver
    cannot be delivered|pas (?:pu |pu être|été)|zugestellt werden|no (?:pudo|ha podido)
    """
)

NOT_DELIVERED = _any_of(
    r"""
    (?:could|can) ?not be (?:delivered|sent)|could ?n.t be delivered|(?:was|were|been) not delivered
    not been delivered|undeliver|送信できませんでした|配信できませんでした|配送できませんでした
    """
)
"""The plain ones among these, for a mail that nothing else shows to be of a server."""

STILL_TRYING = _any_of(
    r"""
    has been delayed|not yet (?:been )?delivered|delivery (?:is |has been )?delayed
    warning message only|only a warning|advisory-only|just a warning|will be retried
    will (?:continue|keep) (?:to try|trying)|attempts? will continue|still being retried
    do not need to re-?send|message .{0,30}delayed|we will continue to try|temporary failure report
    delivery attempts (?:are )?continu|verzögert|retard[ée]e?\b|retraso|遅延|задержан
    """
)

GAVE_UP = _any_of(
    r"giving up|has given up|permanent(?:ly)? (?:fail|fatal|error)|failed permanently"
)

ANSWER = _any_of(
    r"""
    (?:re|aw|sv|antw|fwd?|wg|tr|rv|i|r|odp|vs|ynt|回复|答复|转发|回覆|轉寄)\s*(?:\[\d+\])?\s*[:：]
    """,
    r"\A\s*",
)
"""The start of a subject that a person's program wrote before an answer or what it sends on."""

PLACE = _any_of(
    rf"""
    rcpt to:?\s*<?({_ADDRESS})
    ^(?:{_BLANK}|[*>-])*<({_ADDRESS})>
    ^(?:{_BLANK}|[*>•"'-])*({_ADDRESS})(?=[\s>]*$|["'\s]*(?:\.\.\.|:|\(|-|\s))
    \b(?:recipients?|user|address(?:e|es|see)?|mailbox|account|to|for|an|e-?mail|name|receiver){_IS}({_ADDRESS})
    \b(?:destinataires?|destinatari[oa]s?|empfänger\w*|adresse|usuario|utente){_IS}({_ADDRESS})
    \b(?:final|intended|failed) \w+{_IS}({_ADDRESS})
    (?:宛先|宛て?|收件人|收件地址|수신자|получател\w*|адресат\w*)\s*[:：=]?\s*["'<]?\s*({_ADDRESS})
    \b(?:message|addressed|delivered|mail) to ["'<]?({_ADDRESS})
    \bdeliver(?:y)? (?:\w+ )?to ["'<]?({_ADDRESS})
    \b(?:user|reach|recipient) ["'<]?({_ADDRESS})
    """
)
"""Where servers write the address of whom a mail did not reach."""

SENDER_LINE = re.compile(
    rf"(?im)^(?:{_BLANK}|>)*(?:mail\s+)?(?:from|reply-to|sender|return-path|envelope-from)\b.{{0,40}}?<?({_ADDRESS})"
)

_COPY = r"(?:a|the|your) (?:copy|original|returned|full|message|header|first)"
COPY_BEGINS = _any_of(
    r"""
    (?:below this line|included|this|here|(?:the )?following|attached) is {COPY}
    (?:a|the) copy of (?:the|your) (?:original )?(?:message|mail)
    (?:your )?original (?:e-?mail|message)? ?(?:message|mail|headers?|follows|text|attached|details)
    unsent message|message (?:text|headers?) follows?|returned (?:mail|message)|message headers?\b
    headers of the original|old message:|mensaje original|message d'origine|start of returned message
    rejected message|(?:begin|start) (?:of )?(?:returned|original)|(?:the )?(?:first|top) \d+ lines
    your message (?:reads|follows)|原始邮件|原信|元のメッセージ
    received: ?from .*|return-path: ?<.*|dkim-signature: .*|message removed\s*$
    """.replace("{COPY}", _COPY),
    rf"^(?:{_BLANK}|[>*|=_-])*",
)
"""The line behind which a server returns the mail."""
