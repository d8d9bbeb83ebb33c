"""`C`: config and policy, and how fast mail may leave."""

from __future__ import annotations

from engine.language.catalogue.entry import BASE, CONFIG, MAIL, Entry, edit


def _before_teams(code: str, title: str, why: str, right: str, wrong: str) -> Entry:
    text = BASE[CONFIG]
    return Entry(
        code,
        title,
        why,
        {CONFIG: text.replace("teams:", f"{wrong}\nteams:")},
        {CONFIG: text.replace("teams:", f"{right}\nteams:")},
    )


def _company(code: str, title: str, why: str, right: str, wrong: str) -> Entry:
    text, zone = BASE[CONFIG], "  time_zone: Europe/Berlin\n"
    return Entry(
        code,
        title,
        why,
        {CONFIG: text.replace(zone, f"{zone}  {wrong}\n")},
        {CONFIG: text.replace(zone, f"{zone}  {right}\n")},
    )


def _policy(code: str, title: str, why: str, right: str, wrong: str) -> Entry:
    text = BASE[CONFIG]
    return Entry(
        code,
        title,
        why,
        {CONFIG: text.replace("policy:\n", f"policy:\n  {wrong}\n")},
        {CONFIG: text.replace("policy:\n", f"policy:\n  {right}\n")},
    )


def _no_team(code: str, title: str, why: str, right: str, wrong: str) -> Entry:
    lines = BASE[CONFIG].splitlines(keepends=True)
    at = lines.index("teams:\n")
    text = "".join([*lines[:at], *lines[at + 2 :]])
    return Entry(
        code, title, why, {CONFIG: f"{text}{wrong}\n"}, {CONFIG: f"{text}{right}\n"}, "warning"
    )


_ASK = {
    "journeys/please-confirm.yaml": "journey: please-confirm\nstatus: live\ncategory: please-confirm\n"
    "enter: { when: form.submitted, again: always }\nsteps:\n  - { id: ask, send: please-confirm/ask }\n",
    "templates/please-confirm/ask.md.j2": "---\nsubject: Is it you?\nfrom: lena\nlayout: letter\n---\n"
    "Somebody signed up with this address.\n\n[Yes, it was me]({{ links.confirm }})\n",
}


def _form(code: str, title: str, why: str, right: str, wrong: str) -> Entry:
    receipt = "    receipt: { class: transactional }\n"
    asks = "    please-confirm: { class: transactional, confirms: news }\n"
    text = BASE[CONFIG].replace(receipt, receipt + asks)
    form = "forms: {{ newsletter: {{ version: 2026-11, {0} }} }}\nteams:"
    return Entry(
        code,
        title,
        why,
        {CONFIG: text.replace("teams:", form.format(wrong)), **_ASK},
        {CONFIG: text.replace("teams:", form.format(right)), **_ASK},
    )


def _form_without_a_question(code: str, title: str, why: str) -> Entry:
    right = _form(code, title, why, "topics: news, wording: Send me news.", "").right
    wrong = {
        **right,
        "journeys/please-confirm.yaml": None,
        "templates/please-confirm/ask.md.j2": None,
    }
    return Entry(code, title, why, wrong, right, "warning")


def _theme(code: str, title: str, why: str) -> Entry:
    config = BASE[CONFIG].replace(
        "teams:", "pages: { themes: { mothers-day: Mother's Day } }\nteams:"
    )
    mail = (BASE[MAIL] or "").replace("---\n", "---\ntags: [mothers-day]\n", 1)
    return Entry(code, title, why, {CONFIG: config}, {CONFIG: config, MAIL: mail}, "warning")


