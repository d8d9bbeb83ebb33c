"""P18.around: what reading a message costs beside its model, linear model alone, by processor time.

The texts are the customers' sentences of the development split, 73 characters on average, as the import
reads them: cleaned, in their language, in sentences, with the phrases for what is sensitive, urgent or
sarcastic, and put together again. The model's own time is taken off, and no words are looked for that
speak for a mood, since those are readings of the model, too.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from engine.adapters.nlp.classifier import Classifier, Scores
from engine.adapters.nlp.pipeline import build
from engine.adapters.nlp.reader import SpacyMoodReader
from engine.adapters.nlp.training.customers import own
from engine.adapters.nlp.training.needs import data_folder
from engine.application.ports.mood_reader import Written

IDS = ("P18.around",)
ROUNDS, TEXTS = 5, 1_500


class Timed(Classifier):
    """The linear model, which counts its own time."""

    spent = 0.0

    def read(self, texts: Sequence[str]) -> Scores:
        began = time.process_time()
        found = super().read(texts)
        Timed.spent += time.process_time() - began
        return found


def main() -> None:
    model = Timed.load(backend="linear")
    reader = SpacyMoodReader(build("linear", with_evidence=False, classifier=model))
    at = datetime(2026, 11, 1, tzinfo=UTC)
    texts = [one.text for one in own(data_folder() / "customer-feedback", "dev")][:TEXTS]
    messages = [
        Written(message=str(number), at=at, source="review", text=text)
        for number, text in enumerate(texts)
    ]
    list(reader.read(messages[:100]))
    rates = []
    for _ in range(ROUNDS):
        Timed.spent, began = 0.0, time.process_time()
        assert sum(1 for _ in reader.read(messages)) == len(messages)
        rates.append(len(messages) / (time.process_time() - began - Timed.spent))
    row = {
        "value": round(statistics.median(rates)),
        "low": round(min(rates)),
        "high": round(max(rates)),
        "rounds": ROUNDS,
        "unit": "texts/s",
    }
    print(json.dumps({"P18.around": row}))


if __name__ == "__main__":
    main()
