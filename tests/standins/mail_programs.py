"""Mail programs: how each of them answers a mail, in the languages that people use them in.

Made after their public habits, not from anybody's mail: what stands above the quotation, how it is
quoted in text and in HTML, which header fields thread it.
"""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from html import escape

NAME, ADDRESS = "Lena from The Cozy Coffee Shop", "lena@mail.cozy.example"

GMAIL = {
    "en": f"On Tue, Mar 3, 2026 at 9:14 AM {NAME} <{ADDRESS}> wrote:",
    "en-wrapped": f"On Tue, Mar 3, 2026 at 9:14 AM {NAME} <\n{ADDRESS}> wrote:",
    "de": f"Am Di., 3. März 2026 um 09:14 Uhr schrieb {NAME} <\n{ADDRESS}>:",
    "fr": f"Le mar. 3 mars 2026 à 09:14, {NAME} <{ADDRESS}> a\nécrit :",
    "es": f"El mar, 3 mar 2026 a las 9:14, {NAME} (<{ADDRESS}>)\nescribió:",
    "it": f"Il giorno mar 3 mar 2026 alle ore 09:14 {NAME} <{ADDRESS}>\nha scritto:",
    "nl": f"Op di 3 mrt 2026 om 09:14 schreef {NAME} <{ADDRESS}>:",
    "pt": f"Em ter., 3 de mar. de 2026 às 09:14, {NAME} <{ADDRESS}>\nescreveu:",
    "pt-pt": f"{NAME} <{ADDRESS}> escreveu (terça, 3/03/2026 à(s) 09:14):",
}
OUTLOOK = {
    "en": ("From", "Sent", "To", "Subject", "Tuesday, March 3, 2026 9:14 AM"),
    "de": ("Von", "Gesendet", "An", "Betreff", "Dienstag, 3. März 2026 09:14"),
    "fr": ("De", "Envoyé", "À", "Objet", "mardi 3 mars 2026 09:14"),
    "es": ("De", "Enviado el", "Para", "Asunto", "martes, 3 de marzo de 2026 9:14"),
    "it": ("Da", "Inviato", "A", "Oggetto", "martedì 3 marzo 2026 09:14"),
    "nl": ("Van", "Verzonden", "Aan", "Onderwerp", "dinsdag 3 maart 2026 09:14"),
    "pt": ("De", "Enviado", "Para", "Assunto", "terça-feira, 3 de março de 2026 09:14"),
}
APPLE = {
    "en": f"On 3. Mar 2026, at 09:14, {NAME} <{ADDRESS}> wrote:",
    "de": f"Am 03.03.2026 um 09:14 schrieb {NAME} <{ADDRESS}>:",
    "fr": f"Le 3 mars 2026 à 09:14, {NAME} <{ADDRESS}> a écrit :",
    "es": f"El 3 mar 2026, a las 9:14, {NAME} <{ADDRESS}> escribió:",
    "it": f"Il giorno 3 mar 2026, alle ore 09:14, {NAME} <{ADDRESS}> ha scritto:",
    "nl": f"Op 3 mrt 2026, om 09:14 heeft {NAME} <{ADDRESS}> het volgende geschreven:",
    "pt": f"No dia 3 de mar. de 2026, às 09:14, {NAME} <{ADDRESS}> escreveu:",
}
IPHONE = {
    "en": "Sent from my iPhone", "de": "Von meinem iPhone gesendet", "fr": "Envoyé de mon iPhone",
    "es": "Enviado desde mi iPhone", "it": "Inviato da iPhone", "nl": "Verstuurd vanaf mijn iPhone",
    "pt": "Enviado do meu iPhone",
}  # fmt: skip
YAHOO = {
    "en": f"On Tuesday, March 3, 2026 at 09:14:03 AM GMT+1, {NAME} <{ADDRESS}> wrote:",
    "de": f"Am Dienstag, 3. März 2026 um 09:14:03 MEZ hat {NAME} <{ADDRESS}> Folgendes geschrieben:",
    "fr": f"Le mardi 3 mars 2026 à 09:14:03 UTC+1, {NAME} <{ADDRESS}> a écrit :",
}
PROGRAMS = [
    *(("gmail", language) for language in GMAIL),
    *(("outlook", language) for language in OUTLOOK),
    *(("outlook-web", language) for language in OUTLOOK),
    *(("apple", language) for language in APPLE),
    *(("iphone", language) for language in IPHONE),
    *(("yahoo", language) for language in YAHOO),
    ("thunderbird", "en"), ("thunderbird", "de"), ("proton", "en"), ("android", "en"),
]  # fmt: skip


