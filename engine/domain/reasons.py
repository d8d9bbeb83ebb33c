"""Why a mail was not sent: one closed list of stable strings (R3.10)."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

Kind = Literal["try again", "final", "needs attention"]


class Reason(StrEnum):
    """In the order of the gate (R3.9). `docs/reference/reasons.md` is generated from this class."""

    ENGINE_PAUSED = "engine_paused"
    JOURNEY_PAUSED = "journey_paused"
    JOURNEY_DRAFT = "journey_draft"
    NO_PERSON = "no_person"
    NO_ADDRESS = "no_address"
    ERASED = "erased"
    RUN_ENDED = "run_ended"
    GOAL_REACHED = "goal_reached"
    LEFT = "left"
    CONDITION = "condition"
    SUPPRESSED = "suppressed"
    CONSENT_UNKNOWN = "consent_unknown"
    CONSENT_PENDING = "consent_pending"
    UNSUBSCRIBED = "unsubscribed"
    THEME_SKIPPED = "theme_skipped"
    PAUSE_ASKED = "pause_asked"
    CONFIRMED = "confirmed"
    ASKED_TWICE = "asked_twice"
    HOLD_OUT = "hold_out"
    EXPIRED = "expired"
    HOLD_WHEN = "hold_when"
    OPEN_TICKET = "open_ticket"
    IN_CARE = "in_care"
    HELD_BY_JOURNEY = "held_by_journey"
    QUIET_HOURS = "quiet_hours"
    SEND_WINDOW = "send_window"
    HOLIDAY = "holiday"
    OVER_THE_CAP = "over_the_cap"
    LESS_OFTEN = "less_often"
    RESERVED = "reserved"
    DUPLICATE = "duplicate"
    APPROVAL = "approval"
    SHADOW = "shadow"
    RESTORED = "restored"
    PROVIDER_RATE = "provider_rate"
    PROVIDER_DOWN = "provider_down"
    SKIPPED_BY_MAIL = "skipped_by_mail"
    MISSING_VALUE = "missing_value"
    RENDER_FAILED = "render_failed"
    REFUSED = "refused"
    UNKNOWN = "unknown"

    @property
    def kind(self) -> Kind:
        """Whether it is tried again, final, or waits for somebody's attention."""
        return _EXPLAINED[self][0]

    @property
    def meaning(self) -> str:
        """One sentence for a marketer."""
        return _EXPLAINED[self][1]


_EXPLAINED: dict[Reason, tuple[Kind, str]] = {
    Reason.ENGINE_PAUSED: ("try again", "The engine is paused; timers run."),
    Reason.JOURNEY_PAUSED: ("try again", "The journey is paused; timers run."),
    Reason.JOURNEY_DRAFT: ("final", "The journey is a draft: it is for previews and tests only."),
    Reason.NO_PERSON: ("final", "There is no such person any more."),
    Reason.NO_ADDRESS: ("final", "The person has no valid mail address."),
    Reason.ERASED: ("final", "The person asked for erasure."),
    Reason.RUN_ENDED: ("final", "The person's run through the journey has ended."),
    Reason.GOAL_REACHED: ("final", "The goal of the journey was reached before the mail left."),
    Reason.LEFT: ("final", "The person left the journey before the mail left."),
    Reason.CONDITION: ("final", "A condition of the journey or the mail no longer holds."),
    Reason.SUPPRESSED: ("final", "The address is suppressed: it bounced, complained or was put there."),
    Reason.CONSENT_UNKNOWN: ("final", "There is no consent on file that is enough where the person lives."),
    Reason.CONSENT_PENDING: ("final", "The person has not confirmed the opt-in yet."),
    Reason.UNSUBSCRIBED: ("final", "The person unsubscribed from this kind of mail, or from all."),
    Reason.THEME_SKIPPED: ("final", "The person asked for no mails about this theme."),
    Reason.PAUSE_ASKED: ("try again", "The person asked for a pause; marketing waits."),
    Reason.CONFIRMED: ("final", "There is nothing to confirm: the person has agreed already."),
    Reason.ASKED_TWICE: ("final", "The person was asked to confirm, and reminded once in the first days; nobody is asked again."),
    Reason.HOLD_OUT: ("final", "The person is in the hold-out group; a ghost record shows what would have gone."),
    Reason.EXPIRED: ("final", "It was no longer worth sending: its expiry came first."),
    Reason.HOLD_WHEN: ("try again", "A hold of the policy applies, for example an upset person."),
    Reason.OPEN_TICKET: ("try again", "A complaint is not solved yet; promotions wait."),
    Reason.IN_CARE: ("try again", "Somebody of the team is to read first what the person wrote; marketing waits."),
    Reason.HELD_BY_JOURNEY: ("try again", "Another journey of the person holds this kind of mail."),
    Reason.QUIET_HOURS: ("try again", "It is night where the person lives."),
    Reason.SEND_WINDOW: ("try again", "It is outside the journey's send window."),
    Reason.HOLIDAY: ("try again", "It is a public holiday, and the category skips those."),
    Reason.OVER_THE_CAP: ("try again", "One more would break a frequency cap."),
    Reason.LESS_OFTEN: ("try again", "The person asked for fewer mails: one marketing mail in 7 days."),
    Reason.RESERVED: ("try again", "A more important mail is planned for later the same day."),
    Reason.DUPLICATE: ("final", "The same marketing mail went to this address within 18 hours."),
    Reason.APPROVAL: ("needs attention", "The mail waits for approval."),
    Reason.SHADOW: ("final", "The journey runs in shadow: it records what it would have sent."),
    Reason.RESTORED: ("final", "The database was restored from a backup; it may have left before that, so it is not sent again."),
    Reason.PROVIDER_RATE: ("try again", "The provider's rate is used up; it goes a little later."),
    Reason.PROVIDER_DOWN: ("try again", "The provider could not be reached, or did not let us in; it goes as soon as it does."),
    Reason.SKIPPED_BY_MAIL: ("final", "The mail itself said that it is not for this person."),
    Reason.MISSING_VALUE: ("needs attention", "A value is missing and the mail says no word instead of it."),
    Reason.RENDER_FAILED: ("needs attention", "The template failed for this person."),
    Reason.REFUSED: ("final", "The provider refused the mail before accepting it."),
    Reason.UNKNOWN: ("needs attention", "The provider did not answer; the mail may have left, so it is not sent twice."),
}  # fmt: skip
