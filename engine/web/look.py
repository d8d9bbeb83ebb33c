"""How the pages look: calm, large enough for a thumb, by day and by night, in the business's colour."""

from __future__ import annotations

from dataclasses import dataclass

from engine.language.care.colours import readable_on

_DEFAULT_COLOUR = "#2f5d50"
_STYLE = """
:root { color-scheme: light dark; --accent: ACCENT; --on-accent: ON_ACCENT;
  --ground: #f6f4f1; --card: #fff; --ink: #24211e; --quiet: #5f5851; --line: #dcd6cf;
  --good: #eef5ee }
@media (prefers-color-scheme: dark) {
  :root { --ground: #171513; --card: #211e1b; --ink: #f1ede8; --quiet: #b8afa6; --line: #443e38;
    --good: #233026 } }
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; padding: 1.25rem 1rem 3rem; background: var(--ground);
  color: var(--ink); overflow-wrap: break-word;
  font: 1.0625rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif }
header, main { width: 100%; max-width: 34rem; margin: 0 auto }
header { display: flex; align-items: center; gap: .75rem; min-height: 3rem; margin-bottom: 1rem;
  padding: 0 .25rem; font-weight: 600 }
header img { max-height: 3rem; max-width: 10rem; width: auto; height: auto; display: block }
main { padding: 1.75rem 1.5rem 1.5rem; background: var(--card); border-radius: 1.25rem;
  border-top: .375rem solid var(--accent); box-shadow: 0 .5rem 2rem rgb(0 0 0 / .07) }
h1 { margin: 0 0 1.25rem; font-size: 1.75rem; line-height: 1.2; letter-spacing: -.01em;
  text-wrap: balance }
p, li, .pick span { text-wrap: pretty }
h2, legend { margin: 0 0 .625rem; padding: 0; font-size: 1.125rem; font-weight: 650;
  line-height: 1.35 }
p { margin: 0 0 1rem }
.quiet { color: var(--quiet); font-size: .9375rem; line-height: 1.5 }
.told { margin: 0 0 1.5rem; padding: .75rem 1rem; background: var(--good); border-radius: .75rem }
fieldset, section { margin: 0 0 2rem; padding: 0; border: 0; min-width: 0 }
section { padding-top: 1.5rem; border-top: .0625rem solid var(--line) }
section:last-child { margin-bottom: 0 }
label { display: block; margin: 0 0 .375rem }
.pick { display: flex; gap: .75rem; align-items: flex-start; min-height: 3rem; margin: 0;
  padding: .75rem .25rem; border-bottom: .0625rem solid var(--line); cursor: pointer }
fieldset .pick:last-of-type { border-bottom: 0 }
.pick span:first-letter, li:first-letter { text-transform: uppercase }
fieldset .quiet { margin: .5rem .25rem 0 }
input[type=checkbox], input[type=radio] { flex: none; width: 1.375rem; height: 1.375rem;
  margin: .125rem 0 0; accent-color: var(--accent) }
select, .line { width: 100%; min-height: 3rem; margin: 0; padding: .625rem .75rem; font: inherit;
  color: inherit; background: var(--card); border: .0625rem solid var(--quiet);
  border-radius: .75rem }
label.title { display: block; margin: 0 0 .625rem; font-size: 1.125rem; font-weight: 650 }
button { width: 100%; min-height: 3.25rem; padding: .75rem 1.5rem; border: 0;
  border-radius: .875rem; background: var(--accent); color: var(--on-accent); font: inherit;
  font-weight: 650; cursor: pointer }
.second { background: none; color: var(--ink); border: .125rem solid var(--quiet) }
.pick + button, button + .quiet, form + .quiet, form + form { margin-top: 1rem }
form + section { margin-top: 1.75rem }
:is(a, button, input, select):focus-visible { outline: .1875rem solid var(--ink);
  outline-offset: .1875rem }
ul { margin: 0 0 1rem; padding-inline-start: 1.25rem }
a { color: inherit; text-underline-offset: .2em }
nav { display: flex; flex-wrap: wrap; gap: 0 1.5rem; margin-top: 1.25rem }
nav a { display: inline-block; padding: .625rem 0; color: var(--quiet); font-size: .9375rem }
.aside { position: absolute; left: -100vw }
[role=alert] { font-weight: 600 }
span[role=alert] { display: block; margin-top: .375rem }
.line[aria-invalid] { border: .125rem solid var(--ink) }
@media (min-width: 40rem) { body { padding-top: 3rem } main { padding: 2.5rem } }
"""


@dataclass(frozen=True, slots=True)
class Look:
    """Whose page it is: the company's name, its colour as `#rgb` or `#rrggbb`, and the address of its
    logo, as seen from a page."""

    company: str = ""
    colour: str | None = None
    logo: str | None = None


def style(look: Look) -> str:
    """The whole style sheet."""
    colour = look.colour or _DEFAULT_COLOUR
    return _STYLE.replace("ON_ACCENT", readable_on(colour)).replace("ACCENT", colour)
