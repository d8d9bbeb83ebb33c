"""`L`: jurisdictions, what the law asks where somebody lives."""

from __future__ import annotations

from engine.language.catalogue.entry import JURISDICTION, edit

ENTRIES = (
    edit("L110", "This is not the code of a country", "Countries are written as ISO 3166 does, in two capital letters: `CA`, `DE`, `GB`.",
         JURISDICTION, "countries: CA", "countries: Canada"),
    edit("L501", "A double opt-in is enough everywhere", "Nothing proves consent better than a confirmation from the mailbox itself, so no law is "
         "stricter than that (R5.2). Somebody who confirmed must not be lost over a forgotten line.",
         JURISDICTION, "  double opt-in: no end\n", ""),
    edit("L502", "A purchase gives what is not enough", "`purchase` says which consent an order brings. If that is not among what is enough here, no "
         "order would ever let anything be sent.",
         JURISDICTION, "purchase: purchase", "purchase: soft opt-in"),
    edit("L503", "The reminder comes too late", "Who signed up and did not confirm is asked once more, within 7 days, and never again (R5.4).",
         JURISDICTION, "purchase: purchase", "remind_within: 14 days\npurchase: purchase"),
)  # fmt: skip
