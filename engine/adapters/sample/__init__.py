"""A real past to try the engine on: who bought what and when, and what people wrote.

Purpose: `history` yields the past of the sample business as rows of a mixed history (commands.md,
"Data in"), for the demo, for benchmarks and for anyone who wants to look before importing their own.
The two data files are unchanged facts recorded by others (`SOURCES.md`); `provenance` counts what is
real and what is made. May import: the standard library. Start reading in `history`.
"""

from engine.adapters.sample.history import Provenance, Row, history, labels, provenance

__all__ = ["Provenance", "Row", "history", "labels", "provenance"]
