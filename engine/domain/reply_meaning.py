"""What a reply is for: does its writer want to leave, or an answer? (R5.5, R6.4)

It looks at what somebody wrote themselves, sentence by sentence, by tables of words in seven languages
(`reply_words`). Nothing here says how anybody feels. A reply that speaks of leaving and does not plainly
ask for it is `unclear`: a person reads it, and until then nothing is advertised.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from engine.domain import reply_asking, reply_leaving
from engine.domain.reply_text import ANSWERS, bare, folded, is_courtesy, sentences

LONGEST = 4_000
"""Of a reply this many characters are looked at: who has something to ask says so before."""
SHORT = 80
"""In a reply of so many words leaving is its whole intent, wherever it is said."""
_BEGINNING = 3
_LONGEST_QUOTE = 200

Leaving = Literal["no", "unclear", "yes"]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a reply is for. `leaving` says whether its writer wants no more mail, in the sentence `said`
    (their own words); `asks` whether they want an answer, apart from that; `erases` whether everything
    about them shall be deleted."""

    leaving: Leaving = "no"
    said: str = ""
    asks: bool = False
    erases: bool = False


def meaning_of(words: str, subject: str = "") -> Meaning:
    """The meaning of what somebody wrote. `subject` counts where they wrote it themselves: some leave by a
    mail that says so there, and nothing else."""
    spoken = [one for one in sentences(words[:LONGEST]) if not is_courtesy(folded(one))]
    if not ANSWERS.match(subject) and reply_leaving.wish_of(bare(subject)) in ("plain", "whole"):
        spoken.insert(0, subject)
    short = sum(len(one.split()) for one in spoken) <= SHORT
    leaving, said, rest = _leaving(spoken, short)
    erases = leaving != "no" and any(reply_leaving.erases(bare(one)) for one in spoken)
    asks = any(reply_asking.asks(one) for one in rest)
    return Meaning(leaving, said[:_LONGEST_QUOTE], asks, erases)


def is_automatic(words: str) -> bool:
    """Whether a machine wrote this and no header said so: out of office, or a receipt (RFC 3834)."""
    return _AUTOMATIC.search(folded(words[:_HEAD])) is not None


def _leaving(spoken: Sequence[str], short: bool) -> tuple[Leaving, str, list[str]]:
    """How sure it is that somebody leaves, the sentence that says so, and all others."""
    wishes = [reply_leaving.wish_of(bare(sentence)) for sentence in spoken]
    alone = all(wish in ("plain", "whole", "unclear") for wish in wishes)
    sure = unclear = ""
    rest: list[str] = []
    for number, (sentence, wish) in enumerate(zip(spoken, wishes, strict=True)):
        if wish in ("none", "opposite"):
            rest.append(sentence)
        elif (wish == "plain" and (short or number < _BEGINNING)) or (wish == "whole" and alone):
            sure = sure or sentence
        else:
            unclear = unclear or sentence
    if sure and not any(reply_leaving.keeps_a_part(bare(one)) for one in spoken):
        return "yes", sure.strip(), rest
    if sure or unclear:
        return "unclear", (sure or unclear).strip(), rest
    return "no", "", rest


_HEAD = 400
_AUTOMATIC = re.compile(
    r"\b(?:i am|i'm|i will be|we are|he is|she is) (?:currently |now "
    r"|presently )?(?:out of (?:the )?office"
    r"|on (?:annual |parental |maternity |sick )?leave|on vacation|on holiday|away from (?:my"
    r"|the) (?:desk"
    r"|office|e-?mail)) (?:and|until|till|from|with|this|for|through|without|\(|$)"
    r"|\bthis is an? (?:automat\w+|auto-?)(?:ally generated)? ?(?:reply|response|message|e-?mail)"
    r"|\b(?:do not|please don't|don't) (?:reply|respond) to this (?:automated )?(?:e-?mail"
    r"|message|mail)\b"
    r"|\bthank you for (?:contacting|your (?:e-?mail|message|mail))\b.{0,80}\b(?:we have received"
    r"|has been received|we will get back|i am out|i'm out|i will reply|currently out|away until)"
    r"|\bich bin (?:bis|vom|derzeit|zurzeit|zur zeit|ab|aktuell"
    r"|im moment).{0,40}\b(?:nicht im (?:buro"
    r"|hause)|abwesend|im urlaub|nicht erreichbar)|\bdies ist eine automatis\w+"
    r"|\bautomatische (?:antwort|abwesenheit)|\breponse automatique\b|\brespuesta automatica\b"
    r"|\brisposta automatica\b|\bautomatisch antwoord\b|\bresposta automatica\b"
    r"|\bje suis (?:actuellement )?(?:absent\w*|en conges?|en vacances) (?:jusqu|du|et|de)"
    r"|\b(?:estare|estoy) (?:fuera de la oficina|de vacaciones) (?:hasta|del|desde|y)"
    r"|\bsono (?:assente|fuori (?:ufficio|sede)|in ferie) (?:fino|dal|e)"
    r"|\bik ben (?:momenteel )?(?:afwezig|niet aanwezig|met vakantie|op vakantie) (?:tot|van|en)"
    r"|\bestarei? (?:ausente|fora do escritorio|de ferias) (?:ate|de|e)"
)
