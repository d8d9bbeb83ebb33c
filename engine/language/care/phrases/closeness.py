"""What tells people too much about themselves."""

from __future__ import annotations

PHRASES = {
    "fact: home": """
        you live/lived in/on/at/near
        living in/on/at/near
        close/near/around (to) your home/house/flat/apartment/street/address
        your home/house/flat/apartment in
        you ('ve/have) moved to
        neighbours/neighbors/people/others in your street/town/city
        in your city/town/village/district/street/neighbourhood/neighborhood
        at your address
        where you live
        in a/the house with
        you moved from/to
    """,
    "fact: birth": """
        your birthday/birthdate
        your # birthday
        your _ birthday
        you were born
        you turn/turned #
        you ARE turning #
        turning #
        at your age
        you ARE # years
        now that you ARE #
    """,
    "fact: looked at": """
        you (have/had/'ve/'d) (just/recently/also) looked/viewed/browsed/clicked/searched/hovered/scrolled/lingered/watched/downloaded/bookmarked
        you (have/'ve) (just/recently) been looking/browsing/viewing/reading/searching
        you opened
        you read OUR
        you (have/'ve) spent # minutes/hours/seconds
        you (have/'ve) spent .. on the/our page/site
        you (have/'ve) added .. cart/basket/wishlist
        you (have/'ve) left .. cart/basket
        your last/recent/latest search/searches/click/clicks
        your cart/basket/wishlist
    """,
    "fact: bought": """
        you (have/had/'ve/'d) (just/recently/already/always/last/usually/often/mostly) bought/ordered/purchased
        you (usually/always/often/mostly/normally) buy/order
        your usual/favourite/favorite/last/first/recent/latest/previous/regular order/bag/purchase/coffee/orders/bags/roast/blend
    """,
    "fact: how often": """
        you .. # times
        you .. every # days/weeks/months
        you .. every day/week/month/morning/monday/tuesday/wednesday/thursday/friday/saturday/sunday
        your _ order/bag/purchase with us
        # orders/bags/visits so
        # orders/bags/visits with/since/in
        you (have/'ve) spent $/€/£/eur/usd/gbp #
        you (have/'ve) spent # euros/dollars/pounds/eur/€
        a customer since
        with us since/for
    """,
    "fact: last seen": """
        # days/weeks/months since you/your
        you have/'ve n't/not been/ordered/bought/visited/opened/logged
        you last (_) visited/ordered/logged/bought/came/opened
        your last login/visit
        have n't seen you
    """,
    "fact: work": """
        you work/worked at/for/in/as
        your job/employer/boss/profession
        your job/work at/as
    """,
    "fact: people": """
        your (little/older/younger/new/own/two/three) KIN
        your girlfriend/boyfriend/dog/cat/kids/family
    """,
    "fact: owns": """
        you brew/grind/cook/drive/ride/own with/a/an/your
        you brew your/it
        your (_) machine/grinder/car/bike/phone/iphone/laptop/tablet/ipad
        you have/own a/an (_) (_) machine/grinder/car/bike/dog/cat
    """,
    "sensitive": """
        your (recent/new/early/own/current/ongoing/serious/upcoming) MALADY
        your (recent/new/own/upcoming/big) PASSAGE
        your (recent/new/own/growing) MONEY
        your (own) CREED
        your medical/heart/skin/mental/physical/thyroid/blood condition/health/history/record/records/problem/problems/issues/pressure/test/tests/results
        your health condition/problem/problems/issues/history/record/records/data/goals
        your (own) health
        your financial/money situation/trouble/troubles/problems/difficulties/worries
        your political/religious/sexual/ethnic views/beliefs/orientation/opinions/identity/background/preference/origin
        your due date
        your baby bump/shower
        second/first/third trimester
        you ARE fasting
        your surname/accent
        your (left/right/bad/deaf) ear/ears/hearing
        your mother/father/husband/wife/son/daughter has passed
        a bypass in
        baby/bump is/arrives/due/on
        as a/an (young/practising/practicing/devout/new/single/fellow/former/proud) BELONGING
        as a single/new/young/expectant/recent/expecting mother/father/mum/mom/dad/parent/widow/widower
        you ARE/have/'ve (been/now/recently/a/newly/currently/just) (been) PLIGHT
        you ARE expecting (a) (baby/twins)
        expecting a baby/child
        expecting twins
        you (have/'ve) (just/recently) lost your job/KIN
        since your (dear/beloved) KIN died/passed/left/'s
        death/passing/loss/birth of your (new/dear/late) KIN
        your KIN (has/have) (just) died/passed
        your late KIN
        your (new/newborn/unborn) baby
        sorry for/about your loss
        congratulations on/to/for your (recent/new/upcoming/little) baby/wedding/marriage/engagement/pregnancy/newborn/arrival/twins/birth/daughter/son
        happy/blessed ramadan/eid/hanukkah/passover/diwali
        now that you ARE/have/'ve divorced/single/married/pregnant/widowed/alone/unemployed
        now that money is
        when/while/as/because/since money is short/tight/scarce
        trying to conceive
        trying to lose weight
        struggling with (your) weight/money/debt/debts/anxiety/depression/addiction/alcohol/drinking/sleep/health/infertility/bills/rent
        your low/irregular/reduced/modest income
        your weight
        after your (_) operation/surgery/treatment/stroke/hospital
        your time/stay in (the) hospital
        your (last) hospital
        your doctor/oncologist/therapist/psychiatrist/gynaecologist
        your overdrawn/overdraft
        your blood sugar
        back from maternity/parental/sick
    """,
    "observed mood": """
        noticed/notice/detected/detects/sensed/senses/registered/recognised/recognized/observed/inferred/calculated/predicted (that) you ARE/have/'ve/feel/felt/seem/seemed/sound/sounded/may/might (been/be/a/to) (bit/little/be) (very/quite/so/rather/too/more) FEELING
        tells/told/shows/showed/suggests/indicates/says (us) (that) you ARE/feel/felt/seem/sound/may/might (be/been/a) (bit/little) (very/quite/so/rather/more/feeling) FEELING
        can/could see/tell/sense/hear (that) you ARE/feel/felt/seem/sound (a) (bit/little) (very/quite/so/rather) FEELING
        see/saw from your (last/recent) mail/message/review/mails/messages that you ARE/feel/felt (a) (bit/little) (very/quite/so/rather) FEELING
        you seem/seemed/sound/sounded/appear/appeared (to) (be/have) (a/been) (bit/little) (very/quite/so/rather/really/more) FEELING
        your mood
        your (current/overall/recent/customer/own) satisfaction/sentiment/happiness/emotion/loyalty/churn/engagement/risk/anger/frustration/lead/trust/mood SCORE
        your customer health/value SCORE
        your sentiment
        RATED you/your
        RATED your message/mail/review
        have/has/were/are been/ARE RATED
        ARE RATED as
        emotional profile
        churn risk/score/probability/model/prediction
        likely to churn
        risk of leaving/churning
        probability to/of leave/leaving/churn
        shows/show you as FEELING
        RATED you as
        our model
    """,
    "named stage": """
        as/are/were/became/become/remain/being (now/still/currently/one) (of) a/an/our (most/very) STAGE CUSTOMER
        STAGE CUSTOMER of category
        our STAGE CUSTOMER
        a/an STAGE CUSTOMER
        the/our (_) (_) segment of
        the/our _ segment
        in the/our segment
        segment of
        group of STAGE
        lifecycle stage
        customer stage
        marked/listed/filed as (a/an) STAGE
        at risk CUSTOMER
        your stage/segment
        your status ARE (now) STAGE
        to/into STAGE
        you ARE (now) STAGE
    """,
}
