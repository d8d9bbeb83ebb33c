"""`/p/TOKEN`: what a person hears about, how often, and in which words. A GET shows it and changes
nothing; a POST keeps the choice, or sends the link to their own data."""

from __future__ import annotations

from datetime import datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from engine.adapters.page_words import Words
from engine.application.ports.past_mails import PastMail
from engine.application.preferences import Choice, choose, wished_now
from engine.domain.calendar import add, period
from engine.domain.duration import Duration
from engine.web.chooser import WEEKS, Chooser
from engine.web.doors import Doors, proof_of
from engine.web.forms import read_form
from engine.web.page import page

_TOPIC, _THEME = "topic.", "theme."
_KEEP, _DATA = "keep", "data"
"""One of them stands in every form of ours: a body without chose nothing, not even nothing."""


class ChoosePage:
    """The page and what it does."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors

    async def answer(self, request: Request) -> Response:
        """A POST keeps the choice, all else shows the present one."""
        form = await read_form(request) if request.method == "POST" else {}
        doors = self._doors
        mail = await doors.mail("p", request)
        if mail is None or mail.erased:
            return doors.nobody(request, mail)
        words = doors.words(request, mail)
        if _KEEP in form:
            shown, now = Chooser(doors, mail, words), doors.now()
            proof = proof_of(request, words, shown.body())
            choice, offered = self._choice(form, mail, shown.language), doors.offered(mail)
            await run_in_threadpool(choose, mail, offered, choice, doors.intake, now, proof)
            mail = await doors.mail("p", request) or mail
            words = doors.words(request, mail)
            return self._shown(mail, words, "choose_saved")
        if _DATA in form and doors.data is not None:
            await run_in_threadpool(doors.data.links.ask, mail.send_id, doors.now())
            return self._shown(mail, words, "data_sent")
        return self._shown(mail, words, None, 200 if request.method != "POST" else 400)

    def _shown(self, mail: PastMail, words: Words, told: str | None, status: int = 200) -> Response:
        said = f'<p class="told" role="status">{words.html(told)}</p>\n' if told else ""
        body = said + Chooser(self._doors, mail, words).body()
        return page(self._doors.look, words.text("choose_title"), body, status, words=words)

    def _choice(self, form: dict[str, str], mail: PastMail, language: str) -> Choice:
        """What the form says. The `language` that was selected already is none that they chose."""
        doors = self._doors
        themes = {name for name in doors.pages.themes if _THEME + name in form}
        hidden = {theme for theme in wished_now(mail).skipped if theme not in doors.pages.themes}
        pace, said = form.get("pace"), form.get("language")
        return Choice(
            topics={name.removeprefix(_TOPIC) for name in form if name.startswith(_TOPIC)},
            less_often=pace == "less" if pace in ("less", "usual") else None,
            pause=self._pause(form.get("pause", ""), mail),
            skipped=themes | hidden if "themes" in form else None,
            moods="moods.yes" in form if "moods" in form else None,
            tracking={one: one in form for one in doors.tracks if "tracking" in form},
            language=said if said in doors.locales and said != language else None,
        )

    def _pause(self, said: str, mail: PastMail) -> datetime | bool | None:
        now, zone = self._doors.now(), mail.zone or self._doors.zone
        if said == "none":
            return False
        if said == "month":
            return period(now, "month", zone)[1]
        if said in {str(weeks) for weeks in WEEKS}:
            return add(now, Duration(days=7 * int(said)), zone)
        return None
