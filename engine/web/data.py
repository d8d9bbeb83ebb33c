"""`/d/TOKEN`: a person's own data, behind a link that was mailed to them and works for 7 days. A GET shows
what can be done; a POST downloads, asks once more, or deletes (R5.9; GDPR 15, 17 and 20)."""

from __future__ import annotations

from html import escape
from json import dumps

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from engine.adapters.page_words import Words
from engine.application.ports.data_links import DataLink
from engine.web.doors import Doors, OwnData, posting
from engine.web.forms import read_form
from engine.web.page import page, private_headers


class DataPage:
    """The page and what it does."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors

    async def answer(self, request: Request) -> Response:
        """Show, download, ask once more, or delete."""
        doors, own = self._doors, self._doors.data
        form = await read_form(request) if request.method == "POST" else {}
        token_id = doors.links.read("d", request.path_params["token"])
        link = await run_in_threadpool(own.links.find, token_id) if token_id and own else None
        mail = await run_in_threadpool(doors.past_mails.find, link.send_id) if link else None
        if own is None or link is None or mail is None:
            return doors.unknown(request)
        words = doors.words(request, mail)
        if not link.is_good(doors.now()):
            text = f"<p>{words.html('data_late')}</p>"
            return page(doors.look, words.text("late_title"), text, 410, words=words)
        return await self._act(form.get("do", ""), own, link, words)

    async def _act(self, what: str, own: OwnData, link: DataLink, words: Words) -> Response:
        if what == "erase-for-good":
            await run_in_threadpool(own.erase, link.person_id, self._doors.now())
            return self._page(words, "erased_title", f'<p role="status">{words.html("erased")}</p>')
        if what == "download":
            found = await run_in_threadpool(own.export, link.person_id, self._doors.now())
            headers = {
                **private_headers(),
                "Content-Disposition": 'attachment; filename="my-data.json"',
                "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
            }
            text = dumps(found, ensure_ascii=False, indent=2, default=str) + "\n"
            return Response(text, 200, headers, media_type="application/json")
        return self._sure(words) if what == "erase" else self._shown(words)

    def _shown(self, words: Words) -> Response:
        company = escape(self._doors.look.company)
        return self._page(
            words,
            "data_title",
            f"<p>{words.html('data_file', company=company)}</p>\n"
            f"{posting(words.html('data_button'), {'do': 'download'})}\n"
            f"<section><h2>{words.html('erase_title')}</h2>\n<p>{words.html('erase_note')}</p>\n"
            f"{posting(words.html('erase_button'), {'do': 'erase'}, quiet=True)}</section>",
        )

    def _sure(self, words: Words) -> Response:
        return self._page(
            words,
            "sure_title",
            f"<p>{words.html('sure')}</p>\n"
            f"{posting(words.html('sure_button'), {'do': 'erase-for-good'}, quiet=True)}\n"
            f"{posting(words.html('sure_back'), {})}",
        )

    def _page(self, words: Words, title: str, body: str) -> Response:
        return page(self._doors.look, words.text(title), body, words=words)
