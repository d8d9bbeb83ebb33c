"""What presses: false urgency, scarcity and fear, guilt."""

from __future__ import annotations

PHRASES = {
    "urgency": """
        last/final chance/chances/call
        final/last hours/reminder/opportunity
        act now/fast/today/quickly/immediately
        order/buy/shop/book/claim/grab/reserve/register now or/before/while
        now or never
        time is (almost/nearly) running out
        time 's running out
        time is (almost/nearly) up
        time 's (almost/nearly) up
        running out of time
        before it 's/is too late
        do n't/not wait/delay/hesitate
        limited time only/offer
        a limited time
        today/tonight only
        only today/tonight
        be quick/fast
        clock is ticking
        clock 's ticking
        ends/ending/expires/expiring soon
        ends in #
        only # hours/minutes LEFT
        # hours/minutes LEFT
        only # hours/minutes
        only hours LEFT
        hours LEFT
        while you (still) can
        right now (,) before
        in a few hours
        any second/minute now
        any second
        tick tock
        tick , tock
        stop reading
        quick !
        grab/claim it/yours/one before
        flash sale
        without delay
        every minute/second counts
    """,
    "hurry": """
        hurry
    """,
    "no hurry": """
        in a (_) hurry
        a/any/no/the/his/her/their/our/my/your/great/big hurry
        hurry for
    """,
    "scarcity": """
        only/just # (more/last) (_) (_) LEFT
        only/just # (more) STOCK
        only # of .. LEFT
        last # STOCK
        only/just a few/handful (more) (_) LEFT
        # people/customers/others are (currently/also/right) (now) looking/viewing/watching
        # people/customers/others have already
        almost/nearly gone/over
        almost/nearly/soon sold out
        before they 're/are (all) gone
        before it 's/is (all) gone
        once they 're/are gone
        once it 's/is gone
        gone for good/ever
        gone forever
        selling/going/flying (out) fast
        selling out
        will be snapped up
        snapped up before
        flying off
        while stocks/supplies/stock last/lasts
        limited stock/quantities/quantity/availability/supply/spots/places
        stock is (_) limited/low
        running low
        in high demand
        never come/coming/return/returning back/again
        never (be) seen/available again
        wo n't last/come
        will not last/come long/back
        disappear/disappears/disappearing forever/tonight
    """,
    "fear": """
        miss/missing/missed out
        do n't/not/never miss it/this/your/our/out
        afraid of missing
        you 'll/will/might/may/could/'d/would (really/later) regret
        do n't/not regret
        you 'll/will/could/may/might/would/'d (also) lose
        you 'll/will/could/may/might forfeit
        about to lose
        you ARE about to lose/miss
        do n't/not lose it/your/out
        avoid losing
        lose/losing (all) (of) your REWARDS
        lost forever
        will be (_) forfeited
        everyone/everybody else ARE/has
        left out
        left behind
        your neighbours/friends/neighbors/rivals/competitors already/have/are/upgraded/bought/signed/joined
        kick yourself
        the only one who
        slip/slips/slipping away
        about to vanish/disappear
        too late to
        can you (really) afford
        risk losing/missing
        what if/happens you (do) NOT
    """,
    "guilt": """
        WE ARE (so/very/really/truly/deeply/a) (bit/little) sad/hurt/heartbroken/devastated/crushed
        WE feel/felt (so/very/really/a) (bit/little) sad/hurt/heartbroken/disappointed/ignored/abandoned/neglected/rejected
        WE ARE (so/very/really/truly/a) (bit/little) disappointed (that) (in) you
        sad (that) you
        sad to see you
        sad without you
        makes/made US (so/very/really) sad/cry
        it hurts
        hurts/hurt US
        sorry to see you go/leave
        WE (really/do/have/'ve/already/all/so) (really) miss/missed you
        missing you
        have you forgotten (about) US
        did you forget (about) US
        you forgot/forget (about) US
        you (have/'ve) forgotten (about) US
        do/did you not like/love/want/care
        do n't you like/love/want/care
        not like/love us anymore/any
        was it something WE
        did WE do something (wrong)
        what did WE do
        break/breaks/broke/breaking our/my heart/hearts
        after everything/all (that) WE
        why did you leave/abandon/stop/unsubscribe/ignore/desert
        why have you left/abandoned/stopped/not/n't
        why have n't you
        abandoned/deserted/ghosted/dumped US
        left US (_) without
        you have/'ve n't/not even
        you did n't/not even
        you never (even) opened/answered/replied/wrote/came/thanked
        you have/'ve been ignoring
        are you ignoring/avoiding/ghosting
        ignoring/ignored our/my/us/me
        do n't/not leave/abandon/desert/forget us/me
        please do n't/not go
        give us/me another/one/a (more/second) chance
        WE thought (that) we/you were/had/loved/liked/cared
        WE (HAVE) counted on you
        WE are counting on you
        what she/he/they did wrong
        no (,) i 'm/am fine/ok/okay/happy
        NOT pretend that it does NOT hurt
        which is a pity after
        you/you'll feel bad/guilty
        let/letting US down
        our/my eyes
        left/leave/go/gone/went/vanished (us) without (even) a/one (single) word/goodbye
        without saying goodbye
        how could you
        the least you can/could
        no (,) thanks , i
        no (,) i (do) n't/not/prefer/hate
        lonely/empty without
        feels/feeling lonely/abandoned/unloved
        WE (have/'ve) noticed (that) you have/'ve n't/not
        mean nothing to you
        small/family business depends/relies/needs
    """,
}
