"""The page in a browser: it filters, searches, unfolds, and runs nothing but its own script."""

import json
from collections.abc import Iterator
from pathlib import Path
from shutil import which
from typing import Any

import pytest

from secaudit.report import Material, view_of, write_html
from secaudit.report.html import GROUPS_SHOWN
from tests.browser import Page, page
from tests.unit.report.conftest import HOSTILE

CHROMIUM = which("chromium") or which("chromium-browser") or which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
SHOWN = "[...document.querySelectorAll('.{}')].filter(row => !row.hidden).length"
ASK = (
    "(form => {{ form.elements['{}'].value = '{}'; form.dispatchEvent(new Event('input')); }})"
    "(document.querySelector('form[data-for={}]'))"
)


@pytest.fixture
def view(material: Material) -> dict[str, Any]:
    """The sample, with a second problem and more groups of objects than are drawn."""
    made: dict[str, Any] = json.loads(json.dumps(view_of(material)))
    first = made["problems"][0]
    group = first["groups"][0]
    places = ({**group, "objects": [{"asset": f"host{n}", "object": f"host{n}"}]} for n in range(20))
    first["groups"] = [group, *places]
    made["problems"].append({**first, "severity": "low", "groups": [group]})
    return made


@pytest.fixture
def shown(view: dict[str, Any], tmp_path: Path) -> Iterator[Page]:
    write_html(view, tmp_path / "r.html", "zh")
    with page(str(CHROMIUM), tmp_path / "profile") as opened:
        opened.open(tmp_path / "r.html")
        yield opened


def test_it_filters_searches_and_unfolds(shown: Page, view: dict[str, Any]) -> None:
    assert shown.run(SHOWN.format("problem")) == 2
    shown.run(ASK.format("severity", "high", "problem"))
    assert shown.run(SHOWN.format("problem")) == 1
    assert shown.run("document.querySelector('form[data-for=problem] output').textContent") == "1 / 2"
    shown.run(ASK.format("severity", "", "problem"))
    shown.run(ASK.format("text", "HOST19", "problem"))
    assert shown.run(SHOWN.format("problem")) == 1, "what is folded away is found, too"
    drawn = "document.querySelectorAll('details.rest .found').length"
    assert shown.run("document.querySelectorAll('.found').length") == GROUPS_SHOWN + 1
    assert shown.run(drawn) == 0
    shown.run(
        "new Promise(done => { const box = document.querySelector('details.rest');"
        " box.addEventListener('toggle', () => setTimeout(done)); box.open = true; })"
    )
    assert shown.run(drawn) == len(view["problems"][0]["groups"]) - GROUPS_SHOWN
    texts = shown.run("[...document.querySelectorAll('details.rest .found')].map(one => one.textContent)")
    assert "host19" in texts[-1]
    assert "<script>alert(1)</script>" in texts[-1]
    shown.run(ASK.format("text", "没有这样的内容", "item"))
    assert shown.run(SHOWN.format("item")) == 0


def test_nothing_but_its_own_script_runs(shown: Page) -> None:
    assert shown.errors == []
    assert HOSTILE.startswith("<script>")
    assert shown.run("document.scripts.length") == 3, "one acts, two are data"
    assert shown.run("performance.getEntriesByType('resource').length") == 0
    blocked = (
        "new Promise(done => { addEventListener('securitypolicyviolation', () => done('blocked'));"
        " const one = document.createElement('script'); one.textContent = 'window.ran = 1; '; "
        " document.body.append(one); if (window.ran) done('ran'); })"
    )
    assert shown.run(blocked) == "blocked"
    assert shown.run("window.ran === undefined") is True
