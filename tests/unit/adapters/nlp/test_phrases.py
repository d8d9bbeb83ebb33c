"""What is sensitive, urgent or sarcastic, and what only sounds like it."""

import pytest

from engine.adapters.nlp.sarcasm import sounds_sarcastic
from engine.adapters.nlp.sensitive import speaks_of_harm
from engine.adapters.nlp.urgency import urgency

SENSITIVE = """
My mum died last week | my husband passed away in May | we buried our son on Friday | I had a miscarriage
our baby was stillborn | I was diagnosed with breast cancer | my dad is dying | I want to kill myself
I don't want to live any more | I've been thinking about suicide | he beats me | my ex is stalking me
I was raped | I lost my job and can't pay the rent | we are homeless now | my wife is in hospital
he has dementia | I'm having chemo | I am severely depressed | panic attacks again | I'm grieving
cancel his account, he passed away | please stop mailing my late wife | she lost the baby | my nan passed
our dog had to be put to sleep by the vet | my daughter self-harms
everyone would be better off without me
I can't go on like this | thoughts of ending my life | my father's funeral is on Tuesday | I'm a widow
she is in intensive care | he had a stroke | my brother was killed in a crash
we lost our little girl in March
my partner hits me | the bailiffs are coming | there is no reason to go on | I overdosed
I relapsed last night
my best friend took his own life | we've just lost my grandad | our cat died this morning | Selbstmord
"""
HARMLESS = """
my old phone died | the battery is dead | I'm dying for a coffee
killer deal | this is sick! | dead on arrival
I'd like to book a check-up | I'll kill for that cake | I nearly died laughing | I lost my password
my son lost his toy bag | my late order | you're killing it | the app keeps crashing and dying
deaf ears
I could murder a burger | a blind tasting
over my dead body | can I move my dental cleaning | killing time
prescription renewal please | my knee check went well
sick and tired of this | my husband lost the receipt
you lost my dog's parcel | we lost our luggage
a heart attack on a plate, that burger | the queue was murder
my kettle died | end it all with a dessert
he hit me with a fee | my wife is pregnant and craves your pickles
I feel hopeless at computers | so addicted to this cake | I want to be dead sure | hospital grade cleaner
is there step-free access? | disable notifications
the funeral home ordered flowers | she passed the parcel
my hearing aids have bluetooth | I am deaf, is there a chat?
lost my job number | what is a suicide burger
"""


def each(phrases):
    return [phrase.strip() for phrase in phrases.replace("\n", "|").split("|") if phrase.strip()]


@pytest.mark.parametrize("text", each(SENSITIVE))
def test_what_is_sensitive_is_seen(text):
    """R6.3: a stop flag, better raised once too often than missed."""
    assert speaks_of_harm(text)


@pytest.mark.parametrize("text", each(HARMLESS))
def test_what_only_sounds_like_it_is_not(text):
    """Decision 16 besides: a disability that is named is none."""
    assert not speaks_of_harm(text)


@pytest.mark.parametrize(
    ("more", "less"),
    [
        ("I need this by tomorrow at the latest!", "I need this some time."),
        ("URGENT: there is smoke coming out of it", "There is steam coming out of it, lovely."),
        (
            "My lawyer will hear of this. This is the third time I write.",
            "This is the third time I write.",
        ),
        ("Please answer today", "Please answer"),
    ],
)
def test_haste_is_heard(more, less):
    assert 0 <= urgency(less) < urgency(more) <= 1


def test_who_cannot_wait_for_something_is_glad_not_urgent():
    assert urgency("I can't wait to try the new menu!") == 0


@pytest.mark.parametrize(
    ("meant", "sincere"),
    [
        ("Oh great, it crashed again.", "Oh great, it works again after you fixed it."),
        ("Thanks for nothing.", "Thanks for everything."),
        ("Brilliant, three weeks and still no reply.", "Brilliant, a reply within three minutes."),
        ("Love how you lost my parcel.", "Love how you found my parcel."),
        ("Well done on losing my suitcase.", "Well done, all of you."),
    ],
)
def test_praise_of_trouble_sounds_sarcastic_and_its_sincere_twin_does_not(meant, sincere):
    assert sounds_sarcastic(meant)
    assert not sounds_sarcastic(sincere)
