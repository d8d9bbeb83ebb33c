"""Classes of words that several phrases share."""

from __future__ import annotations

from engine.domain.emotion import EMOTIONS, GROUPS

_CLASSES = {
    "FEELING": " ".join((*EMOTIONS, *GROUPS)) + """
        unhappy annoyed stressed worried dissatisfied sad irritated impatient furious nervous bored
        unsatisfied disengaged lonely""",
    "WE": "we i",
    "US": "us me",
    "OUR": "our my",
    "ARE": "are 're am 'm is 's was were be been",
    "HAVE": "have 've had has 'd",
    "NOT": "not n't never",
    "KIN": """
        mother father husband wife partner mum mom dad son daughter brother sister baby child children
        twins grandmother grandfather grandson granddaughter""",
    "FAULT": "fault mistake error oversight failure failing doing responsibility blame slip blunder",
    "BUNGLED": """
        missed forgot forgotten lost broke broken failed overlooked mixed sent packed charged
        overcharged billed printed misread shipped delivered mislaid ignored messed botched booked
        gave let kept overbooked underestimated ran burnt burned made wrote put left dropped swapped
        cancelled canceled labelled labeled listed promised told took switched deleted exposed
        entered used set roasted ground served spilled misplaced misjudged mishandled neglected got
        copied added typed published emailed mailed answered quoted handed closed sold""",
    "PARTNER": """
        carrier courier supplier provider post bank manufacturer partner warehouse weather host""",
    "THING": """
        one bag bags parcel order cup mug box copy invoice appointment grinder machine card code link
        date time coffee pair lid filter beans bottle key label receipt kettle slot seat tin scale
        table cake jug sieve""",
    "MENDED": """
        fix fixed fixing fixes repair repaired repairing repairs mended mend mending corrected correct
        correcting restored restore restoring resolved recovered rebuilt rewritten retrained changed
        removed deleted cancelled canceled reversed undone returned waived waive reopened updated
        renewed cleaned recalibrated tested refilled extended""",
    "MALADY": """
        pregnancy diagnosis illness disease cancer depression anxiety therapy medication disability
        surgery miscarriage diabetes asthma infertility addiction chemotherapy migraine migraines
        insomnia hospitalisation hospitalization burnout dementia allergy allergies prescription
        symptoms""",
    "PASSAGE": """
        divorce wedding marriage bereavement grief funeral widowhood mourning breakup newborn""",
    "MONEY": "bankruptcy debt debts unemployment redundancy",
    "CREED": """
        religion sexuality ethnicity faith church mosque synagogue parish temple""",
    "PLIGHT": """
        pregnant diagnosed divorced separated widowed bereaved married engaged unemployed bankrupt gay
        lesbian bisexual disabled diabetic depressed muslim christian jewish catholic hindu buddhist
        overweight grieving mourning infertile autistic indebted ill widow""",
    "BELONGING": """
        christian muslim jew hindu buddhist catholic protestant diabetic widow widower divorcee
        patient immigrant migrant refugee coeliac celiac alcoholic conservative liberal socialist
        republican democrat survivor""",
    "STAGE": """
        lapsed at-risk dormant inactive churned churning high-value low-value win-back high-risk
        unengaged disengaged""",
    "CUSTOMER": """
        customer customers subscriber subscribers buyer buyers user users contact contacts member
        members account accounts""",
    "LEFT": "left remaining available",
    "STOCK": """
        bags pieces items boxes mugs tins bottles units copies jars packs places spots seats tickets
        slots tables""",
    "REWARDS": "points discount credit place spot status benefits rewards voucher account seat data",
    "SCORE": "score scores level index rating probability",
    "RATED": """
        classified categorised categorized flagged tagged scored labelled labeled segmented ranked
        profiled""",
}  # fmt: skip
CLASSES = {name: tuple(words.split()) for name, words in _CLASSES.items()}
