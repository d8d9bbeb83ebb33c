"""A folder of mails as one page to look at: a list to search on the left, the mail on the right.

The page is plain HTML with its data inside; it opens from the disk, without a server. Mails are shown
in a sandboxed frame, where nothing of them runs.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Shown:
    """One line of the list. `when` is local wall time as text, `path` relative to the folder;
    a mail that was held back has no path but a `reason`."""

    when: str
    person: str
    journey: str
    mail: str
    subject: str
    path: str = ""
    reason: str = ""


def write_gallery(
    folder: Path, title: str, summary: Sequence[tuple[str, str]], shown: Sequence[Shown]
) -> Path:
    """Write `index.html` into `folder` and give its path. `summary` is pairs of label and value."""
    rows = [[s.when, s.person, s.journey, s.mail, s.subject, s.path, s.reason] for s in shown]
    data = json.dumps(rows, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    figures = "".join(
        f"<div><b>{escape(value)}</b>{escape(label)}</div>" for label, value in summary
    )
    page = (
        _PAGE.replace("@@TITLE@@", escape(title))
        .replace("@@FIGURES@@", figures)
        .replace("@@DATA@@", data)
    )
    path = folder / "index.html"
    path.write_text(page, encoding="utf-8")
    return path


_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>@@TITLE@@</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
:root{color-scheme:light;--ink:#2c211b;--soft:#75665c;--line:#e6ddd4;--paper:#fbf8f4;--accent:#8a4b2a}
*{box-sizing:border-box}
body{margin:0;font:15px/1.45 system-ui,sans-serif;color:var(--ink);background:var(--paper);
display:grid;grid-template:auto 1fr/minmax(20rem,30rem) 1fr;height:100vh}
header{grid-column:1/-1;padding:1rem 1.4rem;border-bottom:1px solid var(--line)}
h1{font:600 1.35rem/1.2 Georgia,serif;margin:0 0 .6rem}
.figures{display:flex;flex-wrap:wrap;gap:.4rem 1.8rem;color:var(--soft);font-size:.85rem}
.figures b{display:block;color:var(--accent);font:600 1.25rem Georgia,serif}
nav{display:flex;flex-direction:column;min-height:0;border-right:1px solid var(--line)}
.tools{display:flex;gap:.5rem;padding:.7rem}
input,select{font:inherit;padding:.4rem .6rem;border:1px solid var(--line);border-radius:6px;
background:#fff;min-width:0;color:inherit}
input{flex:1}
ol{list-style:none;margin:0;padding:0;overflow:auto;flex:1}
li button{all:unset;display:block;width:100%;box-sizing:border-box;padding:.55rem .9rem;
border-top:1px solid var(--line);cursor:pointer}
li button:hover,li button:focus-visible{background:#f3ebe2}
li button[aria-current=true]{background:#efe2d4}
li b{font-weight:600}
li small{display:block;color:var(--soft)}
li .held{color:#9a3b1e}
main{min-height:0;display:flex;flex-direction:column}
main .size{display:flex;gap:.5rem;padding:.7rem;border-bottom:1px solid var(--line);align-items:center}
.size button{font:inherit;padding:.35rem .8rem;border:1px solid var(--line);border-radius:6px;background:#fff}
.size button[aria-pressed=true]{border-color:var(--accent);color:var(--accent)}
.stage{flex:1;overflow:auto;display:flex;justify-content:center;background:#efe9e2}
iframe{border:0;background:#fff;width:100%;height:100%}
iframe.phone{width:390px;box-shadow:0 0 0 1px var(--line)}
#count{color:var(--soft);padding:0 .9rem .5rem;font-size:.85rem}
@media(max-width:800px){body{grid-template:auto 45vh 1fr/1fr}}
</style></head><body>
<header><h1>@@TITLE@@</h1><div class="figures">@@FIGURES@@</div></header>
<nav aria-label="Mails"><div class="tools">
<input id="q" type="search" placeholder="Search people, mails, subjects" aria-label="Search">
<select id="j" aria-label="Journey"></select></div>
<div id="count" role="status"></div><ol id="list"></ol></nav>
<main><div class="size"><button id="wide" aria-pressed="true">Desktop</button>
<button id="phone" aria-pressed="false">Phone</button><span id="what"></span></div>
<div class="stage"><iframe id="mail" sandbox="allow-same-origin" title="The mail"></iframe></div></main>
<script>
const rows=@@DATA@@,list=document.getElementById('list'),q=document.getElementById('q'),
j=document.getElementById('j'),frame=document.getElementById('mail'),what=document.getElementById('what');
const journeys=[...new Set(rows.map(r=>r[2]))].sort();
for(const [v,t] of [['','All sent'],...journeys.map(n=>[n,n]),['!','Held back']])j.add(new Option(t,v));
function draw(){const w=q.value.toLowerCase(),v=j.value;let n=0;list.textContent='';
for(const r of rows){if(v==='!'?!r[6]:(r[6]||(v&&r[2]!==v)))continue;
if(w&&!r.join(' ').toLowerCase().includes(w))continue;
if(++n>300)continue;
const li=document.createElement('li'),b=document.createElement('button'),s=document.createElement('small');
const t=document.createElement('b');t.textContent=r[4]||r[3];b.append(t);
s.textContent=`${r[0]} · ${r[1]} · ${r[3]}`;b.append(s);
if(r[6]){const h=document.createElement('small');h.className='held';h.textContent=r[6];b.append(h)}
else b.onclick=()=>{for(const o of list.querySelectorAll('[aria-current]'))o.removeAttribute('aria-current');
b.setAttribute('aria-current','true');frame.src=r[5];what.textContent=`${r[1]}, ${r[0]}`};
li.append(b);list.append(li)}
const found=`${n.toLocaleString('en')} found`;
document.getElementById('count').textContent=n>300?`${found}, the first 300 shown`:found;
const first=list.querySelector('button');if(first&&first.onclick&&!frame.src)first.onclick()}
q.oninput=draw;j.onchange=draw;
for(const id of ['wide','phone'])document.getElementById(id).onclick=()=>{
frame.className=id==='phone'?'phone':'';
for(const o of ['wide','phone'])document.getElementById(o).setAttribute('aria-pressed',o===id)};
draw();
</script></body></html>
"""
