"""What emoji say: the feeling they are used for, in words, for only a few of the models' readers know
them. Unicode's own names do not help (a "face with tears of joy" is a laugh, "folded hands" a thank
you), so the table is ours. Emoji that say nothing of a feeling are left out."""

from __future__ import annotations

import re

_BY_WORD = {
    "furious": "😡🤬👿💢🖕",
    "angry": "😠",
    "so annoying": "😤🙄😒",
    "annoyed": "😑🫤",
    "awful": "🤮🤢💩",
    "bad": "👎",
    "disappointed": "😞😔😟🙁☹️☹",
    "sad": "😢🥺😥😿😓",
    "crying": "😭",
    "heartbroken": "💔",
    "tired of this": "😩😫🥱",
    "worried": "😰😨😧😦😬🥶😣😖",
    "scared": "😱🫣",
    "confused": "😕🤔🤨❓❔🤷🫠😵",
    "no idea": "🧐",
    "speechless": "🤦😶😐",
    "laughing": "😂🤣😹😆😄😁😀😃",
    "happy": "😊🙂☺️☺😺😇",
    "delighted": "🥳🎉🎊🤩🙌✨🎈💃🕺",
    "love it": "😍🥰❤️❤🧡💛💚💙💜🖤🤍🤎💖💗💓💞💕💝😘😻♥️♥💯🤗🫶",
    "amazing": "🔥🤯⭐🌟👏💪🏆🥇",
    "thank you": "🙏💐",
    "good": "👍👌✅😌🆗",
    "delicious": "😋🤤",
    "relieved": "😮‍💨",
    "shocked": "😲😮😯",
}

_JOINED = re.compile(r".\ufe0f|.\u200d.\ufe0f?|.", re.DOTALL)
MEANINGS = {
    sign.rstrip("\ufe0f"): word
    for word, signs in _BY_WORD.items()
    for sign in _JOINED.findall(signs)
}
"""The words for each emoji, without variation selectors."""

EMOTICONS = {
    ":)": "happy", ":-)": "happy", "(:": "happy", "=)": "happy", ":]": "happy", "^^": "happy",
    ":D": "laughing", ":-D": "laughing", "=D": "laughing",
    ";)": "happy", ";-)": "happy",
    "<3": "love it", ":*": "love it", "</3": "heartbroken",
    ":(": "sad", ":-(": "sad", "=(": "sad", "):": "sad", ":[": "sad",
    ":'(": "crying", ";(": "crying", "T_T": "crying", ";_;": "crying",
    ">:(": "angry", ">:-(": "angry", ">.<": "annoyed", "-_-": "annoyed",
    ":/": "annoyed", ":-/": "annoyed", ":\\": "annoyed", ":-\\": "annoyed", ":|": "annoyed",
    ":S": "confused", ":-S": "confused", "o_O": "confused", "O_o": "confused", "o.O": "confused",
}  # fmt: skip
"""The words for signs made of punctuation."""

_PICTURES = (
    "\U0001f000-\U0001faff\u2600-\u27bf\u2300-\u23ff\u2b00-\u2bff\u2190-\u21ff\u3030\u203c\u2049"
)
_EXTRAS = "\ufe0e\ufe0f\U0001f3fb-\U0001f3ff\u20e3"
EMOJI = rf"[{_PICTURES}](?:[{_EXTRAS}]|\u200d[{_PICTURES}])*"
"""A pattern for one emoji with its skin tone and what is joined to it."""

EMOTICON = r"(?<![\w:])(?:{})(?![\w/])".format(
    "|".join(re.escape(sign) for sign in sorted(EMOTICONS, key=len, reverse=True))
)
"""A pattern for a sign made of punctuation, standing alone."""

PARTS = frozenset(":;=<>^_")
"""A text without any of these letters has no such sign."""

_DRESS = re.compile("[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")


def meaning(sign: str) -> str:
    """The words for an emoji or a sign; "" for one that says nothing of a feeling."""
    if sign in EMOTICONS:
        return EMOTICONS[sign]
    plain = _DRESS.sub("", sign)
    return MEANINGS.get(plain) or MEANINGS.get(plain[:1], "")
