"""What makes an apology, and what unmakes it."""

from __future__ import annotations

PHRASES = {
    "sorry": """
        sorry
        apologise/apologize/apologising/apologizing
        apology/apologies
        forgive US
        WE regret the/that/this/our/any/it
        with regret
        OUR regret
    """,
    "sorry in passing": """
        sorry to see/bother/trouble/interrupt/ask/miss/hear/say
        sorry for/about your loss
        sorry to tell
        safe than sorry
        no apology/apologies
        feel/feels/felt sorry for
        no need to apologise/apologize
    """,
    "what went wrong": """
        late/later/lateness/delay/delays/delayed/overdue/waited/waiting
        lost/missing/mislaid/misplaced/vanished/disappeared
        broken/broke/breaking/cracked/damaged/leaked/leaking/spilled/spilt/crushed/smashed/faulty/defective/dented
        wrong/incorrect/incorrectly/wrongly/twice/double/duplicate
        do/does/did/was/were/has/have/had/could/would/is/are/ca/wo NOT
        nobody/neither/unanswered
        failed/fails/failure/crashed/outage/down/offline/bug/cancelled/canceled/stopped/unavailable/unreachable
        forgot/forgotten/missed/overlooked/ignored/mixed/swapped/overcharged/charged/billed
        cold/stale/burnt/burned/mouldy/moldy/bitter/sour/spoiled/expired/empty/dirty/rude/unfriendly
        bad/poor cup/coffee/bag/batch/service/visit/taste/answer/experience
        should have
        should NOT have
        too long/late/much/many/early/little/few/hot
        hours/days/weeks without
        leak/breach/exposed/stolen
        sold out
        out of stock
        let you down
        kept you waiting
        chipped/bent/torn/scratched/stained/ripped/loose/rattled/jammed
    """,
    "our doing": """
        OUR (own) FAULT
        FAULT ARE (entirely/solely/all/only) ours/mine
        FAULT lies/lay/rests (entirely/solely) with US
        FAULT of ours/mine
        that/this/it ARE (all/entirely/completely) on US
        and/which that/it/is ARE on US
        that/this/it/which/both/mistake/fault ARE ours/mine
        ours and not
        WE (have/'ve) .. made a/an/this/that/the (_) FAULT
        FAULT WE made
        WE ARE (entirely/solely/fully) to blame
        WE (fully) take/accept/bear (the/full/all) responsibility/blame
        WE ARE (fully/entirely) responsible
        WE (have/'ve/had/simply/just/also/really/then/even) (simply/just/also/really/then/have) BUNGLED
        WE ARE (far/much) (too) late/slow/careless/wrong/rude
        WE did/could/do/would/should/have/had/were/was/are/am/ca/can NOT
        WE should/could/ought have/to
        WE owe you
        let you down
        one/some/somebody/someone of us
        a colleague/member of ours/mine
        OUR (_) (_) (has/have/had) missed/forgot/lost/broke/failed/mixed/packed/charged/overlooked/crashed/took
        OUR (_) driver/baker/barista/roaster/packer/team/system/server/kitchen/till/machine/website/software/printer/staff/shop/oven ARE/did/went/had/made/sent
        NOT your FAULT
        nothing you did
        kept you waiting
        wrong of US
        down to US
        WE got .. wrong
        because WE
        on OUR side/end/part/watch
    """,
    "making good": """
        refund/refunds/refunded/refunding/reimburse/reimbursed/repay/repaid
        replace/replaced/replacing/replacement/replacements
        new/fresh/second/another/right/correct/same THING
        money/payment/deposit/amount/fee (_) back
        your money back
        paid/pay/pays/paying back
        go/goes/went/gone/come/comes/came back to/on
        is/are/goes/went back on
        free for you
        set aside for you
        charge/charges (you) nothing
        credit/credited/crediting/compensation/compensate
        on its/their/the/her/his way
        sent/send/sends/sending/shipped/ship/ships/leaves/left/posted/post/bring/brought/collect/deliver .. today/tomorrow/again/overnight/express/morning/afternoon/tonight
        send/sent/sending/post/posted/bring you
        MENDED
        free of charge
        at our own cost/expense
        at our cost/expense
        costs/cost you nothing
        NOT be charged
        no charge
        on the house
        make/made/put/set it/this/things/that right/good
        will/'ll call/phone/ring/visit you
        back to normal
        up and running
        working again
        back online/up
        from now on
        NOT happen again
        tell US what/which/how/whether/if/when
        choose/pick/name any/a/another/which
        answer/reply to/with this/one
        you 'll/will (now) have/get/receive/find
        by/before tomorrow/tonight/noon/friday/monday/tuesday/wednesday/thursday/saturday/sunday
        take/took/taken (it/this/that) off your
        WE (have/'ve) (now/also/since/already) added/hired/doubled/checked/asked/moved/booked/put/paid/stopped/spoken/talked/taken/set
    """,
    "arguing": """
        any inconvenience/inconveniences/trouble
        inconvenience (that/this/it) may/might
        inconvenience caused
        if you felt/feel/were/experienced
        if any/some of you/our
        if this/that/our/we/it/anything/anyone .. caused/offended/upset/disappointed/affected/hurt/bothered
        sorry (that) you feel/felt/think/thought/found
        sorry/apologise/apologize/apologies if
        please understand
        hope (that) you/you'll understand
        hope (that) you can/will/'ll understand
        hope for/appreciate/for your (patience) (and) understanding
        beyond/outside (of) our control
        out of our hands/control
        things (can/do/will/sometimes) happen
        mistakes (can/do/will/sometimes) happen
        it/this/that/mistakes happens
        can/could happen to anyone/everyone/anybody
        happens to the best
        not (really/entirely/actually/strictly) OUR FAULT
        FAULT of the/our/your PARTNER
        PARTNER 's FAULT
        PARTNER ARE (entirely/solely) responsible/to
        stated/explained/written/mentioned in our
        as stated/explained/mentioned
        strictly/technically speaking
        to be fair
        in fairness
        having said that
        that being said
        vast majority
        nobody/no-one/noone can rule/guarantee
        even with the greatest/best
        ask you to consider
        ask (you) for your (patience) (and) understanding
        beyond anyone/anybody 's control
        in our defence/defense
        misunderstanding
        you should/could have read/checked/told/contacted/noticed/asked/known/seen/ordered/chosen/called
        had you
        most (of) (our) customers/people do/are/have/like/love
        nobody else
        no one else
        minor/small/slight/little delay/issue/hiccup/problem/mishap/glitch/bump/hitch
        slightly late/delayed
        WE (have/'ve) (always) done everything/nothing
        as you perceived
        perceived/alleged/supposed
        these things
        our (hard-working/busy) team/staff do/does/did/is/are/was/were (doing) (their/its) best
    """,
    "an advertisement": """
        # % off/cheaper
        #/% % off
        # percent off
        special/exclusive/limited/great/latest offer/offers/deal/deals
        on special
        shop/buy now
        check out our/the
        discover our
        why not try
        while you 're/are here
        treat yourself
        forget our/about/to .. sale/shop/museum/store/offer/offers
        sign up right now
    """,
    "an offer": """
        #/% % off/discount
        # % off/discount
        # percent off/discount
        discount/discounts/discounted
        special/exclusive/limited/great/latest offer/offers/deal/deals
        coupon/coupons
        promo/discount code
        our/summer/winter/spring/autumn sale
        shop/buy/order now
        # _ off your
        # instead of #
        # % cheaper
        half price
        on special
        money off
        off any/all/every/everything
        check out our/the
        discover our/the
        why not try
        while you 're/are here
        treat yourself
        bestseller/bestsellers
    """,
}
