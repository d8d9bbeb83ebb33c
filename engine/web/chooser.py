"""The form of the preferences page, as things stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape

from engine.adapters.page_words import Words, words_for
from engine.application.ports.past_mails import PastMail
from engine.application.preferences import agreed_now, chosen_now, wished_now
from engine.domain.calendar import add, period
from engine.domain.consent import PROFILING
from engine.domain.duration import Duration
from engine.web.doors import Doors, called, posting, ways

WEEKS = (2, 4, 8, 12)
"""The lengths of a break that are offered."""


@dataclass(frozen=True, slots=True)
class Chooser:
    """Shows one person what they have chosen, and what they may."""

    doors: Doors
    mail: PastMail
    words: Words

    def body(self) -> str:
        """The form, their data, and the ways to other pages."""
        words = self.words
        parts = (
            self._topics(), self._pace(), self._pause(), self._themes(), self._language(),
            self._moods(), self._tracking(),
        )  # fmt: skip
        form = "\n".join(part for part in parts if part)
        return (
            f'<form method="post"><input type="hidden" name="keep" value="1">\n{form}\n'
            f'<button type="submit">{words.html("choose_button")}</button></form>\n'
            f'<p class="quiet">{words.html("choose_note")}</p>\n{self._data()}'
            + ways(self.doors, self.mail, words, "u", "w")
        )

    def _topics(self) -> str:
        now = chosen_now(self.mail, self.doors.offered(self.mail), self.doors.now())
        picks = [
            _check(f"topic.{topic}", self.doors.topic(topic, self.words), on) for topic, on in now
        ]
        return _group(self.words.html("choose_topics"), picks) if picks else ""

    def _pace(self) -> str:
        words, less = self.words, wished_now(self.mail).less_often
        picks = [
            _radio("pace", "usual", words.html("pace_usual"), not less),
            _radio("pace", "less", words.html("pace_less"), less),
        ]
        return _group(words.html("choose_pace"), picks)

    def _pause(self) -> str:
        words, now = self.words, self.doors.now()
        zone = self.mail.zone or self.doors.zone
        until = wished_now(self.mail).paused_until
        rests = until is not None and until > now
        picks = [_radio("pause", "none", words.html("pause_none"), not rests)]
        if until is not None and rests:
            kept = words.html("pause_kept", date=self._last_day(until))
            picks.append(_radio("pause", "kept", kept, True))
        month = self._last_day(period(now, "month", zone)[1])
        picks.append(_radio("pause", "month", words.html("pause_month", date=month), False))
        for weeks in WEEKS:
            end = self._last_day(add(now, Duration(days=7 * weeks), zone))
            said = words.html("pause_weeks", weeks=weeks, date=end)
            picks.append(_radio("pause", str(weeks), said, False))
        return _group(words.html("choose_pause"), picks)

    def _last_day(self, until: datetime) -> str:
        """The last day on which nothing comes, on one line."""
        day = self.doors.day(until - timedelta(microseconds=1), self.words, self.mail)
        return day.replace(" ", "\N{NO-BREAK SPACE}")

    def _themes(self) -> str:
        skipped = wished_now(self.mail).skipped
        picks = [
            _check(f"theme.{name}", called(named, name, self.words), name in skipped)
            for name, named in self.doors.pages.themes.items()
        ]
        if not picks:
            return ""
        picks.append('<input type="hidden" name="themes" value="1">')
        words = self.words
        return _group(words.html("choose_themes"), picks, words.html("themes_note"))

    def _language(self) -> str:
        if len(self.doors.locales) < 2:
            return ""
        mine = self.language
        options = "".join(
            f'<option value="{escape(locale)}"{" selected" if locale == mine else ""} '
            f'lang="{escape(locale)}">{escape(self.words.name_of(locale))}</option>'
            for locale in self.doors.locales
        )
        return (
            f'<fieldset><label class="title" for="language">'
            f"{self.words.html('choose_language')}</label>\n"
            f'<select id="language" name="language">{options}</select></fieldset>'
        )

    @property
    def language(self) -> str:
        """In which of the business's languages the person gets their mails."""
        said = (self.mail.locale or "").replace("_", "-")
        for locale in (said, said.partition("-")[0]):
            if locale in self.doors.locales:
                return locale
        near = [
            locale
            for locale in self.doors.locales
            if said and words_for(locale).language == words_for(said).language
        ]
        return (near or list(self.doors.locales))[0]

    def _moods(self) -> str:
        words = self.words
        pick = _check(
            "moods.yes", words.html("moods"), agreed_now(self.mail, PROFILING, self.doors.now())
        )
        hidden = '<input type="hidden" name="moods" value="1">'
        return _group(words.html("choose_moods"), [pick, hidden], words.html("moods_note"))

    def _tracking(self) -> str:
        words, now = self.words, self.doors.now()
        picks = [
            _check(purpose, words.html(purpose), agreed_now(self.mail, purpose, now))
            for purpose in self.doors.tracks
        ]
        if not picks:
            return ""
        picks.append('<input type="hidden" name="tracking" value="1">')
        return _group(words.html("choose_tracking"), picks, words.html("tracking_note"))

    def _data(self) -> str:
        if self.doors.data is None:
            return ""
        words = self.words
        return (
            f"<section><h2>{words.html('data_title')}</h2>\n"
            f"{posting(words.html('data_ask'), {'data': '1'}, quiet=True)}\n"
            f'<p class="quiet">{words.html("data_note")}</p></section>\n'
        )


def _group(title: str, picks: list[str], note: str = "") -> str:
    told = f'\n<p class="quiet">{note}</p>' if note else ""
    return f"<fieldset><legend>{title}</legend>\n" + "\n".join(picks) + f"{told}</fieldset>"


def _check(name: str, said: str, on: bool) -> str:
    return (
        f'<label class="pick"><input type="checkbox" name="{escape(name)}" value="1"'
        f"{' checked' if on else ''}> <span>{said}</span></label>"
    )


def _radio(name: str, value: str, said: str, on: bool) -> str:
    return (
        f'<label class="pick"><input type="radio" name="{name}" value="{value}"'
        f"{' checked' if on else ''}> <span>{said}</span></label>"
    )
