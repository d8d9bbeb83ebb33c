"""The web side: the pages and addresses that people and providers reach.

Ports come in as arguments; `bootstrap` hands them over. Start reading in `app`.
"""
