"""Sincerely: considerate email and marketing automation.

Rooms, from the top down: `cli`, `web` and `daemon`, `in_force`, `bootstrap`, `settings` and `logs`,
`adapters`, `application`, `language`, `domain`. Imports go down only. Start reading in
`engine/domain/turn.py`.
"""

__version__ = "0.1.0"
