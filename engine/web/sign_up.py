"""`/s/NAME`: a sign-up form for everybody. A GET shows it, a POST takes the sign-up in.

A post from another web site is what a form on the shop's own pages does, so it is welcome: nothing can
come of one but a question to the mailbox that was typed in. Whatever the engine knows of that address,
the answer is the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from unicodedata import combining, normalize

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from engine.adapters.mail.addresses import LONGEST, NotAnAddress, mailbox, normal
from engine.adapters.page_words import Words, words_for
from engine.application.sign_up import SigningUp, Typed
from engine.domain.consent import Evidence
from engine.domain.countries import COUNTRIES
from engine.domain.forms import Form, Wording, wording_of
from engine.web.doors import Doors
from engine.web.forms import read_form
from engine.web.page import page

QUICKEST = 2
STALE = 24 * 60 * 60
"""Seconds between the page and its form: a machine is quicker, and who takes longer reads it once more."""

_TRAP = "website"
_LONGEST_NAME = 60
_LONGEST_AGENT = 500
_NO_NAME = re.compile(r"[\x00-\x1f\x7f<>{}@\\]|://|www\.|\.\w{2,}/", re.IGNORECASE)
"""What turns a name into somebody else's advertisement in the mail that asks."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A form in one language, as far as it is filled in."""

    form: Form
    language: str
    filled: Mapping[str, str]

    @property
    def words(self) -> Words:
        return words_for(self.language)

    @property
    def wording(self) -> Wording:
        return wording_of(self.form, self.language)


class SignUpPage:
    """The page and what it does."""

    def __init__(self, doors: Doors, signing_up: SigningUp) -> None:
        self._doors = doors
        self._signing_up = signing_up

    def route(self) -> Route:
        """Where the forms are."""
        return Route("/s/{name}", self.answer, methods=["GET", "POST"])

    async def answer(self, request: Request) -> Response:
        """A POST signs up, all else shows the form."""
        form = self._signing_up.forms.get(request.path_params["name"])
        if form is None:
            return self._doors.unknown(request)
        filled = await read_form(request) if request.method == "POST" else {}
        asked = filled.get("lang") or request.query_params.get("lang", "")
        sheet = _Sheet(form, _language(form, asked, request), filled)
        if request.method != "POST":
            return self._show(sheet)
        return await self._take(request, sheet)

    async def _take(self, request: Request, sheet: _Sheet) -> Response:
        form, filled = sheet.form, sheet.filled
        if filled.get(_TRAP):
            return self._thanks(sheet)
        if not self._in_time(sheet):
            return self._show(sheet, once_more=True)
        shown = await self._shown(sheet)
        if shown is None:
            return self._show(sheet, once_more=True)
        wrong: dict[str, str] = {}
        try:
            address = normal(filled.get("email", ""))
        except NotAnAddress:
            wrong["email"] = sheet.words.text("sign_no_address")
        values = {name: filled.get(name, "").strip() for name in form.fields}
        for name in ("first_name", "last_name"):
            value = values.get(name, "")
            if len(value) > _LONGEST_NAME or _NO_NAME.search(value):
                wrong[name] = sheet.words.text("sign_no_name")
        if values.get("country", "") not in COUNTRIES:
            values.pop("country", None)
        if wrong:
            return self._show(sheet, wrong=wrong)
        typed = Typed(address, mailbox(address), {n: v for n, v in values.items() if v})
        proof = self._proof(request, sheet)
        now = self._doors.now()
        await run_in_threadpool(self._signing_up.take, form, typed, shown, proof, now)
        return self._thanks(sheet)

    def _in_time(self, sheet: _Sheet) -> bool:
        """Whether there was time to read it, and not too much. A form on another web site says no time."""
        stamp = sheet.filled.get("stamp")
        if stamp is None:
            return True
        second = self._doors.links.second_of(sheet.form.name, stamp)
        age = self._doors.now().timestamp() - (second or 0)
        return QUICKEST <= age < STALE

    async def _shown(self, sheet: _Sheet) -> Wording | None:
        """The words that stood beside the button: those of today, or older ones that we know, where the
        form is a copy on another page."""
        digest = sheet.filled.get("wording", "")
        if digest == sheet.wording.hash:
            return sheet.wording
        found = await run_in_threadpool(self._signing_up.sign_ups.wording, digest)
        return found if found is not None and found.form == sheet.form.name else None

    def _proof(self, request: Request, sheet: _Sheet) -> Evidence:
        url = f"{self._doors.site}/s/{sheet.form.name}"
        if "stamp" not in sheet.filled:
            referrer = request.headers.get("referer", "")
            url = referrer if re.match(r"https?://[^/\s]", referrer) else ""
        return Evidence(
            url=url[:_LONGEST_AGENT],
            ip=request.client.host if request.client else "",
            user_agent=request.headers.get("user-agent", "")[:_LONGEST_AGENT],
        )

    # ── what is shown ─────────────────────────────────────────────────────────────────────────

    def _show(
        self, sheet: _Sheet, *, wrong: Mapping[str, str] | None = None, once_more: bool = False
    ) -> Response:
        words, wrong = sheet.words, wrong or {}
        said = f'<p role="alert">{words.html("sign_once_more")}</p>\n' if once_more else ""
        inside = _inside(sheet, wrong, 'class="line"', 'class="aside"')
        body = (
            f'{said}<form method="post">\n{_hidden("stamp", self._stamp(sheet))}\n'
            f"{inside}\n</form>\n"
            f'<p class="quiet">{words.html("sign_note")}</p>'
        )
        return self._page(
            sheet,
            sheet.form.title.get(sheet.language, words.text("sign_title")),
            body,
            422 if wrong or once_more else 200,
        )

    def _stamp(self, sheet: _Sheet) -> str:
        """A stamp of now; one that was only too quick stays, so that the second press is not."""
        links, name, now = self._doors.links, sheet.form.name, int(self._doors.now().timestamp())
        before = links.second_of(name, sheet.filled.get("stamp", ""))
        fresh = before is not None and 0 <= now - before < STALE
        return links.stamp(name, before if fresh and before is not None else now)

    def _thanks(self, sheet: _Sheet) -> Response:
        text = sheet.form.thanks.get(sheet.language, sheet.words.text("sign_done"))
        return self._page(
            sheet, sheet.words.text("sign_done_title"), f'<p role="status">{escape(text)}</p>', 200
        )

    def _page(self, sheet: _Sheet, title: str, body: str, status: int) -> Response:
        return page(
            self._doors.look,
            title,
            body,
            status,
            words=sheet.words,
            frames=sheet.form.frames,
        )


