"""The people around the purchases: names, places, birthdays. All of it is made.

Every address ends in `@example.com`, which RFC 2606 keeps for examples: nobody can ever be reached.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from engine.adapters.sample.draws import between, draw, pick, weighted

_ENGLISH = (
    "Alice Andrew Beth Brian Caroline Charles Daniel Deborah Edward Emily Frank Grace Henry Irene Jack "
    "Janet Kevin Laura Martin Nancy Oliver Patricia Robert Sarah Thomas Victoria William Joan Keith Ruth",
    "Baker Bennett Brooks Carter Clarke Cooper Davies Evans Foster Graham Harris Hughes Jenkins Kelly "
    "Lewis Marshall Morgan Parker Reed Shaw Taylor Turner Walker Ward Wright Young Sullivan Hayes",
)
_AFRICAN_AMERICAN = (
    "Aaliyah Andre Bernice Cedric Denise Ebony Jamal Keisha Latoya Malcolm Monique Reggie Terrence Yolanda",
    "Banks Booker Coleman Franklin Gaines Jackson Jefferson Mosley Robinson Simmons Washington Whitfield",
)
_HISPANIC = (
    "Alejandro Ana Beatriz Carlos Carmen Diego Elena Guadalupe Javier José Lucía Luis Marisol Miguel Rosa",
    "Castillo Delgado Fernández Flores García Hernández Jiménez Morales Núñez Ortega Ramírez Rojas Vega",
)
_CHINESE = (
    "Bing Chun Fang Hui Jian Jun Li Ling Mei Ming Ping Wei Xiu Ying Yuan Zhen",
    "Chan Chen Deng Guo Huang Li Lin Liu Ma Tang Wang Wu Xu Yang Zhang Zhou",
)
_INDIAN = (
    "Aditi Anil Arjun Deepa Farida Gita Harpreet Imran Kavita Manoj Meena Nikhil Priya Rajesh Sunita Vikram",
    "Agarwal Bose Chopra Desai Gupta Iyer Joshi Khan Kumar Mehta Nair Patel Rao Sharma Singh Verma",
)
_VIETNAMESE_KOREAN = (
    "An Binh Chau Dung Hanh Hoa Lan Minh Eun-ji Hyun Ji-woo Min-jun Seo-yeon Soo-jin Sung Young-ho",
    "Nguyen Tran Le Pham Hoang Vu Dang Kim Park Lee Choi Jung Kang Yoon",
)
_NIGERIAN_GHANAIAN = (
    "Abena Adaeze Ama Chidi Chinwe Emeka Folake Ifeoma Kofi Kwame Ngozi Olu Tunde Yaa Yetunde",
    "Adebayo Adeyemi Asante Boateng Eze Mensah Nwosu Obi Okafor Okoye Oyelaran Owusu",
)
_ARABIC_PERSIAN_TURKISH = (
    "Ahmed Amina Darius Emre Fatima Hassan Ibrahim Leila Maryam Mehmet Nadia Omid Samir Yasmin Zeynep",
    "Abbas Aydın Demir Farah Haddad Hakimi Karimi Khalil Mansour Nasser Rahimi Saleh Yıldız",
)
_GERMAN = (
    "Andrea Birgit Christian Dieter Franziska Hans Heike Jörg Jürgen Katrin Lukas Monika Sabine Stefan Uwe",
    "Bauer Becker Fischer Hoffmann Huber Keller Köhler Krüger Meyer Müller Richter Schäfer Schmidt Weber",
)
_FRENCH = (
    "Amélie Benoît Camille Chloé François Gérard Hélène Isabelle Jean-Luc Léa Mathieu Nathalie Pierre Sylvie",
    "Bernard Blanchard Dubois Durand Fontaine Girard Lefèvre Martin Mercier Moreau Petit Rousseau",
)
_DUTCH = (
    "Anouk Bram Daan Femke Hendrik Joost Lotte Maarten Marijke Pieter Sanne Willem",
    "de Boer|de Vries|Dijkstra|Jansen|Mulder|Smit|van Dam|van den Berg|van Dijk|Visser",
)
_NORDIC = (
    "Åsa Astrid Björn Elin Erik Freja Gunnar Ingrid Kirsi Lars Mikko Nils Sigrid Søren",
    "Andersson Berg Dahl Eriksson Hansen Johansson Karlsson Korhonen Lindqvist Nilsson Nygård Olsen",
)
_POLISH = (
    "Agnieszka Andrzej Barbara Ewa Grzegorz Katarzyna Łukasz Magda Marek Piotr Tomasz Zofia",
    "Kamiński Kowalczyk Kowalska Lewandowski Nowak Wiśniewska Wójcik Zając Zieliński",
)
_IRISH = (
    "Aoife Brendan Ciarán Deirdre Fionn Gráinne Niamh Orla Pádraig Róisín Seán Siobhán",
    "Byrne Doyle Kavanagh Lynch Murphy Nolan O'Brien O'Connor O'Neill Quinn Walsh",
)

_CULTURES = {
    "US": (
        (_ENGLISH, 44), (_AFRICAN_AMERICAN, 13), (_HISPANIC, 17), (_CHINESE, 5), (_INDIAN, 5),
        (_VIETNAMESE_KOREAN, 4), (_IRISH, 4), (_GERMAN, 3), (_ARABIC_PERSIAN_TURKISH, 3),
        (_NIGERIAN_GHANAIAN, 2),
    ),
    "CA": ((_ENGLISH, 50), (_FRENCH, 22), (_CHINESE, 9), (_INDIAN, 10), (_NIGERIAN_GHANAIAN, 4)),
    "GB": ((_ENGLISH, 68), (_INDIAN, 12), (_NIGERIAN_GHANAIAN, 8), (_IRISH, 6), (_POLISH, 4)),
    "IE": ((_IRISH, 75), (_ENGLISH, 15), (_POLISH, 8)),
    "AU": ((_ENGLISH, 70), (_CHINESE, 10), (_INDIAN, 8), (_VIETNAMESE_KOREAN, 8)),
    "DE": ((_GERMAN, 78), (_ARABIC_PERSIAN_TURKISH, 13), (_POLISH, 7)),
    "AT": ((_GERMAN, 86), (_ARABIC_PERSIAN_TURKISH, 8)),
    "CH": ((_GERMAN, 66), (_FRENCH, 24)),
    "FR": ((_FRENCH, 82), (_ARABIC_PERSIAN_TURKISH, 12)),
    "NL": ((_DUTCH, 82), (_ARABIC_PERSIAN_TURKISH, 10)),
    "ES": ((_HISPANIC, 95), (_ENGLISH, 3)),
    "SE": ((_NORDIC, 88), (_ARABIC_PERSIAN_TURKISH, 8)),
    "PL": ((_POLISH, 98), (_ENGLISH, 2)),
}  # fmt: skip
_COUNTRIES = (
    ("US", 58), ("GB", 9), ("CA", 7), ("DE", 8), ("FR", 4), ("NL", 3), ("AU", 3), ("IE", 2),
    ("ES", 2), ("SE", 2), ("AT", 1), ("CH", 1), ("PL", 1),
)  # fmt: skip
_ZONES = {
    "US": (
        ("America/New_York", 47), ("America/Chicago", 29), ("America/Denver", 6),
        ("America/Phoenix", 2), ("America/Los_Angeles", 15), ("Pacific/Honolulu", 1),
    ),
    "CA": (("America/Toronto", 60), ("America/Vancouver", 22), ("America/Halifax", 8)),
    "AU": (("Australia/Sydney", 58), ("Australia/Brisbane", 22), ("Australia/Perth", 10)),
    "GB": (("Europe/London", 1),),
    "IE": (("Europe/Dublin", 1),),
    "DE": (("Europe/Berlin", 1),),
    "AT": (("Europe/Vienna", 1),),
    "CH": (("Europe/Zurich", 1),),
    "FR": (("Europe/Paris", 1),),
    "NL": (("Europe/Amsterdam", 1),),
    "ES": (("Europe/Madrid", 1),),
    "SE": (("Europe/Stockholm", 1),),
    "PL": (("Europe/Warsaw", 1),),
}  # fmt: skip
_LOCALES = {
    "US": "en-US", "CA": "en-CA", "GB": "en-GB", "IE": "en-IE", "AU": "en-AU", "DE": "de",
    "AT": "de-AT", "CH": "de-CH", "FR": "fr", "NL": "nl", "ES": "es", "SE": "sv", "PL": "pl",
}  # fmt: skip
_BREWS_WITH = (
    ("a filter machine", 34), ("a French press", 22), ("an espresso machine", 18),
    ("a moka pot", 14), ("a pour-over cone", 12),
)  # fmt: skip
_NOT_ASCII = {"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "ı": "i", "ß": "ss"}


@dataclass(frozen=True, slots=True)
class Customer:
    """One made person for a real customer number. `attributes` is what the shop knows of them;
    `zone` is where they really shop, which the shop may not know."""

    id: str
    zone: ZoneInfo
    attributes: dict[str, object]


def customer(seed: int, number: int) -> Customer:
    """The person for the CDNOW customer of this number (1 to 2357).

    Some things are missing, as in life: a first name (2 in 100), a zone (12) or one that exists (1),
    a birthday (28), what they brew with (45).
    """
    key = (seed, number)
    country = weighted(_COUNTRIES, *key, "country")
    first_names, last_names = weighted(_CULTURES[country], *key, "culture")
    first = pick(first_names.split(), *key, "first name")
    last = pick(last_names.split("|") if "|" in last_names else last_names.split(), *key, "last")
    zone = weighted(_ZONES[country], *key, "zone")
    attributes: dict[str, object] = {
        "email": f"{_plain(first)}.{_plain(last)}.{number}@example.com",
        "last_name": last,
        "country": country,
        "locale": _LOCALES[country],
    }
    if draw(*key, "gives a first name") >= 0.02:
        attributes["first_name"] = first
    known = draw(*key, "zone is known")
    if known >= 0.13:
        attributes["time_zone"] = zone
    elif known >= 0.12:
        attributes["time_zone"] = "GMT-8 Pacific"
    if draw(*key, "gives a birthday") >= 0.28:
        attributes["birthday"] = _birthday(seed, number)
    if draw(*key, "says what they brew with") >= 0.45:
        attributes["brews_with"] = weighted(_BREWS_WITH, *key, "brews")
    return Customer(f"c{number:04d}", ZoneInfo(zone), attributes)


def _birthday(seed: int, number: int) -> str:
    """A date from 1926 to 1980, leap days among them (R4.6)."""
    first, last = date(1926, 1, 1), date(1980, 12, 31)
    born = between(first.toordinal(), last.toordinal(), seed, number, "born")
    return date.fromordinal(born).isoformat()


def _plain(name: str) -> str:
    """The name in the letters of an address."""
    spelled = "".join(_NOT_ASCII.get(letter, letter) for letter in name)
    ascii_only = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    return re.sub("[^a-z]", "", ascii_only.lower())
