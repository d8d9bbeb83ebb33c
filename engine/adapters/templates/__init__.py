"""Drafts to mails: Jinja in its sandbox, Markdown, HTML and MJML, inlined CSS, a text part."""
