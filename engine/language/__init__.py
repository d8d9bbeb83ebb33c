"""Text to domain: the YAML language, its errors and its checks.

Reads strings, never the disk. May import `domain` only. Start reading in `project`.
"""
