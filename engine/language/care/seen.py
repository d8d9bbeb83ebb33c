"""What a mail shows, in any language: links that say where they lead, pictures that have words, colours
that can be told apart (WCAG 2.2, success criteria 1.1.1, 1.4.3 and 2.4.4)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape

from engine.language.care.colours import Colour, colour_of, contrast, over
from engine.language.care.doubt import Doubt, Sample

_TAG = re.compile(
    r"<!--.*?-->|<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>", re.DOTALL
)
_ATTRIBUTE = re.compile(r"([a-zA-Z-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_ANCHOR = re.compile(r"<a\b([^<>]*)>((?:(?!</?a\b).)*)</a>", re.DOTALL | re.IGNORECASE)
_INNER_TAG = re.compile(r"<[^<>]*>")
_EMPTY_WORDS = frozenset({
    "here", "click here", "click", "click to proceed", "proceed", "link", "this link",
    "click this link", "tap here", "click below",
    "press here", "go here", "see here", "read more", "more", "learn more", "more info", "find out more",
    "see more", "show more", "more information", "details", "more details", "this", "this page",
    "this site", "website", "this website", "our website", "visit", "go", "follow this link", "url",
    "continue", "open", "button", "start here", "find out", "discover more", "view more", "info",
    "klick hier", "hier", "klicken sie hier", "mehr", "weiterlesen", "mehr erfahren", "ici",
    "cliquez ici", "en savoir plus", "aquí", "haz clic aquí", "leer más", "qui", "clicca qui",
})  # fmt: skip
_NO_DESCRIPTION = re.compile(
    r"(?:the |a |an |our |my )?(?:image|images|img|picture|pic|photo|photograph|photos|banner|"
    r"graphic|header|hero|icon|"
    r"illustration|placeholder|untitled|alt|alt text|spacer|bild|foto)"
    r"(?:[ _-]?(?:\d+|image|picture|photo|banner))?(?: of(?: \d+)?| here)?"
    r"|(?:pic|picture|image|photo) \d+(?: of \d+)?"
    r"|(?:img|dsc|dscn|pxl|image|photo|screenshot|bild)[ _-]?[\d_-]+\S*"
    r"|[a-z0-9]+(?:_[a-z0-9]+){1,6}"
    r"|\S+\.(?:png|jpe?g|gif|webp|svg)",
    re.IGNORECASE,
)
_FEW_WORDS = 12
_LARGE = 24.0
_LARGE_BOLD = 18.66
_VOID = frozenset(
    {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
)
_SILENT = frozenset({"head", "style", "script", "title", "template"})
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|font-size\s*:\s*[01]px"
)
_SHOWS = re.compile(r"[\w]")
_SIZE = re.compile(r"(?:^|;|\s)(?:font-size\s*:\s*|font\s*:[^;]*?)(\d+(?:\.\d+)?)(px|pt)")
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)|font\s*:[^;]*\b(?:bold|[6-9]00)\b")
_HEADINGS = {"h1": 32.0, "h2": 24.0, "h3": 18.7}
_WHITE = Colour(255, 255, 255)
_BLACK = Colour(0, 0, 0)


def doubts(sample: Sample) -> Iterator[Doubt]:
    """Links, pictures and colours of the HTML part."""
    yield from _links(sample.html)
    yield from _pictures(sample.html)
    yield from _colours(sample.html)


def _said(html: str) -> str:
    return " ".join(unescape(_INNER_TAG.sub(" ", html)).split())


def _links(html: str) -> Iterator[Doubt]:
    told: set[str] = set()
    for found in _ANCHOR.finditer(html):
        said = _said(found[2])
        bare = said.lower().strip(" .!>→»:›")
        address = said.startswith(("http://", "https://", "www."))
        if said not in told and (bare in _EMPTY_WORDS or address):
            told.add(said)
            yield Doubt(
                "T506",
                f"the link `{said[:60]}` does not say where it leads",
                "name what is behind it, like `Choose a bag`; screen readers read links alone",
                said,
            )


def _attributes(text: str) -> dict[str, str]:
    return {
        name.lower(): unescape(double or single or bare)
        for name, double, single, bare in _ATTRIBUTE.findall(text)
    }


def _pictures(html: str) -> Iterator[Doubt]:
    linked = {
        image: bool(_said(link[2]))
        for link in _ANCHOR.finditer(html)
        for image in re.findall(r"<img\b[^<>]*>", link[2])
    }
    told: set[str] = set()
    for image in re.findall(r"<img\b[^<>]*>", html):
        known = _attributes(image)
        name = known.get("src", "").rpartition("/")[2][:60] or "a picture"
        alt = known.get("alt")
        if alt is None or name in told:
            continue  # without any `alt` the mail must not leave: T404
        told.add(name)
        if _NO_DESCRIPTION.fullmatch(alt.strip()):
            yield Doubt(
                "T526",
                f"`{alt.strip()}` does not describe the picture `{name}`",
                'say in a few words what it shows, or `alt=""` if it only decorates',
                alt.strip(),
            )
        elif not alt.strip() and linked.get(image) is False:
            yield Doubt(
                "T526",
                f"the picture `{name}` is a link, and nothing says where it leads",
                "describe in its `alt` what is behind it",
                name,
            )
        elif not alt.strip() and len(_said(_body(html)).split()) < _FEW_WORDS:
            yield Doubt(
                "T526",
                f"nearly everything is in the picture `{name}`, and it has no words",
                "write what it says into the mail, or into its `alt`",
                name,
            )


def _body(html: str) -> str:
    return re.sub(r"<(head|style|title)\b.*?</\1\s*>", "", html, flags=re.DOTALL | re.IGNORECASE)


# ── colours ───────────────────────────────────────────────────────────────────────────────────


class _Element:
    """What an element hands on to those inside it."""

    __slots__ = ("background", "bold", "colour", "hidden", "size", "tag")

    def __init__(
        self,
        tag: str,
        colour: Colour,
        background: Colour | None,
        size: float,
        bold: bool,
        hidden: bool,
    ) -> None:
        self.tag, self.colour, self.background = tag, colour, background
        self.size, self.bold, self.hidden = size, bold, hidden


def _colours(html: str) -> Iterator[Doubt]:
    """Text whose contrast with what is behind it is under 4.5 : 1 (3 : 1 where it is large)."""
    stack = [_Element("", _BLACK, _WHITE, 16.0, False, False)]
    told: set[tuple[Colour, Colour]] = set()
    end = 0
    for found in _TAG.finditer(html):
        inside = stack[-1]
        if not inside.hidden and inside.background is not None:
            text = html[end : found.start()]
            if text and _SHOWS.search(text):
                yield from _contrast(text, inside, inside.background, told)
        end = found.end()
        closing, tag, rest = found.group(1), (found.group(2) or "").lower(), found.group(3) or ""
        if not tag:
            continue
        if closing:
            if any(one.tag == tag for one in stack[1:]):
                while stack.pop().tag != tag:
                    pass
        elif tag not in _VOID and not rest.endswith("/"):
            stack.append(_element(tag, _attributes(rest), inside))


def _element(tag: str, known: Mapping[str, str], outside: _Element) -> _Element:
    style = known.get("style", "").lower()
    declared = dict(_declarations(style))
    hidden = outside.hidden or tag in _SILENT or bool(_HIDDEN.search(style))
    colour = colour_of(declared.get("color", "") or known.get("color", ""))
    background: Colour | None = outside.background
    painted = (
        declared.get("background-color") or declared.get("background") or known.get("bgcolor", "")
    )
    if "url(" in painted or "gradient" in painted or "background-image" in declared:
        background = None  # a picture behind it: nobody can compute that
    else:
        behind = colour_of(painted)
        if behind is not None:
            background = (
                over(behind, background) if background is not None or behind.alpha == 1 else None
            )
    size, bold = (
        _HEADINGS.get(tag, outside.size),
        outside.bold or tag in ("b", "strong", "th", *_HEADINGS),
    )
    sized = _SIZE.search(style)
    if sized:
        size = float(sized[1]) * (4 / 3 if sized[2] == "pt" else 1)
    bold = bold or bool(_BOLD.search(style))
    text = outside.colour
    if colour is not None:
        text = colour
    elif tag == "a" and "href" in known and "color" not in declared:
        text = Colour(0, 0, 238)  # as browsers show a link that has no colour of its own
    return _Element(tag, text, background, size, bold, hidden)


def _declarations(style: str) -> Iterator[tuple[str, str]]:
    for one in style.split(";"):
        name, _, value = one.partition(":")
        if value:
            yield name.strip(), value.replace("!important", "").strip()


def _contrast(
    text: str, inside: _Element, background: Colour, told: set[tuple[Colour, Colour]]
) -> Iterator[Doubt]:
    words = " ".join(unescape(text).split())
    shown = over(inside.colour, background)
    large = inside.size >= _LARGE or (inside.bold and inside.size >= _LARGE_BOLD)
    needed, ratio = (3.0 if large else 4.5), contrast(shown, background)
    if ratio >= needed or (shown, background) in told:
        return
    told.add((shown, background))
    yield Doubt(
        "T527",
        f"`{words[:40]}` is hard to see: {shown} on {background} has a contrast of {ratio:.1f}, and"
        f" {needed:g} is needed",
        "make the words darker or what is behind them lighter, or the other way round",
        words[:60],
    )
