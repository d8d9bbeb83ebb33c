"""`T`: the heads of mails."""

from __future__ import annotations

from engine.language.catalogue.entry import BASE, MAIL, Entry

ENTRIES = (
    Entry("T101", "The path does not say which mail this is",
          "The mail `welcome/hello` stands in `templates/welcome/hello.md.j2`: a folder, a name in small letters, perhaps a language.",
          {"templates/welcome/Good Bye.md.j2": BASE[MAIL]}, {"templates/welcome/good-bye.md.j2": BASE[MAIL]}),
    Entry("T111", "The head of the mail is missing", "A mail opens with its head between two lines `---`: subject, sender, what it needs.",
          {MAIL: BASE[MAIL].replace("---\n", "", 1)}, {MAIL: BASE[MAIL]}),
    Entry("T112", "Two files are the same mail", "One mail has one file for each language.",
          {"templates/welcome/hello.html.j2": BASE[MAIL]}, {"templates/welcome/hello.de.html.j2": BASE[MAIL]}),
)  # fmt: skip