ENTRIES = (
    _before_teams("C110", "A secret stands in a file", "Files go into git and to colleagues. A secret stands in the environment, and the config says its name.",
                  "secrets: { links: $SINCERELY_LINK_KEY }", "secrets: { links: 8f2c1a }"),
    _company("C111", "This is not a language", "Languages are written like `en`, `de` or `pt-BR`.", "locales: [pt-BR]", "locales: [portuguese]"),
    _company("C112", "This is not an address in the web", "The site holds the unsubscribe page, so its address has to be whole.",
             "site: https://cozy.example", "site: cozy.example"),
    _company("C113", "This is not a colour", "A colour is `#` and three or six digits, in quotes, because `#` begins a comment.",
             'colour: "#7a4b2a"', "colour: brown"),
    _before_teams("C114", "This word goes with another delivery", "Every way of delivery has its own words.",
                  "delivery: { by: smtp, host: smtp.example }", "delivery: { by: folder, host: smtp.example }"),
    _before_teams("C115", "This does not say when people are at risk", "The thresholds are learned from your own orders, or fixed by you.",
                  "lifecycle: { learn_from: our own gaps between orders }", "lifecycle: { learn_from: experience }"),
    _before_teams("C116", "The levels do not rise", "A level begins where the one below it ends; they are probabilities between 0 and 1.",
                  "emotion: { levels: { low: 0.2, medium: 0.45, high: 0.7 } }", "emotion: { levels: { low: 0.5, medium: 0.45, high: 0.7 } }"),
    _before_teams("C121", "This is not what a message counts", "A message counts from 0 (nothing) to 1 (in full), by where it comes from.",
                  "emotion: { sources: { review: 0.8 } }", "emotion: { sources: { review: 2 } }"),
    _before_teams("C117", "This is not the address of a database", "A file (`sqlite:///sincerely.db`), or a PostgreSQL server.",
                  "database: sqlite:///sincerely.db", "database: mysql://localhost/shop"),
    _policy("C118", "This names no public holidays", "A country, or a part of it, by its letters: `DE`, `DE-BE`, `US-NY`.",
            "holidays: DE-BE", "holidays: Germany"),
    _before_teams("C119", "This is not a domain", "A mailbox provider is known by what stands after the `@` of its addresses.",
                  "delivery: { by: folder, pace_to: { gmail.com: 20 per minute } }", "delivery: { by: folder, pace_to: { Gmail: 20 per minute } }"),
    _before_teams("C141", "This cannot be a tag of a link", "Tags say where a visit comes from: fixed words, and of the mail its category, its journey or its name. They say nothing of a person.",
                  "links: { utm: { campaign: '{journey}' } }", "links: { utm: { campaign: '{first_name}' } }"),
    _before_teams("C142", "This is no host of a web site", "Links are tagged on the web sites of your own only, and these are known by their hosts.",
                  "links: { utm: yes, hosts: [shop.cozy.example] }", "links: { utm: yes, hosts: [https://shop.cozy.example/] }"),
    _before_teams("C143", "This is neither a path nor an address", "Pages that the law asks for are left alone; say where they are.",
                  "links: { utm: yes, legal: [/about/company] }", "links: { utm: yes, legal: [imprint] }"),
    _before_teams("C131", "This is no verification key", "SendGrid signs what it tells, and shows the public key for it; it is no secret, so it may stand here.",
                  "webhooks: { sendgrid: $SENDGRID_EVENTS }", "webhooks: { sendgrid: SG.abc }"),
    _before_teams("Y130", "This does not say how fast", "A rate is so many mails in so long.",
                  "delivery: { by: folder, pace: 50 per second }", "delivery: { by: folder, pace: quickly }"),
    _before_teams("C122", "This is not the name or number of a machine", "Proxies are known by their number or network, other names of the pages without `https://` and port, DKIM selectors as they stand before `._domainkey`.",
                  "web: { behind: 127.0.0.1 }", "web: { behind: my proxy }"),
    Entry("C120", "There is no config", "Without a config nobody knows who writes, and what may be sent.", {CONFIG: None}, {}),
    edit("C301", "This is not a time zone", "Zones have the names of the IANA list: a region and a city.",
         CONFIG, "Europe/Berlin", "Berlin time"),
    _policy("C302", "Quiet hours are too long", "At most 20 hours, so that there is a time for mail (R4.2).", "quiet_hours: 20:00-08:00", "quiet_hours: 20:00-19:00"),
    _policy("C303", "Quiet hours are the same on all days", "People sleep on all days. For working days there is the `send_window` of a journey.",
            "quiet_hours: 20:00-08:00", "quiet_hours: Mon-Fri 20:00-08:00"),
    edit("C501", "Marketing never ignores quiet hours", "Only a mail that somebody waits for may come at night (R4.2).",
         CONFIG, "sells: yes", "quiet_hours: ignore"),
    edit("C502", "This mail never sells", "Receipts and help reach people without their consent to advertising, so they carry none (R5.3).",
         CONFIG, "{ class: service }", "{ class: service, sells: yes }"),
    edit("C503", "A mail that asks for a confirmation advertises nothing", "Who has signed up and not confirmed gets the question and one reminder, and nothing else (R5.4). "
         "So such mail is transactional: it answers the sign-up.",
         CONFIG, "receipt: { class: transactional }", "receipt: { class: transactional }\n    please-confirm: { class: service, confirms: news }"),
    _form("C151", "Our pages do not speak this language", "A form is shown by our own pages, with their words around yours.",
          "topics: news, wording: { en: Send me news., de: Schickt mir Neues. }", "topics: news, wording: { en: Send me news., pl: Wyślijcie mi wieści. }"),
    _form("C152", "This is no country", "Where people live decides which law counts; two letters name it.",
          "topics: news, country: US, wording: Send me news.", "topics: news, country: America, wording: Send me news."),
    _form("C153", "This is no web site that may show a form", "A frame is allowed to a whole web site, by its address without a path.",
          "topics: news, frames: [https://cozy.example], wording: Send me news.", "topics: news, frames: [cozy.example/shop], wording: Send me news."),
    _form("C154", "This is no kind of mail", "A form signs up to mail. Whether emotions are read or clicks noticed is another question.",
          "topics: news, wording: Send me news.", "topics: tracking_clicks, wording: Send me news."),
    _form("C155", "Words are missing in a language", "A page that changes its language in the middle is none.",
          "topics: news, wording: { en: Send me news., de: Schickt mir Neues. }, title: { en: News, de: Neues }",
          "topics: news, wording: { en: Send me news., de: Schickt mir Neues. }, title: { en: News }"),
    _form_without_a_question("C505", "Nobody would ask who signs up to confirm it", "Anybody can type anybody's address into a form. Where the law or the category wants a confirmed yes, a mail has to ask "
                             "for it, and a journey sends that mail (R5.4)."),
    _no_team("C504", "Nobody reads what people write who need a person", "What is urgent from somebody very upset, or sensitive (grief, illness, harm), goes to a team, so that a person answers: "
             "to the first one, or to the one that the config names.",
             "emotion: { hand_to: no }", "emotion: { looks_back: 7 days }"),
    _theme("C506", "No mail is about this theme", "People may skip a theme on their page: mails that have it as a tag do not go to them. A theme that is no tag skips nothing."),
)  # fmt: skip
