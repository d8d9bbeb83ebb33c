"""P18: reading moods: texts a second on one core, how long one message takes, memory and size on disk.

The texts are the development split of GoEmotions, 13 words on average, and sentences of customers.
Throughput is by processor time, so that a busy machine does not count; the time of one message is by
the clock. Memory is what loading the model and reading 200 texts adds to a fresh process.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

IDS = ("P18",)
ROUNDS = 5
TEXTS = {"hybrid": 600, "linear": 5_000}
MEMORY = """
import resource, sys
import numpy
from engine.adapters.nlp.classifier import Classifier
def resident():
    return int(open("/proc/self/statm").read().split()[1]) * resource.getpagesize()
before = resident()
Classifier.load(backend=sys.argv[1]).predict([f"where is my order number {n}?" for n in range(200)])
print((resident() - before) / 1e6)
"""


def main() -> None:
    from engine.adapters.nlp.classifier import ARTEFACT, Backend, Classifier
    from engine.adapters.nlp.training.customers import own
    from engine.adapters.nlp.training.needs import data_folder
    from engine.adapters.nlp.training.rows import goemotions

    data = data_folder()
    texts = list(goemotions(data / "goemotions" / "dev.tsv").texts)
    texts += [one.text for one in own(data / "customer-feedback", "dev")]
    texts = texts[:: max(1, len(texts) // 5_000)]
    found = {}
    backends: tuple[Backend, ...] = ("hybrid", "linear")
    for backend in backends:
        classifier = Classifier.load(backend=backend)
        some = texts[:: len(texts) // TEXTS[backend]] if len(texts) > TEXTS[backend] else texts
        classifier.predict(some[:50])
        rates = []
        for _ in range(ROUNDS):
            start = time.process_time()
            classifier.predict(some)
            rates.append(len(some) / (time.process_time() - start))
        found[f"P18.{backend}"] = row(rates, "texts/s")
        alone = []
        for text in some[:500]:
            start = time.perf_counter()
            classifier.predict([text])
            alone.append((time.perf_counter() - start) * 1000)
        cuts = statistics.quantiles(alone, n=100)
        for name, cut in (("p50", cuts[49]), ("p95", cuts[94])):
            found[f"P18.{backend}.{name}"] = {
                **row([cut], "ms"),
                "low": round(min(alone), 2),
                "high": round(max(alone), 2),
                "rounds": len(alone),
            }
        found[f"P18.{backend}.memory"] = row([memory(backend) for _ in range(3)], "MB")
    found["P18.files"] = row([sum(size(file) for file in ARTEFACT.iterdir())], "MB")
    print(json.dumps(found))


def memory(backend: str) -> float:
    done = subprocess.run(
        [sys.executable, "-c", MEMORY, backend], capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def size(file: Path) -> float:
    return file.stat().st_size / 1e6


def row(values: list[float], unit: str) -> dict[str, object]:
    return {
        "value": round(statistics.median(values), 2),
        "low": round(min(values), 2),
        "high": round(max(values), 2),
        "rounds": len(values),
        "unit": unit,
    }


if __name__ == "__main__":
    main()
