"""Names that try to run, to break out or to break the page: nothing of them is ever executed or fetched."""

import datetime as dt
import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page

from orgsim import Ledger, Source, SourceRef, When
from orgsim.events import Appoint, CreatePost, Event, Hire, OpenUnit
from orgsim.page import GapBar, Outlook, embedded, write_page
from tests.exporters.hostile import HOSTILE
from tests.page.conftest import Open, Watched
from tests.page.looking import cut_off, overlapping

RUN = "globalThis.pwned = 1"
NAMES = (
    f"<script>{RUN}</script>",
    f"</script><script>{RUN}</script>",
    f"</style><script>{RUN}</script>",
    f"</title><script>{RUN}</script>",
    f"<!--<script>{RUN}</script>",
    f"--><script>{RUN}</script>",
    f"<img src=x onerror='{RUN}'>",
    f"<svg onload='{RUN}'>",
    f"<svg><script>{RUN}</script></svg>",
    f"<iframe srcdoc='<script>parent.{RUN[11:]}</script>'>",
    f"<body onload='{RUN}'>",
    f"<details open ontoggle='{RUN}'>",
    f"<input autofocus onfocus='{RUN}'>",
    f"<a href='javascript:{RUN}'>click</a>",
    f'" onmouseover="{RUN}" x="',
    f"' onfocus='{RUN}' autofocus x='",
    f"`${{{RUN}}}`",
    f"${{{RUN}}}",
    "$policy $title $script $data $$",
    f"{{{{constructor.constructor('{RUN}')()}}}}",
    f"\\u003cscript\\u003e{RUN}\\u003c/script\\u003e",
    f"'];{RUN};['",
    f'"}}]}});{RUN};//',
    f"*/{RUN}/*",
    "<link rel=stylesheet href=https://example.org/x.css>",
    "<meta http-equiv=refresh content='0;url=https://example.org/'>",
    "<img src=https://example.org/x.png>",
    "<base href=https://example.org/>",
    "<style>*{background:url(https://example.org/x)}</style>",
    "@import url(https://example.org/x)",
    "__proto__",
    "constructor",
    "hasOwnProperty",
    "toString",
    *HOSTILE,
)
ON = When.on(dt.date(2024, 1, 1))


def full_of(names: tuple[str, ...]) -> Ledger:
    """A ledger in which everything a person can write is one of the names."""
    events: list[Event] = [OpenUnit(date=ON, unit="acme", name=names[0], unit_kind="organization")]
    sources = []
    for number, name in enumerate(names):
        source = f"s{number}"
        sources.append(Source(source, title=name, url=f"javascript:{RUN}//{number}", publisher=name, file=name))
        said: dict[str, Any] = {
            "date": ON,
            "note": name,
            "by": name,
            "source": (SourceRef(source, quote=name, page=name),),
        }
        events += [
            Hire(person=f"person{number}", organization="acme", name=name, **said),
            CreatePost(post=f"post{number}", title=name, unit="acme", level=name, critical=True, **said),
            Appoint(person=f"person{number}", post=f"post{number}", **said),
        ]
    return Ledger(events, (), sources)


WALK = """async () => {
  const wait = () => new Promise((done) => setTimeout(done, 0));
  const search = document.getElementById("search");
  for (const box of document.querySelectorAll(".box")) {
    box.dispatchEvent(new MouseEvent("mouseover", { bubbles: true }));
    box.focus();
    box.click();
    document.querySelectorAll("#panel details").forEach((details) => { details.open = true; });
    await wait();
  }
  for (const row of document.querySelectorAll(".row .label")) {
    search.value = row.textContent;
    search.dispatchEvent(new Event("input"));
    document.querySelector("#found li")?.click();
    await wait();
  }
  document.getElementById("compare").click();
  orgsim.go("2023-12-31");
  await wait();
  document.getElementById("compare").click();
  orgsim.go("2024-01-02");
}"""


def pwned(page: Page) -> bool:
    """Whether any of the names ran."""
    return bool(page.evaluate("'pwned' in globalThis"))


@pytest.mark.browser
def test_hostile_names_are_only_text(open_page: Open) -> None:
    """More than forty hostile names, as names, titles, notes, quotations and sources, all shown and none executed."""
    assert len(NAMES) >= 40
    day = dt.date(2024, 2, 1)
    bars = (GapBar(0, 30, 0.5, 0.4, 0.6), GapBar(30, None, 0.5, 0.4, 0.6))
    result = Outlook(NAMES[1], NAMES[2], (day,), ((0.5, (3.0,)),), gaps=bars, note=NAMES[3])
    page = open_page(write_page(full_of(NAMES), result))
    page.evaluate(WALK)
    page.locator("#outlook").click()
    assert not pwned(page)
    shown = page.evaluate("() => Object.values(orgsim.chart('2024-01-01').people).map((person) => person.name)")
    assert shown == [" ".join(name.split()) if name.strip() != name else name for name in NAMES]
    assert (overlapping(page), cut_off(page)) == ([], [])
    titles = set(page.locator(".box .title").all_text_contents())
    assert len(titles & set(NAMES)) > 40


@pytest.mark.browser
def test_the_control_page_is_caught(watched: Watched) -> None:
    """The same names put into a page as markup, without its policy, do run: the test above can fail."""
    html = write_page(full_of(NAMES[:4]))
    markup = "".join(name for name in NAMES if re.match("<(img|svg|iframe)", name))
    naked = re.sub(r"<meta http-equiv=\"Content-Security-Policy\"[^>]*>", "", html)
    assert naked != html
    page = watched.open(naked.replace("<header", f"{markup}<header", 1))
    page.wait_for_timeout(200)
    assert pwned(page)


@pytest.mark.browser
def test_the_policy_alone_holds(watched: Watched) -> None:
    """Even if markup got into the page, the policy would refuse to run or fetch it, and the refusal is noticed."""
    markup = "".join(name for name in NAMES if re.match("<(script|img|svg|link|style)", name))
    html = write_page(full_of(NAMES[:4])).replace("<header", f"{markup}<header", 1)
    page = watched.open(html)
    page.wait_for_timeout(200)
    assert not pwned(page)
    assert any("refused script-src" in said for said in watched.complaints)
    for said in watched.complaints:
        if said.startswith("request: "):  # it is noticed even when it is refused
            assert any(f"'{said[9:]}' violates" in other for other in watched.complaints)


def test_data_stays_data() -> None:
    """No sign that ends an element or a line of script is left in embedded data, and it reads back the same."""
    signs = "".join(map(chr, range(0x20, 0x2100)))
    for text in (*NAMES, signs):
        found = embedded([text, {text: text}])
        assert not set(found) & set("<>&\u2028\u2029")
        assert json.loads(found) == [text, {text: text}]
