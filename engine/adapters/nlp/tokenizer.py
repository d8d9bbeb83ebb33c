"""A tokenizer that no text can stop.

spaCy's own takes a prefix at a time off a chunk, and so the square of the time for a chunk of 20,000
brackets; and it refuses half a surrogate pair. Ordinary texts go to it unchanged.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from spacy.language import Language, create_tokenizer
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc
from spacy.util import registry

TOKENIZER = "feedback_tokenizer"
_LONG = re.compile(r"\S{101}")
_TOKEN = re.compile(r"(\w{1,100}|[^\w\s]{1,100}|\s+)")
_HALVES = re.compile("[\ud800-\udfff]")


class FeedbackTokenizer(Tokenizer):  # type: ignore[misc]
    """English tokens. Halves of surrogate pairs become U+FFFD, so that all places stay the same."""

    def __call__(self, text: str) -> Doc:
        """The tokens of a text."""
        if not text.isprintable() and _HALVES.search(text):
            text = _HALVES.sub("\ufffd", text)
        if len(text) <= 100 or _LONG.search(text) is None:
            usual: Doc = super().__call__(text)
            return usual
        words = _TOKEN.findall(text)
        return Doc(self.vocab, words=words, spaces=[False] * len(words))


@registry.tokenizers(TOKENIZER)  # type: ignore[untyped-decorator]
def make_feedback_tokenizer() -> Callable[[Language], FeedbackTokenizer]:
    """Named in a pipeline's config: `[nlp.tokenizer]`, `@tokenizers = "feedback_tokenizer"`."""

    def make(nlp: Language) -> FeedbackTokenizer:
        usual = create_tokenizer()(nlp)
        return FeedbackTokenizer(
            nlp.vocab,
            rules=usual.rules,
            prefix_search=usual.prefix_search,
            suffix_search=usual.suffix_search,
            infix_finditer=usual.infix_finditer,
            token_match=usual.token_match,
            url_match=usual.url_match,
        )

    return make
