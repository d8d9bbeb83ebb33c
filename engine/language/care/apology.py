"""An apology names what went wrong, says whose doing it was, and says what is done about it. It does not
argue, and it does not sell.

What makes one whole is looked for, not what makes one bad: only where nothing of it is found is there a
doubt. The parts are those on which the research of apologies agrees (Lewicki, Polin and Lount, 2016).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.domain.journey import Class
from engine.language.care.doubt import Doubt, Sample
from engine.language.care.words import Words

if TYPE_CHECKING:
    from spacy.tokens import Span

PHRASES = {
    "sorry": """
        sorry
        apologise/apologize/apologising/apologizing
        apology/apologies
        forgive us/me
        regret the/that/this/our/any
    """,
    "sorry in passing": """
        sorry to see/bother/trouble/interrupt/ask/miss/hear
        sorry for your loss
        sorry for the/this wait/interruption (in) (your) (inbox)
        safe .. sorry
        no apology/apologies
        not sorry
        never sorry
        feel/feels/be/been/is/are sorry for
        no need to apologise/apologize
    """,
    "what went wrong": """
        late/later/lateness/delay/delays/delayed/overdue/waited/waiting
        lost/missing/mislaid/misplaced/vanished/disappeared
        broken/broke/breaking/cracked/damaged/leaked/leaking/spilled/spilt/crushed/smashed/faulty/defective/dented
        wrong/incorrect/incorrectly/wrongly/twice/double/duplicate
        did/do/does/was/were/has/have/had/could/would/is/are not/n't
        never/nobody/neither
        failed/fails/failure/crashed/outage/down/offline/bug/cancelled/canceled/stopped/unavailable/unreachable
        forgot/forgotten/missed/overlooked/ignored/mixed/swapped/overcharged/charged/billed
        cold/stale/burnt/burned/mouldy/moldy/bitter/sour/spoiled/expired/empty/short/dirty/rude/unfriendly
        bad/poor/worse/worst cup/coffee/bag/batch/service/visit/taste/answer/experience
        should (not/n't) have
        (a) mistake/error in/with/on
        too long/late/much/many/early/little/few/hot
        hours/days/weeks without
        leak/breach/exposed/stolen
        sold out
        out of stock
        let you down
        kept you/her/him/them (waiting)
        unanswered
        chipped/bent/torn/scratched/stained/ripped/loose/rattled/jammed
    """,
    "our doing": """
        our/my (own) fault/mistake/error/oversight/failure/failing/doing/responsibility/blame/negligence/carelessness/slip
        fault/mistake/error/oversight/blame/responsibility was/is/lies/lay/rests (entirely/solely) (with) ours/mine/us/me
        (that/this/it) 's/is/was (all/entirely/completely) on us/me
        (was/is/are) ours/mine
        ours and not/no
        we/i (have) .. made a/this/that/the/an (big/stupid/serious/bad/real/second) mistake/error
        a mistake/error we/i made
        we/i 'm/'re/am/are (entirely/solely/fully) to blame
        we/i (fully) take/accept/bear (the/full/all) responsibility/blame
        responsibility/blame for it/this/that
        we/i 'm/am/'re/are (fully/entirely) responsible
        we/i (simply/just/also/really/then/have/had/should/'ve) missed/forgot/forgotten/lost/broke/failed/overlooked/mixed/sent/packed/charged/overcharged/billed/printed/misread/shipped/delivered/mislaid/ignored/messed/botched/booked/gave/let/kept/got/overbooked/underestimated/ran/burnt/burned/made/wrote/put/left/dropped/swapped/cancelled/canceled/labelled/labeled/listed/promised/told/took/switched/deleted/exposed/entered/used/set/roasted/ground/served/spilled
        we/i (have/had) .. (been) (too) late/slow/careless/wrong/rude
        we/i did/could/do/would/should/have/had/were/was/are/am not/n't
        we/i should/could/ought
        we/i owe you (an) (explanation/apology/better)
        let you down
        one/some of us
        (a/one) (colleague/member) of ours/mine/our
        our/my (own) (driver/baker/barista/roaster/packer/team/system/server/kitchen/till/machine/website/software/printer/staff/colleague/courier/warehouse) (had/has) (was) missed/forgot/lost/broke/failed/mixed/sent/packed/charged/overlooked/was/were/did/crashed/made/went/had/left/took
        not your fault/mistake/doing
        nothing (that) you did (wrong)
        kept you waiting
        wrong of us/me
        down to us/me
        we/i got (it/this/that) .. wrong
        because we/i
        us/me to put right
        happened here
        on our (side/end/part/watch)
        by us
        (is/was) our (parcel/problem/job) (to)
    """,
    "making good": """
        refund/refunds/refunded/refunding/reimburse/reimbursed/repay/repaid
        replace/replaced/replacing/replacement/replacements
        new/fresh/second/another/right/correct/same one/bag/bags/parcel/order/cup/mug/box/copy/invoice/appointment/grinder/machine/card/code/link/date/time/coffee/pair/lid/filter/beans/bottle/key/label/receipt
        money/payment/deposit/amount/fee .. back
        get/have/take/want your money back
        credit/credited/crediting/compensation/compensate/voucher
        on its/their/the/her/his way
        sent/send/sends/sending/shipped/ship/ships/leaves/left/posted/post/bring/brought/collect/redeliver/deliver .. (you) (today/tomorrow/again/out/this/on/by/overnight/express/it/one/them)
        fix/fixed/fixing/fixes/repair/repaired/repairing/mended/mend/corrected/correct/restored/restore/resolved/recovered/rebuilt/rewritten/retrained/changed/removed/deleted/cancelled/canceled/reversed/undone/returned/waived/waive/reopened/replaced/updated/tested
        free of charge
        at our (own) cost/expense
        costs/cost you nothing
        (will) not/n't be charged
        with no charge
        on the house
        make/made/put/set (it/this/things/that) right/good
        (will/to/'ll) call/phone/ring/visit you
        back to normal
        up and running
        working again
        back online/up
        (has/have) (now) (been) put right
        from now on
        so that it/this (does/will/can) not/n't/never
        (will/does/can) not/n't happen again
        next time (we/it/you)
        keep (the) both/it/them/that/those/other/old/wrong
        tell me/us what/which/how/whether/if
        choose/pick/name (any/a/another/which)
        answer/reply/write with/to/and/back
        you/yours (will/'ll) (now) (have/get/receive/hear/hold/find)
        by/before tomorrow/tonight/noon/friday/monday/tuesday/wednesday/thursday/saturday/sunday
        extended/extend (your/the/it)
        took/taken/take it off/out
        we/i (now/have/'ve/will) (now) (also/since/already) added/hired/double/checked/check/asked/ordered/moved/booked/put/paid/pay/set/stopped/talked/spoken
    """,
    "arguing": """
        any inconvenience/inconveniences
        inconvenience (this/that/which) (this) may/might
        inconvenience (that) (it/this) may/might/caused
        if you felt/feel/were/are/have/had/found/experienced
        if (any/some/this/that/our/we/it/anything/anyone/something) .. (has/have/was/were/may) (have) (been) (caused/offended/upset/disappointed/affected/hurt)
        sorry (that) you feel/felt/think/thought
        sorry if
        apologise/apologize if
        apologies if
        please understand
        hope (that) you understand/can/will (understand)
        (for/appreciate) your understanding
        beyond/outside (of) our control
        out of our hands/control
        these/such/those things (can/do/will/sometimes) happen
        it/this/that/mistakes happens/happen
        can/could happen to anyone/everyone/anybody
        happens to the best
        not (really/entirely/actually/strictly) our/my fault/mistake/doing/responsibility
        responsibility/fault/mistake of the/our/your carrier/courier/supplier/post/provider/weather/partner/bank/manufacturer
        carrier/courier/supplier/provider/post/bank/manufacturer 's fault/mistake/responsibility
        carrier/courier/supplier/provider/manufacturer/post is/was/are/were (entirely/solely) (to) responsible/blame
        as (is/was) (clearly) stated/explained/written/mentioned in/on (our/the)
        strictly/technically speaking
        to be fair
        in our defence/defense
        (a) misunderstanding
        you should (have)/really (have)
        you could have
        had you
        most (of) (our) customers/people (do) (are/have/like/love)
        nobody else/other (has)
        (a/the/this/any) minor/small/slight/little delay/issue/hiccup/problem/mistake/inconvenience/mishap/error/glitch/bump
        unfortunately (these/this/such/that) (things/is/can)
        we (have/'ve) (always) done everything/nothing (we/wrong)
        (that) you perceived/perceive
        perceived
        for whatever/what (it) (is) reason/worth
    """,
    "an offer": """
        # (%)/percent % (off/discount/reduction)
        # %/percent off/discount/reduction
        # % (off)
        discount/discounts/discounted
        special/exclusive/limited/great/new/latest offer/offers/deal/deals
        coupon/coupons
        promo/discount/voucher code
        (our/the/a/summer/winter/spring/autumn) sale
        (shop/buy/order) now
        off your/any/the/all/every next/order/purchase/bag/bags/orders/thing/everything
        check/try/discover/explore (out) our/the new/latest
        (why) not try our/the
        while you 're/are here
        bestseller/bestsellers
        treat yourself
        upgrade to
    """,
}
_BUT = frozenset({"but", "however", "although", "though", "yet", "nevertheless", "nonetheless"})


def doubts(sample: Sample, words: Words) -> Iterator[Doubt]:
    """What is doubtful about an apology; nothing for any other mail."""
    sorry = _sorry(sample, words)
    if sorry is None:
        return
    where, quote = words.where(sorry), sorry.text
    if not words.all("what went wrong"):
        yield Doubt(
            "T511",
            "this apology does not say what went wrong for the reader",
            "name it in plain words: which order, what happened, how late",
            quote,
            where,
            whole=True,
        )
    if not words.all("our doing"):
        yield Doubt(
            "T512",
            "this apology does not say that it was your doing",
            "say it once and plainly, like `that was our mistake`, also where a carrier was part of it",
            quote,
            where,
            whole=True,
        )
    if not _making_good(words):
        yield Doubt(
            "T513",
            "this apology does not say what is done about it",
            "say what you have done, and what the reader can choose: a new one, or the money back",
            quote,
            where,
            whole=True,
        )
    yield from _arguing(words)
    yield from _selling(sample, words)


def is_one(sample: Sample, words: Words) -> bool:
    """Whether the mail is an apology."""
    return _sorry(sample, words) is not None


def _sorry(sample: Sample, words: Words) -> Span | None:
    """Where a mail says sorry, if that is its matter: in the head, in the first half, or twice."""
    passing = [(span.start, span.end) for span in words.all("sorry in passing")]
    said = [
        span
        for span in words.all("sorry")
        if not any(start <= span.start < end for start, end in passing) and not words.denied(span)
    ]
    if not said:
        return None
    if len(said) > 1 or words.where(said[0]) != "body":
        return said[0]
    if sample.klass is Class.MARKETING:
        return said[0] if words.all("our doing") and words.all("what went wrong") else None
    body = [sentence for sentence in words.sentences() if len(sentence) > 3]
    first_half = body[: max(3, (len(body) + 1) // 2)]
    return said[0] if any(said[0].start in range(s.start, s.end) for s in first_half) else None


def _making_good(words: Words) -> bool:
    """Whether something is done, beside asking for patience."""
    return any(not words.denied(span) or "not" in span.text for span in words.all("making good"))


def _arguing(words: Words) -> Iterator[Doubt]:
    span = next(iter(words.all("arguing")), None) or _but(words)
    if span is not None:
        yield Doubt(
            "T508",
            f"`{span.text}` takes the apology back",
            "name what went wrong, say that it was you, and what you do about it",
            span.text,
            words.where(span),
        )


def _but(words: Words) -> Span | None:
    """The `but` behind a sorry, in its sentence or at the head of the next one."""
    for sorry in words.all("sorry"):
        sentence = sorry.sent
        for token in words.doc[sorry.end : sentence.end]:
            if token.text in ":;":
                break
            if token.lower_ in _BUT:
                return words.doc[sorry.start : token.i + 1]
        following = words.doc[sentence.end : sentence.end + 1]
        if following and following[0].lower_ in _BUT:
            return following
    return None


def _selling(sample: Sample, words: Words) -> Iterator[Doubt]:
    if sample.klass is not Class.MARKETING and sample.sells:
        return  # the block in it is told already: T501
    span = words.first("an offer")
    if span is None and not sample.sells:
        return
    yield Doubt(
        "T514",
        f"`{span.text}` sells in an apology" if span else "an apology holds an offer",
        "take it out; make good what went wrong, and offer something another day",
        span.text if span else "",
        words.where(span) if span else "body",
        severity="error",
        whole=True,
    )
