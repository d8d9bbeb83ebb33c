"""The tree of exceptions that a user may see.

```
SincerelyError                 a sentence, and what to do next
├── MistakeError               exit 1: the files, the data or the set-up have mistakes
│   ├── ProjectError           the project's files, with diagnostics
│   └── SetupError             a database that is behind, a key that is missing …
└── UsageError                 exit 2: the command was called wrongly
```

Everything else that escapes is our fault: exit 3, and only then a traceback.
"""

from __future__ import annotations


class SincerelyError(Exception):
    """A sentence for the user, with one next action in `help` and, where there is one, a `code`."""

    exit_code = 3

    def __init__(self, message: str, *, help: str = "", code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.help = help
        self.code = code


class MistakeError(SincerelyError):
    """The files, the data or the set-up have mistakes."""

    exit_code = 1


class SetupError(MistakeError):
    """Something outside the files is missing: a migration, a key, a server."""


class UsageError(SincerelyError):
    """The command was called wrongly."""

    exit_code = 2
