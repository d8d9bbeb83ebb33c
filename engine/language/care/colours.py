"""Colours of CSS, and how well one can be told from another (WCAG 2.2, relative luminance)."""

from __future__ import annotations

import re
from dataclasses import dataclass

_HEX = re.compile(r"#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})\b")
_RGB = re.compile(
    r"rgba?\(\s*([\d.]+%?)[\s,]+([\d.]+%?)[\s,]+([\d.]+%?)(?:[\s,/]+([\d.]+%?))?\s*\)"
)
_NAMES = {
    "black": "#000000", "white": "#ffffff", "red": "#ff0000", "green": "#008000", "blue": "#0000ff",
    "gray": "#808080", "grey": "#808080", "silver": "#c0c0c0", "lightgray": "#d3d3d3",
    "lightgrey": "#d3d3d3", "darkgray": "#a9a9a9", "darkgrey": "#a9a9a9", "dimgray": "#696969",
    "dimgrey": "#696969", "yellow": "#ffff00", "orange": "#ffa500", "pink": "#ffc0cb",
    "purple": "#800080", "brown": "#a52a2a", "maroon": "#800000", "navy": "#000080",
    "teal": "#008080", "olive": "#808000", "lime": "#00ff00", "aqua": "#00ffff", "cyan": "#00ffff",
    "magenta": "#ff00ff", "fuchsia": "#ff00ff", "gold": "#ffd700", "beige": "#f5f5dc",
    "ivory": "#fffff0", "tan": "#d2b48c", "khaki": "#f0e68c", "coral": "#ff7f50", "tomato": "#ff6347",
    "salmon": "#fa8072", "crimson": "#dc143c", "indigo": "#4b0082", "violet": "#ee82ee",
    "gainsboro": "#dcdcdc", "whitesmoke": "#f5f5f5", "lightblue": "#add8e6", "skyblue": "#87ceeb",
    "lightyellow": "#ffffe0", "lightgreen": "#90ee90", "darkblue": "#00008b", "darkgreen": "#006400",
    "darkred": "#8b0000", "slategray": "#708090", "chocolate": "#d2691e", "wheat": "#f5deb3",
    "linen": "#faf0e6", "snow": "#fffafa", "seashell": "#fff5ee", "peru": "#cd853f",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Colour:
    """Red, green and blue from 0 to 255, and how opaque it is."""

    red: int
    green: int
    blue: int
    alpha: float = 1.0

    def __str__(self) -> str:
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"


def colour_of(text: str) -> Colour | None:
    """The first colour that a value of CSS names; None where it names none."""
    value = text.strip().lower()
    if not value:
        return None
    found = _HEX.search(value)
    if found is None:
        rgb = _RGB.search(value)
        if rgb:
            red, green, blue = (_channel(part) for part in rgb.groups()[:3])
            return Colour(red, green, blue, _share(rgb[4]) if rgb[4] else 1.0)
        name = next((word for word in re.split(r"[\s,]+", value) if word in _NAMES), None)
        if name is None:
            return Colour(0, 0, 0, 0.0) if value == "transparent" else None
        return colour_of(_NAMES[name])
    digits = found[1]
    if len(digits) < 6:
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue = (int(digits[place : place + 2], 16) for place in (0, 2, 4))
    return Colour(red, green, blue, int(digits[6:8], 16) / 255 if len(digits) == 8 else 1.0)


def _channel(text: str) -> int:
    number = float(text.rstrip("%"))
    return min(255, round(number * 2.55 if text.endswith("%") else number))


def _share(text: str) -> float:
    number = float(text.rstrip("%"))
    return min(1.0, number / 100 if text.endswith("%") else number)


def over(top: Colour, behind: Colour | None) -> Colour:
    """What is seen where one colour lies over another."""
    if top.alpha >= 1 or behind is None:
        return Colour(top.red, top.green, top.blue)
    share = top.alpha
    mixed = (
        round(one * share + other * (1 - share))
        for one, other in (
            (top.red, behind.red),
            (top.green, behind.green),
            (top.blue, behind.blue),
        )
    )
    red, green, blue = mixed
    return Colour(red, green, blue)


def contrast(one: Colour, other: Colour) -> float:
    """From 1 (the same) to 21 (black on white)."""
    lights = sorted((luminance(one), luminance(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def readable_on(ground: str) -> str:
    """White or black, whichever stands out more on a colour of CSS."""
    behind = colour_of(ground)
    if behind is None:
        return "#000"
    white, black = Colour(255, 255, 255), Colour(0, 0, 0)
    return "#fff" if contrast(white, behind) >= contrast(black, behind) else "#000"


def luminance(colour: Colour) -> float:
    """Relative luminance, from 0 (black) to 1 (white)."""
    red, green, blue = (_linear(part / 255) for part in (colour.red, colour.green, colour.blue))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return float(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
