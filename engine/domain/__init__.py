"""The pure core: what the engine decides, for one person, at one instant.

Standard library only; frozen dataclasses; no clock, no chance, no I/O. Every instant is an aware
`datetime` in UTC; wall times exist only together with a zone (`calendar`). Start reading in `turn`.
"""