def snippet(form: Form, language: str, site: str) -> str:
    """The form as HTML for a page of the business itself: without script, styled by that page."""
    sheet = _Sheet(form, language, {})
    aside = 'style="position:absolute;left:-100vw" aria-hidden="true"'
    inside = _inside(sheet, {}, "", aside).replace("</label>", "</label><br>")
    return (
        f'<form action="{escape(site)}/s/{form.name}" method="post" accept-charset="utf-8">\n'
        f"{inside}\n</form>\n"
    )


def frame(form: Form, language: str, site: str) -> str:
    """The hosted page in a frame, tall enough to hold it on a phone: a frame hides that it scrolls."""
    tall = 40 + 6 * len(form.fields)
    title = escape(form.title.get(language, words_for(language).text("sign_title")))
    return (
        f'<iframe src="{escape(site)}/s/{form.name}?lang={language}" title="{title}"'
        f' style="width:100%;max-width:32rem;height:{tall}rem;border:0"></iframe>\n'
    )


def _inside(sheet: _Sheet, wrong: Mapping[str, str], line: str, aside: str) -> str:
    """Everything between the tags of the form."""
    words, fields = sheet.words, sheet.form.fields
    parts = [
        _hidden("wording", sheet.wording.hash),
        _hidden("lang", sheet.language),
        _field(
            sheet,
            "email",
            words.text("sign_email"),
            wrong,
            f'type="email" autocomplete="email" required {line}',
        ),
    ]
    if "first_name" in fields:
        kept = f'autocomplete="given-name" maxlength="{_LONGEST_NAME}" {line}'
        parts.append(_field(sheet, "first_name", words.text("sign_first_name"), wrong, kept))
    if "last_name" in fields:
        kept = f'autocomplete="family-name" maxlength="{_LONGEST_NAME}" {line}'
        parts.append(_field(sheet, "last_name", words.text("sign_last_name"), wrong, kept))
    if "country" in fields:
        parts.append(_countries(sheet, line))
    parts += [
        f'<p {aside}><label for="sign-up-{_TRAP}">{words.html("sign_trap")}</label>'
        f'<input id="sign-up-{_TRAP}" name="{_TRAP}" tabindex="-1" autocomplete="off"></p>',
        f"<p>{escape(sheet.wording.text)}</p>",
        f'<p><button type="submit">{words.html("sign_button")}</button></p>',
    ]
    return "\n".join(parts)


def _hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{name}" value="{escape(value)}">'


def _field(sheet: _Sheet, name: str, label: str, wrong: Mapping[str, str], kept: str) -> str:
    value = escape(sheet.filled.get(name, "")[:LONGEST])
    said, kept = "", kept.strip()
    if name in wrong:
        kept += f' aria-invalid="true" aria-describedby="sign-up-{name}-wrong"'
        said = f'<span id="sign-up-{name}-wrong" role="alert">{escape(wrong[name])}</span>'
    return (
        f'<p><label for="sign-up-{name}">{escape(label)}</label>'
        f'<input id="sign-up-{name}" name="{name}" value="{value}" {kept}>{said}</p>'
    )


def _countries(sheet: _Sheet, line: str) -> str:
    from babel import Locale

    names = Locale.parse(sheet.language).territories
    chosen = sheet.filled.get("country", "")
    options = "".join(
        f'<option value="{code}"{" selected" if code == chosen else ""}>{escape(name)}</option>'
        for name, code in sorted(
            ((names.get(code, code), code) for code in COUNTRIES), key=lambda one: _plain(one[0])
        )
    )
    return (
        f'<p><label for="sign-up-country">{sheet.words.html("sign_country")}</label>'
        f'<select id="sign-up-country" name="country" autocomplete="country" {line}>'
        f'<option value="">{sheet.words.html("sign_choose")}</option>{options}</select></p>'
    )


def _plain(name: str) -> str:
    """A name as it is sorted: without marks on its letters."""
    return "".join(letter for letter in normalize("NFKD", name) if not combining(letter)).lower()


def _language(form: Form, asked: str, request: Request) -> str:
    """What was asked for, else what the browser prefers, else the form's own."""
    told = request.headers.get("accept-language", "")[:200]
    for choice in (asked, *(part.partition(";")[0] for part in told.split(","))):
        spoken = choice.strip().lower().partition("-")[0]
        if spoken in form.languages:
            return spoken
    return form.languages[0]