@dataclass(frozen=True)
class Mail:
    """The mail that is answered."""

    message_id: str = "<0123.abcd@mail.cozy.example>"
    subject: str = "Your beans are here"
    text: str = "Dear Ann,\n\nwhere may we send them? Unsubscribe: https://cozy.example/u/TOKEN\n"
    reply_to: str = ADDRESS


def answer(
    program: str,
    language: str,
    words: str,
    to: Mail | None = None,
    *,
    sender: str = "Ann <ann@example.com>",
    message_id: str = "<reply-1@mua.example>",
    date: str = "Wed, 04 Mar 2026 09:00:00 +0100",
    threaded: bool = True,
    html_only: bool = False,
) -> bytes:
    """A reply as `program` writes it."""
    to = to or Mail()
    text, html = _BODIES[program](words, language, to)
    letter = EmailMessage(SMTP)
    letter["From"], letter["To"] = sender, to.reply_to
    prefix = {"de": "AW: ", "nl": "Antw: ", "es": "RV: "}.get(language, "Re: ")
    letter["Subject"] = (prefix if program.startswith("outlook") else "Re: ") + to.subject
    letter["Date"], letter["Message-ID"] = date, message_id
    if threaded:
        letter["In-Reply-To"], letter["References"] = to.message_id, to.message_id
    if html_only:
        letter.set_content(html, subtype="html")
    else:
        letter.set_content(text)
        if html:
            letter.add_alternative(html, subtype="html")
    return letter.as_bytes()


def _quoted(text: str) -> str:
    return "".join(f"> {line}\n" if line else ">\n" for line in text.splitlines())


def _lines(words: str) -> str:
    return "".join(f"<div>{escape(line) or '<br>'}</div>" for line in words.splitlines())


def _gmail(words: str, language: str, to: Mail) -> tuple[str, str]:
    intro = GMAIL[language]
    html = (
        f'<div dir="ltr">{_lines(words)}</div><br><div class="gmail_quote gmail_quote_container">'
        f'<div dir="ltr" class="gmail_attr">{escape(intro)}<br></div><blockquote class="gmail_quote"'
        f' style="margin:0px 0px 0px 0.8ex">{_lines(to.text)}</blockquote></div>'
    )
    return f"{words}\n\n{intro}\n\n{_quoted(to.text)}", html


def _head(language: str, to: Mail, bold: str = "{}") -> list[str]:
    sender, sent, whom, subject, date = OUTLOOK[language]
    values = (f"{NAME} <{ADDRESS}>", date, "Ann <ann@example.com>", to.subject)
    names = (sender, sent, whom, subject)
    return [f"{bold.format(name + ':')} {value}" for name, value in zip(names, values, strict=True)]


def _outlook(words: str, language: str, to: Mail) -> tuple[str, str]:
    text = f"{words}\n\n" + "\n".join(_head(language, to)) + f"\n\n{to.text}"
    head = "<br>".join(escape(line) for line in _head(language, to))
    html = (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal'
        "{margin:0cm}</style></head><body><div class=WordSection1>"
        + "".join(
            f"<p class=MsoNormal>{escape(line)}<o:p></o:p></p>" for line in words.splitlines()
        )
        + "<div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'>"
        f"<p class=MsoNormal>{head}</p></div>"
        + "".join(f"<p class=MsoNormal>{escape(line)}</p>" for line in to.text.splitlines())
        + "</div></body></html>"
    )
    return text, html


