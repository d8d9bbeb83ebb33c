"""Pressure: noise, false urgency, guilt, and the fear of missing out or of losing something."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.language.care.doubt import Doubt, Sample, Where
from engine.language.care.words import Words, body_of

PHRASES = {
    "urgency": """
        last/final chance/chances/call/hours/reminder/opportunity/warning
        your last/final chance
        act now/fast/today/quickly/immediately/quick
        (order/buy/shop/book/claim/grab/get/reserve/register/join) (it/yours/one/them) now or/before/while/and
        now or never
        time is running/almost/nearly out/up
        time 's running out
        running out of time
        before it 's/is too late
        do n't/not wait/delay/hesitate
        do n't/not wait
        (for) (a) limited time (only/offer)
        (today/tonight/now) only
        only today/tonight
        be quick/fast
        quick ,/!
        the clock is ticking
        clock 's ticking
        ends/ending/expires/expiring soon
        ends in #
        only # hours/minutes/days (left/remaining/to)
        # hours/minutes/days (left/remaining) only
        last # hours/minutes
        (just/only) hours/minutes left/remaining
        while you (still) can
        right now ,/!
        (get/grab/claim) (it/yours) before
        without delay
        flash sale
        this is it
        immediately
    """,
    "hurry": "hurry (up)\nhurry ,/!",
    "a hurry": "a/any/no/the/his/her/their/our/my/your (big/great) hurry\nin a hurry\nhurry/hurries to/him/her",
    "scarcity": """
        only # (more/small/last) (_) (_) left/remaining/available
        only # (_) of .. (is/are) left/remaining
        only # left (of)
        only # spots/places/seats/tickets/bags/pieces/items/boxes/mugs/slots (_)
        only a few/handful (more) (_) left/remain/remaining
        just # (more) (_) (left/remaining)
        # (of) .. people/customers/others are/have (just/currently/also) looking/viewing/bought/watching
        (almost/nearly/soon) gone
        almost/nearly/soon sold out
        (before/once) they/it 're/'s/are/is (all) gone (for/forever)
        gone for good/ever
        gone forever
        selling/going/flying (out) fast/quickly/quick
        selling (out) (fast)
        flying off
        while stocks/supplies/stock last/lasts
        limited stock/quantities/quantity/availability/supply/spots/places
        stock is/are running/limited (low)
        running low
        in high demand
        never come/coming/return/returning (back/again)
        never (be) see/seen/available/again (again)
        wo n't come/last (back/long)
        will not come/last (back/long)
        disappear/disappears/disappearing (forever/soon/tonight)
    """,
    "fear": """
        do n't/not/never miss (out) (on) (it/this/out/your/the/our)
        miss/missing out
        missed out
        fear of missing
        (you) will/'ll/would/might/may/could/'d regret
        (do n't/not) (later/come) regret (it/this)
        you will/'ll/could/may/might (also) lose/forfeit
        (about) to lose
        you are/'re (about) (to) losing/lose/falling/missing
        do n't/not lose (it/your/out)
        avoid losing
        (lose/losing) (all) your points/discount/credit/place/spot/status/benefits/rewards
        will be (permanently/irrevocably) lost/forfeited/deleted/gone
        everyone/everybody else/is (is/has/already)
        left out
        (do n't/not) be/get left behind
        your neighbours/friends/neighbors (already/have/are)
        it 's/is (nearly/almost) too late
        what (if) happens/you if
        can you (really) afford
        risk losing/missing
        the only one/person (_) without
    """,
    "guilt": """
        we/i 'm/'re/am/are (so/very/really/a/truly/deeply) (bit/little) sad/hurt/heartbroken/disappointed/devastated/crushed (that/to/because/when/by/in) (you/see)
        we/i feel/felt (so/very/really/a/truly) (bit/little) sad/hurt/heartbroken/disappointed/ignored/abandoned/neglected/rejected
        sad (that/to) (see) you/your
        sad without you
        makes/made us/me (so/very/really) sad/cry
        it hurts/hurt (us/me) (that/when/to)
        (really) hurts us/me
        sorry to see you go/leave
        we/i (really/do/have/already/all/'ve) (really) miss/missed you
        miss/missing you (already/so/around/!)
        (have) (you) forgotten (about/all) us/me
        did you forget (about) us/me
        forget/forgot (about) us
        do n't/not/do you n't/not (like/love/want/care) us/me (any/anymore)
        do n't you like/love/want/care/need (us/me/about)
        was it something we/i said/did
        did we/i do something (wrong)
        what did we/i do (wrong)
        breaks/broke/breaking our/my hearts/heart
        after everything/all (that) we/i ('ve/have) (did/done/do)
        after all we/i
        (why) did you leave/abandon/stop/unsubscribe/ignore/desert
        why have you/n't (left/abandoned/stopped/been/you)
        left/abandoned/deserted/ghosted/dumped us/me
        you have/'ve n't/not even
        you did n't/not even
        you never (even) (opened/answered/replied/wrote/came/thanked)
        you have/'ve (been) ignored/ignoring
        are you ignoring/avoiding/ghosting
        still ignoring
        ignoring/ignored our/my/us/me
        do n't/not leave/abandon/desert/forget us/me
        please do n't/not go
        do n't go
        give us/me another/one/a (more/second) chance
        we/i thought (that) we/you were/had/loved/liked/cared
        we/i counted/rely/depend on you
        (feel/feeling) (bad/guilty) (about)
        let us/me/down down
        letting us/me down
        (we 're/are) crying
        tears in our/my eyes
        we/i (have/'ve) worked (so) hard (for) (on) (and)
        without (even) (a/saying) word/goodbye
        how could you
        selfish/heartless/ungrateful
        the least you (can/could)
        no (,) thanks (,) i
        no (,) i (do n't/not/prefer/hate) (like/want/to)
        your (empty) (inbox/cart/basket) (is) (feels/misses/lonely/sad)
        feels (so) lonely/empty/abandoned without
        lonely without
        we/i (have/'ve) noticed (that) you have/'ve n't/not (opened/ordered/bought/been/read/visited)
        do we/i mean (nothing/so)
    """,
}
_ADDRESS = re.compile(r"(?:https?://|www\.|mailto:|#)\S+")
_CAPITALS = re.compile(r"\b[A-Z]{2,}(?: +(?:[A-Z]{2,}|I|A)\b){2,}")
_LONG = re.compile(r"[A-Z]{4,}")
_LOUD = re.compile(
    r"(?<![\w/-])(?:FREE|SALE|NOW|NEW|HUGE|LAST|CHANCE|HURRY|ONLY|TODAY|TONIGHT|NEVER|NOT|MUST|BIG|BEST|"
    r"STOP|IMPORTANT|URGENT|PLEASE|EVERYTHING|EVERYONE|ENDS|SAVE|YOU|YOUR|ALWAYS|REALLY|VERY|"
    r"IMMEDIATELY|FINAL|LIMITED|TIME|OFFER|EXCLUSIVE|SPECIAL|HALF|PRICE|BUY|SHOP|ORDER|DEAL|DEALS|MISS|"
    r"AMAZING|INCREDIBLE|WARNING|ATTENTION|ALERT|SORRY|THANK|LOVE|BACK|FRESH|EVER|ALL|READ|"
    r"THIS|WAIT|WOW|OMG|GUARANTEED|BIGGEST|DOUBLE|LOWEST|WHOLE|ENTIRE|MORE|LESS|FINALLY)(?![\w/-])"
)


def noise(sample: Sample) -> Iterator[Doubt]:
    """Exclamation marks and capitals, in any language that has them."""
    parts: list[tuple[Where, str]] = [
        ("subject", sample.subject),
        ("preheader", sample.preheader),
        ("body", body_of(sample)),
    ]
    parts = [(where, _ADDRESS.sub("", text)) for where, text in parts]
    yield from _exclamations(parts)
    yield from _shouting(parts, sample)


def _exclamations(parts: list[tuple[Where, str]]) -> Iterator[Doubt]:
    found = [
        (where, line[: mark.end()])
        for where, text in parts
        for line in text.split("\n")
        for mark in re.finditer("!", line)
    ]
    if len(found) > 1:
        where, until = found[1]
        yield Doubt(
            "T504",
            f"{len(found)} exclamation marks in one mail sound louder than they are meant",
            "keep one at most",
            until[-30:].lstrip(),
            where,
            whole=True,
        )


def _shouting(parts: list[tuple[Where, str]], sample: Sample) -> Iterator[Doubt]:
    """A row of words in capitals, or one that is written so for emphasis."""
    for where, text in parts:
        text = re.sub(r"\[[^\]\n]*\]", "", text)  # descriptions of pictures
        for found in _CAPITALS.finditer(text):
            long, all_of_them = len(_LONG.findall(found.group())), len(found.group().split())
            if found.group() in sample.company.upper() and sample.company.isupper():
                continue
            if long >= 2 or (long and all_of_them > 3):
                yield _shout(found.group()[:40], where)
                return
        loud = _LOUD.search(text) if sample.english else None
        if loud and not text.isupper() and len(loud.group()) > 1:
            yield _shout(loud.group(), where)
            return


def _shout(words: str, where: Where) -> Doubt:
    help = "write it in small letters; if it matters, say why"
    return Doubt("T505", f"`{words}` shouts", help, words, where, whole=True)


def doubts(sample: Sample, words: Words) -> Iterator[Doubt]:
    """Urgency, scarcity, fear and guilt."""
    hasty = [span for span in words.all("a hurry")]
    urgent = words.first("urgency")
    if urgent is None:
        hurries = (span for span in words.all("hurry") if not words.denied(span))
        inside = ((span, any(h.start <= span.start < h.end for h in hasty)) for span in hurries)
        urgent = next((span for span, harmless in inside if not harmless), None)
    if urgent is not None:
        yield Doubt(
            "T507",
            f"`{urgent.text}` presses people",
            "say until when it holds, and let them decide",
            urgent.text,
            words.where(urgent),
        )
    fear = words.first("scarcity", "fear") or next(
        (span for span in words.all("fear") if span[0].lower_ in ("do", "don't", "never", "not")), None
    )
    if fear is not None and not (urgent is not None and fear.start == urgent.start):
        yield _afraid(fear.text, words.where(fear), sample)
    guilt = next(iter(words.all("guilt")), None)
    if guilt is not None:
        yield Doubt(
            "T509",
            f"`{guilt.text}` makes people feel guilty",
            "say what is in it for them, or say goodbye in good grace",
            guilt.text,
            words.where(guilt),
        )


def _afraid(quote: str, where: Where, sample: Sample) -> Doubt:
    """Mood design 5.5: never to people who are anxious or angry; to others it is only a doubt."""
    if sample.to_upset:
        return Doubt(
            "T515",
            f"`{quote}` frightens, and people who are anxious or angry can get this mail",
            "take it out, give them other words by `{% tone %}`, or keep them out by `hold_when`",
            quote,
            where,
            "error",
        )
    return Doubt(
        "T510",
        f"`{quote}` sells by the fear of missing something",
        "say what there is and until when, and leave the hurry out",
        quote,
        where,
    )
