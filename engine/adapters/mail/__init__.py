"""Mail leaves here: our own MIME writer, and four ways to hand a mail off behind one `Mailer`.

May import application ports and domain; knows neither the database nor the templates. Start reading
in `mime` (what is written) and `choose` (who carries it).
"""