def _outlook_web(words: str, language: str, to: Mail) -> tuple[str, str]:
    line = "_" * 32
    text = f"{words}\n{line}\n" + "\n".join(_head(language, to)) + f"\n\n{to.text}"
    head = "<br>".join(_head(language, to, "<b>{}</b>")).replace(
        f"<{ADDRESS}>", f"&lt;{ADDRESS}&gt;"
    )
    html = (
        f'<html><body><div class="elementToProof">{_lines(words)}</div><div id="appendonsend"></div>'
        f'<hr style="display:inline-block;width:98%"><div id="divRplyFwdMsg" dir="ltr">{head}</div>'
        f"<div>{_lines(to.text)}</div></body></html>"
    )
    return text, html


def _apple(words: str, language: str, to: Mail) -> tuple[str, str]:
    intro = APPLE[language]
    html = (
        f'<html><head></head><body style="overflow-wrap: break-word;">{_lines(words)}<br><div><br>'
        f'<blockquote type="cite"><div>{escape(intro)}</div><br><div>{_lines(to.text)}</div>'
        "</blockquote></div><br></body></html>"
    )
    return f"{words}\n\n> {intro}\n> \n{_quoted(to.text)}", html


def _iphone(words: str, language: str, to: Mail) -> tuple[str, str]:
    intro, sent = APPLE[language], IPHONE[language]
    html = (
        f'<html><body dir="auto">{_lines(words)}<br id="lineBreakAtBeginningOfSignature"><div dir="ltr">'
        f'{sent}</div><div dir="ltr"><br><blockquote type="cite">{escape(intro)}<br><br></blockquote></div>'
        f'<blockquote type="cite"><div dir="ltr">{_lines(to.text)}</div></blockquote></body></html>'
    )
    return f"{words}\n\n{sent}\n\n> {intro}\n> \n> \ufeff\n{_quoted(to.text)}", html


def _yahoo(words: str, language: str, to: Mail) -> tuple[str, str]:
    intro = YAHOO[language]
    html = (
        f'<html><body><div class="ydp1234yahoo-style-wrap">{_lines(words)}</div>'
        f'<div id="ydp99yahoo_quoted_1" class="ydp99yahoo_quoted"><div><div>{escape(intro)}</div>'
        f"<div>{_lines(to.text)}</div></div></div></body></html>"
    )
    body = "".join(f"  {line}\n" for line in to.text.splitlines())
    return f" {words}\n\n    {intro}  \n \n{body}", html


def _thunderbird(words: str, language: str, to: Mail) -> tuple[str, str]:
    intro = {
        "en": f"On 3/3/26 09:14, {NAME} wrote:", "de": f"Am 03.03.26 um 09:14 schrieb {NAME}:"
    }[language]  # fmt: skip
    return f"{words}\n\n{intro}\n{_quoted(to.text)}\n-- \nAnn Example\nExample Ltd.\n", ""


def _proton(words: str, language: str, to: Mail) -> tuple[str, str]:
    intro = f"On Tuesday, March 3rd, 2026 at 9:14 AM, {NAME} <{ADDRESS}> wrote:"
    html = (
        f'<div style="font-family: Arial">{_lines(words)}</div><div class="protonmail_signature_block">'
        '<div class="protonmail_signature_block-proton">Sent with <a href="https://proton.me">Proton Mail'
        f'</a> secure email.</div></div><div class="protonmail_quote">{escape(intro)}<br><blockquote '
        f'class="protonmail_quote" type="cite">{_lines(to.text)}</blockquote></div>'
    )
    text = f"{words}\n\nSent with Proton Mail secure email.\n\n{intro}\n\n{_quoted(to.text)}"
    return text, html


def _android(words: str, language: str, to: Mail) -> tuple[str, str]:
    head = (
        "-------- Original message --------\n"
        f"From: {NAME} <{ADDRESS}>\nDate: 3/3/26 09:14 (GMT+01:00)\nTo: ann@example.com\n"
        f"Subject: {to.subject}\n"
    )
    return f"{words}\n\nSent from my Galaxy\n\n{head}\n{to.text}", ""


_BODIES = {
    "gmail": _gmail, "outlook": _outlook, "outlook-web": _outlook_web, "apple": _apple,
    "iphone": _iphone, "yahoo": _yahoo, "thunderbird": _thunderbird, "proton": _proton,
    "android": _android,
}  # fmt: skip
