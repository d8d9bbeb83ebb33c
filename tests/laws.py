"""Two small jurisdictions for tests: any yes is enough in the US, only a confirmed one in Germany."""

from __future__ import annotations

from engine.domain.jurisdiction import GROUNDS, Jurisdiction, law_of

UNITED_STATES = Jurisdiction(
    "united-states", countries=frozenset({"US"}), enough=dict.fromkeys(GROUNDS), purchase="purchase"
)
GERMANY = Jurisdiction("germany", countries=frozenset({"DE"}), enough={"double opt-in": None})
LAW = law_of([UNITED_STATES, GERMANY])
