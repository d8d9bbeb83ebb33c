"""Mails that come to us: told apart and read, whoever wrote them."""
