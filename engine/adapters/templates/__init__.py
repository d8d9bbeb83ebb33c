"""Templates to mails (R9): start reading in `renderer`, then `compile`.

The only place that knows Jinja, Markdown, MJML and CSS. May import `application.ports`, `language` and
`domain`; knows neither the database nor the delivery.
"""
