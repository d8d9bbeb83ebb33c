"""`/h/TOKEN`: a team closes its task. A GET shows and changes nothing; a POST closes it (R2.7)."""

from __future__ import annotations

from html import escape

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from engine.application.ports.tasks import Task, Tasks
from engine.web.doors import Doors
from engine.web.forms import read_form
from engine.web.page import page

_LONGEST_NOTE = 2000


class TaskPage:
    """The page and what it does. It says why the task is there and nothing of the person: the briefing
    in the mail does, and links are forwarded."""

    def __init__(self, doors: Doors, tasks: Tasks) -> None:
        self._doors = doors
        self._tasks = tasks

    async def answer(self, request: Request) -> Response:
        """A POST closes, all else shows."""
        token_id = self._doors.links.read("h", request.path_params["token"])
        task = await run_in_threadpool(self._tasks.find, token_id) if token_id else None
        if task is None:
            return self._doors.unknown(request)
        return await (self._close(request, task) if request.method == "POST" else self._show(task))

    async def _show(self, task: Task) -> Response:
        if task.closed_at is not None:
            return self._closed()
        body = (
            f"<p>{escape(task.opened.because or 'Somebody waits for a person.')}</p>\n"
            '<form method="post"><p><label for="note">What came of it (if you like)</label>'
            f'<input class="line" id="note" name="note" maxlength="{_LONGEST_NOTE}"></p>\n'
            '<button type="submit">It is done</button></form>\n'
            '<p class="quiet">The journey of this person then goes on.</p>'
        )
        return page(self._doors.look, "Close this task?", body)

    async def _close(self, request: Request, task: Task) -> Response:
        """Close it. Answers the same however often it comes; the first note stays."""
        form = await read_form(request)
        note = form.get("note", "").strip()[:_LONGEST_NOTE]
        now = self._doors.now()
        await run_in_threadpool(self._tasks.close, task.opened.id, now, "the team", note)
        return self._closed()

    def _closed(self) -> Response:
        return page(self._doors.look, "The task is closed", "<p>Thank you.</p>")
