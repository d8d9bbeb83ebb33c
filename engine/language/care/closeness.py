"""Too close: more of what is known about somebody than they would want to read, and what nobody wants to
read about themselves at all: a sensitive fact, a mood, a score, a stage (R6.6)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.domain.emotion import EMOTIONS, GROUPS
from engine.domain.journey import Class
from engine.language.care.doubt import Doubt, Sample
from engine.language.care.words import Words, body_of

if TYPE_CHECKING:
    from spacy.tokens import Span

MOST = 3
"""So many personal facts in one mail are still a conversation."""

_FEELINGS = "/".join((
    *EMOTIONS, *GROUPS, "unhappy", "annoyed", "stressed", "worried", "dissatisfied", "sad", "irritated",
    "impatient", "furious", "discontent", "nervous", "bored", "unsatisfied", "disengaged", "lonely",
))  # fmt: skip
PHRASES = {
    "fact: home": """
        you/who live/lives/living in/on/at/near
        (close/near/around) (to) your home/house/flat/apartment/street/neighbourhood/neighborhood/address
        your home/house/flat/apartment in
        here/there/over/down in (your) (town/city)
        moved to
        people/customers/neighbours/others in (your/the)
        your city/town/village/district/postcode
        weather/rain/snow/sun in
    """,
    "fact: birth": """
        your birthday/birthdate (is/on/in/was)
        you were born
        your (#) birthday
        you/you 're/are/turn/turned/turning (turning/now) # (years)
        turned/turning # (this/last/next/in/on)
        at your age
    """,
    "fact: looked at": """
        you (have/had/'ve/'d) (just/recently/already/only) looked/viewed/browsed/visited/clicked/opened/searched/hovered/scrolled/lingered/read/watched/downloaded/bookmarked
        you (have/'ve) (just/recently) (been) looking/browsing/viewing/reading/searching
        you (have/'ve) spent # (minutes/hours/seconds)
        you (have/'ve) added .. to/into
        you (have/'ve) left (_) (_) (_) in your cart/basket
        your (last/recent/latest) (page) visit/visits/search/searches/click/clicks
        your cart/basket/wishlist
    """,
    "fact: bought": """
        you (have/had/'ve/'d) (just/recently/already/always/last/usually/often/mostly) bought/ordered/purchased/chose/chosen
        you (usually/always/often/mostly/normally) buy/order/choose/take/pick/get
        your (last/first/usual/favourite/favorite/recent/latest/previous/past/regular) order/bag/purchase/coffee/orders/purchases/bags/roast/blend
    """,
    "fact: how often": """
        you .. # times
        you .. every # days/weeks/months
        every # days/weeks/months
        your #th/third/fourth/fifth/sixth/seventh/eighth/ninth/tenth order/bag/purchase/visit
        # (of) orders/bags/visits (so/with/since/in)
        you (have/'ve) spent $/€/£ #
        you (have/'ve) spent # euros/dollars/pounds
        customer since
        with us since/for
    """,
    "fact: last seen": """
        (it) (has/is) (been) # days/weeks/months since (your/you)
        you (have/'ve) n't/not (been/ordered/bought/visited/opened/logged) .. (for/in/since)
        you last
        your last login/visit
        have n't seen you (for/since/in)
    """,
    "fact: work": """
        you work (at/for/in/as)
        your (job/employer/company/boss/office/profession/team/colleagues) (as/at/is/in/of)
        as a/an teacher/nurse/lawyer/doctor/developer/engineer/freelancer/manager/student/founder/accountant/designer
    """,
    "fact: people": """
        your (little/older/younger/new/own) wife/husband/partner/girlfriend/boyfriend/daughter/son/kids/children/dog/cat/mother/father/mum/mom/dad/sister/brother/family
    """,
    "fact: owns": """
        you (brew/make/grind/cook/drive/ride/own) (it/your/with/coffee) (with/a/an)
        your (own) machine/grinder/espresso/car/bike/phone/iphone/laptop/tablet
        you (have/own) a/an (new/old) machine/grinder/espresso/car/bike/dog/cat
        from/on your phone/iphone/ipad/laptop/tablet/android
    """,
    "sensitive": """
        your (recent/new/early/late/own/current/unborn/ongoing/serious) pregnancy/diagnosis/illness/disease/cancer/depression/anxiety/therapy/medication/disability/surgery/miscarriage/divorce/wedding/marriage/engagement/bereavement/grief/funeral/religion/sexuality/ethnicity/bankruptcy/debt/debts/unemployment/redundancy/diabetes/allergy/allergies/asthma/infertility/addiction/chemotherapy/treatment/symptoms/migraine/migraines/insomnia/operation/hospitalisation/hospitalization/recovery/newborn/breakup/widowhood/mourning/burnout/dementia
        your (medical/heart/skin/mental/physical/health/thyroid/blood) condition/health/history/record/records/problem/problems/issue/issues/pressure/test/tests/results
        your (own) health
        your (financial/money) situation/trouble/troubles/problems/difficulties/worries
        your political/religious/sexual/ethnic views/beliefs/orientation/opinions/identity/background/preference/origin
        your faith/beliefs/church/mosque/synagogue/parish/temple
        your (due) date is
        your baby/bump (is/will/to/shower/arrives/bump)
        (new/little/first) baby/arrival/newborn .. you/your
        as a/an (young/practising/practicing/devout/new/single/fellow/former) christian/muslim/jew/hindu/buddhist/catholic/protestant/diabetic/widow/widower/divorcee/patient/veteran/immigrant/migrant/refugee/vegan/celiac/coeliac/gay/lesbian/woman/man/mother/father/mum/mom/dad/parent/conservative/liberal/socialist/democrat/republican/alcoholic/survivor/sufferer
        you 're/are/were/'ve/have (been/now/recently/a/newly/currently/just) (been) pregnant/expecting/ill/sick/diagnosed/divorced/separated/widowed/married/engaged/unemployed/bankrupt/gay/lesbian/disabled/diabetic/depressed/bereaved/muslim/christian/jewish/catholic/hindu/overweight/grieving/mourning/infertile/autistic/recovering/indebted/broke
        you (have/'ve) (just/recently) lost your/a (mother/father/husband/wife/job/baby/mum/mom/dad/child/son/daughter/brother/sister/partner)
        since your (dear/beloved) (mother/father/husband/wife/partner/mum/mom/dad/son/daughter/brother/sister) (died/passed/left/'s)
        (death/passing/loss/birth) of your/a (new/dear/late) (mother/father/husband/wife/partner/mum/mom/dad/son/daughter/baby/child/brother/sister/twins/grandson/first/loved)
        your (late) (mother/father/husband/wife/partner/mum/mom/dad/son/daughter) 's (death/passing/illness/funeral)
        your late mother/father/husband/wife/partner/mum/mom/dad
        sorry for/about your loss
        your (recent/sad/painful) loss (of/,/.)
        congratulations on/to (your/the) (recent/new/upcoming) (baby/wedding/marriage/engagement/pregnancy/newborn/arrival/twins/birth/daughter/son)
        happy/blessed (ramadan/eid/hanukkah/passover/diwali)
        now that you 're/are/have/'ve (a/lost/finally) (divorced/single/married/pregnant/retired/widowed/alone/baby/unemployed/job)
        now that money is tight
        when/while/as/because/since money is (short/tight/scarce)
        trying to/for (lose/conceive) (weight/a) (baby)
        struggling with (your) (weight/money/debt/anxiety/depression/addiction/alcohol/drinking/sleep/health/infertility/bills/payments/rent)
        your (low/irregular/reduced) income
        your weight
        after your (operation/surgery/hospital/treatment/wedding/divorce/breakup/miscarriage/diagnosis/heart/stroke)
        your time/stay in (the) hospital
        low-income
        your prescription/prescriptions/doctor/oncologist/therapist/psychiatrist/gynaecologist
    """,
    "observed mood": f"""
        (we/i/system/software/computer/data/records/analysis/algorithm/team/ai/it/that) noticed/notice/detected/detects/sensed/senses/registered/recognised/recognized/observed/inferred/calculated/predicted/suggests/suggest/shows/show/indicates/indicate/concluded/tells/says/saw (us/me) (from/in) (_) (_) (that) you/you/your (mail/message/review) 've/'re/are/were/seem/seemed/feel/felt/sound/sounded/have/look/may/might/is/was (be/been) (a/to) (bit/little/be) (very/quite/so/rather/too/really/more) (_) {_FEELINGS}
        (that) you/your seem/seemed/sound/sounded/appear/appeared/looked/look (to) (be) (a/less) (bit/little) (very/quite/so/rather/really) {_FEELINGS}
        (can/could) see/tell/sense/feel (from/in) (your) (_) (that) you/you 're/are/were/feel/felt/sound/sounded/seem (a/very/quite/so/really) (bit/little) {_FEELINGS}
        your (current/overall/recent/customer) mood
        (your) (current) mood/sentiment/satisfaction/happiness/emotion/loyalty/churn/engagement/health/risk/anger/frustration/lead/customer/trust/value score/level/index/rating/profile/analysis/reading/probability
        your (own) sentiment
        rated/classified/categorised/categorized/flagged/marked/tagged/scored/labelled/labeled/listed/segmented/filed/ranked you/your (mail/message/review) (as/under/with/among)
        (been/are/were) classified/categorised/categorized/flagged/tagged/scored/labelled/labeled/segmented/marked/ranked (as/in/under)
        mood (of) (you/yours)
        (an/our/the) emotional profile
        churn (risk/score/probability/model/list/prediction/rate)
        (likely/going/about) to churn
        risk of (leaving/churning/churn)
    """,
    "named stage": """
        (as/are/were/became/become/remain) (one/now/still/currently) (of) a/an/our (most/very) lapsed/at-risk/dormant/inactive/churned/churning/lost/high-value/low-value/win-back/high-risk/unengaged/disengaged/sleeping/cold customer/customers/subscriber/subscribers/buyer/buyers/user/users/contact/contacts/member/members/lead/leads/account
        (are/is/were) (now) (in) (our/the) .. segment/cohort/bucket
        in the/our (_) (_) segment/cohort
        segment (of) (lapsed/at-risk/loyal/dormant/new)
        your (customer) (lifecycle/stage/segment) (stage/is/has/of)
        lifecycle stage
        customer stage
        (status/stage/segment) (:/is) lapsed/at-risk/dormant/churned
        you (have/'ve) (now/been) (now) (moved/been/slipped/dropped/fallen) (to/from/into/in) (the/our/active/loyal) (_) lapsed/at-risk/dormant/inactive
        lapsed customer/customers/buyer/subscriber
        at risk customer/customers
        at-risk customer/customers
    """,
}
_KIND_OF = {
    "home": ("city", "town", "street", "address", "zip", "postcode", "country", "region", "district"),
    "birth": ("birthday", "birth_date", "age", "born", "date_of_birth"),
    "how often": ("orders", "order_count", "visits", "total_spent", "spend", "member_since", "points"),
    "bought": ("last_product", "favourite", "favorite", "usual", "last_order", "product", "last_bag"),
    "looked at": ("last_viewed", "viewed", "last_page", "searched", "cart"),
    "last seen": ("last_seen", "last_visit", "last_login", "days_since", "quiet_days"),
    "work": ("job", "employer", "company", "profession", "office", "team_size", "industry"),
    "people": ("partner", "children", "kids", "pet", "dog", "cat", "spouse", "family", "child"),
    "owns": ("brews_with", "machine", "device", "car", "grinder", "owns", "equipment"),
}
_SENSITIVE_NAMES = (
    "health", "diagnosis", "religion", "pregnan", "due_date", "disabilit", "illness", "medication",
    "sexual", "ethnic", "politic", "income", "debt", "divorce", "marital", "bereave", "baby",
)  # fmt: skip
_EXPECTED = ("name", "title", "salutation", "locale", "language", "time_zone", "email", "id")
_OF_THE_MATTER = (
    "order", "ticket", "invoice", "tracking", "amount", "total", "days_late", "delivery", "parcel",
    "visit", "appointment", "event", "code", "link", "url", "price", "refund", "credit", "booking",
    "date", "day", "time", "item",
)  # fmt: skip


def doubts(sample: Sample, words: Words) -> Iterator[Doubt]:
    """Facts that are too many or too private, and what is never said."""
    told = _facts(sample, words)
    if len(told) > MOST:
        last = list(told.values())[MOST]
        yield Doubt(
            "T516",
            f"this mail tells people {len(told)} things about themselves: {', '.join(told)}",
            f"keep the one or two that the mail is about, {MOST} at most",
            last,
            whole=True,
        )
    private = words.first("sensitive")
    quote = private.text if private is not None else _sensitive_value(sample)
    if quote:
        yield Doubt(
            "T517",
            f"`{quote}` is something that people want to tell, not to be told",
            "leave it out, also where it is true and kindly meant",
            quote,
            words.where(private) if private is not None else "body",
        )
    printed = words.first("observed mood", "named stage")
    if printed is not None:
        yield Doubt(
            "T518",
            f"`{printed.text}` says what we think of somebody",
            "let it choose the words (`{% tone %}`), and do not say it",
            printed.text,
            words.where(printed),
            "error",
        )


def _facts(sample: Sample, words: Words) -> dict[str, str]:
    """The kinds of personal facts that are told, each with words that tell it."""
    answers = sample.klass is not Class.MARKETING
    told: dict[str, str] = {}
    for name in PHRASES:
        if not name.startswith("fact: "):
            continue
        kind = name.removeprefix("fact: ")
        if answers and kind in ("bought", "looked at", "last seen"):
            continue  # the order that the mail answers
        span: Span | None = words.first(name)
        if span is not None:
            told[kind] = span.text
    shown = f"{sample.subject}\n{sample.preheader}\n{body_of(sample)}"
    flat = " ".join(shown.split())
    for name, value, _ in sample.used:
        short = name.rpartition(".")[2]
        if _is_personal(short, answers) and value and " ".join(value.split()) in flat:
            kind = next((kind for kind, names in _KIND_OF.items() if short in names), short)
            told.setdefault(kind.replace("_", " "), value)
    return told


def _is_personal(name: str, answers: bool) -> bool:
    if any(name in names for names in _KIND_OF.values()):
        return True
    parts = name.split("_")
    if set(parts) & set(_EXPECTED):
        return False
    return not answers and not any(name.startswith(word) for word in _OF_THE_MATTER)


def _sensitive_value(sample: Sample) -> str:
    """A printed value whose name says that it is nobody's business."""
    flat = " ".join(body_of(sample).split())
    for name, value, _ in sample.used:
        short = name.rpartition(".")[2]
        if value and any(word in short for word in _SENSITIVE_NAMES) and value in flat:
            return value
    return ""
