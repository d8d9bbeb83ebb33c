"""What stands around every address: limits, headers, and the last word when something breaks.

Pure ASGI. Start reading in `shell`; `bounds` says what each address bears.
"""
