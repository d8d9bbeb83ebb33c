"""`S` and `P`: segments, grids and personas."""

from __future__ import annotations

from engine.language.catalogue.entry import GRID, PERSONA, edit

ENTRIES = (
    edit("S111", "An axis of the grid needs names",
         "Rows and columns are names with conditions; `any` is taken, because it names the sums.",
         GRID, "  upset: { upset: high }", "  any: { upset: high }"),
    edit("S112", "Nobody comes to what is below", "The first match wins, and `everyone_else` takes everyone who is left; so it stands last.",
         GRID, "  upset: { upset: high }\n  calm: everyone_else\n", "  calm: everyone_else\n  upset: { upset: high }\n"),
    edit("S113", "Two cells have one name", "A cell is called like its row and its column, with a hyphen between them.",
         GRID, "rows: { lifecycle: [new, active] }\ncolumns:\n",
         "rows: { new: { lifecycle: new }, new-not: { lifecycle: active } }\ncolumns:\n  not-upset: { happy: high }\n"),
    edit("S114", "This grid has too many cells", "Every cell is a segment that is kept up to date. Two hundred are more than anybody can look at.",
         GRID, "rows: { lifecycle: [new, active] }",
         f"rows: {{ points: [{', '.join(f'p{n}' for n in range(101))}] }}"),
    edit("P111", "This is not a mood", "`voice_when` changes the voice by one of the ten moods, or by `upset` and `happy`.",
         PERSONA, "sample:", "voice_when: { grumpy: { emoji: never } }\nsample:"),
)  # fmt: skip
