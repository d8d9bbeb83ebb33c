"""Alerts posted to an https address of the operator's: to nobody else, and not for long."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from engine.adapters.webhook import HttpsWebhook
from tests.standins.smtp import certificate

NOW = datetime(2026, 3, 4, 11, tzinfo=UTC)


@dataclass
class Chat:
    """A chat that takes posts over TLS and answers as it is told."""

    hook: HttpsWebhook
    answer: int = 200
    got: list[tuple[str, Any]] = field(default_factory=list)
    port: int = 0


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[Chat]:
    trust, trusts = certificate(tmp_path)
    chat = Chat(HttpsWebhook(trusts))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            chat.got.append((self.path, json.loads(body)))
            self.send_response(chat.answer)
            self.send_header("Location", f"https://localhost:{chat.port}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.socket = trust.wrap_socket(server.socket, server_side=True)
    chat.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield chat
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_words_arrive_as_json_and_the_answer_decides(chat: Chat) -> None:
    url = f"https://localhost:{chat.port}/hook?key=k"
    for status, outcome in ((204, "accepted"), (429, "later"), (503, "later"), (404, "refused")):
        chat.answer = status
        assert chat.hook.post(url, {"text": "Zu spät"}, NOW).outcome == outcome
    assert chat.got[0] == ("/hook?key=k", {"text": "Zu spät"})


def test_a_redirect_is_not_followed(chat: Chat) -> None:
    chat.answer = 307
    assert chat.hook.post(f"https://localhost:{chat.port}/hook", {}, NOW).outcome == "refused"
    assert [path for path, _ in chat.got] == ["/hook"]


def test_only_https_to_somebody_who_proves_who_they_are(chat: Chat) -> None:
    assert chat.hook.post(f"http://localhost:{chat.port}/", {}, NOW).outcome == "refused"
    stranger = HttpsWebhook().post(f"https://localhost:{chat.port}/", {}, NOW)
    assert (stranger.outcome, "SSLCertVerificationError" in stranger.detail) == ("later", True)
    assert chat.got == []
