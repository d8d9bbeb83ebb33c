"""Who somebody is says nothing of how they feel: words for it are read as one neutral word each.

A model learns from its corpus that some faiths, countries, ages or genders go with some emotions. What it
never sees it cannot hold against anybody, so these words are replaced before training and before every
reading, word by word, and a sentence about a sister scores like the same sentence about a brother.
(L. Dixon et al., "Measuring and Mitigating Unintended Bias in Text Classification", AIES 2018, name the
terms; leaving them out of what is read is the plainest of the remedies, and the only exact one.)
"""

from __future__ import annotations

import re

_ALIKE = {
    "they": "he she",
    "their": "him his her hers them",
    "themselves": "himself herself themself",
    "person": "man woman lady gentleman guy lad lass bloke chap gal dude teenager pensioner student",
    "people": "men women ladies gentlemen guys lads lasses gals dudes teenagers pensioners students",
    "parent": "mother father mum mom mummy mommy mama dad daddy papa",
    "parents": "mothers fathers mums moms dads",
    "sibling": "sister brother sis bro",
    "siblings": "sisters brothers",
    "partner": "wife husband girlfriend boyfriend hubby fiancé fiancée spouse",
    "child": "daughter son girl boy kid toddler",
    "children": "daughters sons girls boys kids toddlers",
    "grandparent": "grandmother grandfather grandma grandpa granny gran nana grandad granddad",
    "grandchild": "granddaughter grandson",
    "relative": "aunt uncle auntie niece nephew",
    "waiter": "waitress",
    "customer": "sir madam ma'am",
    "a": "an",
    "": "young elderly middle-aged wheelchair"
    " christian christians muslim muslims islamic jew jews jewish hindu hindus buddhist buddhists sikh"
    " sikhs atheist atheists catholic catholics protestant protestants mormon mormons"
    " deaf blind autistic disabled dyslexic paralysed paralyzed"
    " married divorced unmarried gay lesbian bisexual queer trans transgender pregnant"
    " african african-american afro-american albanian american arab arabic argentinian asian australian"
    " austrian bangladeshi belgian brazilian british bulgarian canadian caribbean chilean chinese"
    " colombian croatian cuban czech danish dutch egyptian english ethiopian european filipino finnish"
    " french german ghanaian greek hispanic hungarian indian indonesian iranian iraqi irish israeli"
    " italian jamaican japanese kenyan korean kurdish latino latina latvian lebanese lithuanian"
    " malaysian mexican moroccan nepali nigerian norwegian pakistani palestinian persian peruvian"
    " polish portuguese romanian russian scottish serbian slovak somali spanish sudanese swedish swiss"
    " syrian taiwanese thai tunisian turkish ugandan ukrainian vietnamese welsh",
}
"""Neutral word: the words read as it; those of "" are left out. `black`, `white`, `single` and `straight`
mean too much else."""
_NEUTRAL = {word: neutral for neutral, words in _ALIKE.items() for word in words.split()}
_WORDS = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*|\d{1,3}-years?-old")


def neutral(text: str) -> str:
    """The text with every such word replaced or left out, its capitals kept; all else as it is."""
    return _WORDS.sub(_neutral, text)


def _neutral(match: re.Match[str]) -> str:
    word = match[0]
    lower = word.lower()
    found = "" if lower[0].isdigit() else _NEUTRAL.get(lower)
    if found is None:
        if not lower.endswith("'s") or (found := _NEUTRAL.get(lower[:-2])) is None:
            return word
        found += lower[-2:]
    if word.isupper() and len(word) > 1:
        return found.upper()
    return found.capitalize() if word[0].isupper() else found
