"""The page: self-contained, inert, readable without JavaScript, the same in both languages."""

import base64
import hashlib
import json
import re
import resource
from html.parser import HTMLParser
from pathlib import Path

import pytest

from secaudit.content.folder import content_dir
from secaudit.errors import ContentError, UsageError
from secaudit.model.text import Language
from secaudit.report import Material, html, view_of, write_html, write_json
from secaudit.report.charts import stacked
from secaudit.report.html import GROUPS_SHOWN, render_html
from secaudit.report.texts import load_texts
from tests.unit.report.test_view import of_a_sample


class Page(HTMLParser):
    """What a browser would see: tags with attributes, ids, links, text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def page(material: Material, language: Language) -> Page:
    return Page("".join(render_html(view_of(material), language)))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_of_a_target_becomes_markup(material: Material, language: Language) -> None:
    seen = page(material, language)
    assert [tag for tag, _attributes in seen.tags].count("script") == 1
    assert "<script>alert(1)</script>\\x1b[31m\\x00\\u202e=cmd" in seen.text
    assert not [name for _tag, attributes in seen.tags for name in attributes if name.startswith("on")]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_is_loaded_from_elsewhere(material: Material, language: Language) -> None:
    seen = page(material, language)
    links = [a.get("href") or a.get("src") or "" for _tag, a in seen.tags if "href" in a or "src" in a]
    assert links
    assert all(link.startswith("#") for link in links)
    policy = next(a["content"] for t, a in seen.tags if t == "meta" and "http-equiv" in a)
    assert policy is not None
    assert "default-src 'none'" in policy
    assert not [a for _tag, a in seen.tags if "style" in a], "the policy blocks style attributes"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_link_has_its_target(material: Material, language: Language) -> None:
    seen = page(material, language)
    ids = {a["id"] for _tag, a in seen.tags if "id" in a}
    assert {str(a["href"])[1:] for tag, a in seen.tags if tag == "a"} <= ids


def test_the_policy_admits_exactly_our_style_and_script(material: Material) -> None:
    html = "".join(render_html(view_of(material), "zh"))
    for tag in ("style", "script"):
        inline = re.search(f"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        assert inline
        digest = base64.b64encode(hashlib.sha256(inline[1].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in html


def test_without_javascript_summary_and_problems_are_there(material: Material) -> None:
    html = "".join(render_html(view_of(material), "zh"))
    static = html[: html.index("<script>")]
    assert "计划判定 6 项" in static
    assert "高风险情形候选 HR-15" in static
    assert re.search(r'<form class="filter" hidden', static), "filters need the script, so they wait for it"


def test_english_holds_no_chinese_of_ours(material: Material) -> None:
    seen = page(material, "en")
    names = "协同办公系统 主机1 主机2 主机3 某市网络安全办公室 某市 某局 值班岗 安全管理员"
    left = seen.text
    for name in (*names.split(), "/* ", "符合", "部分", "不", "适用", "待核实"):
        left = left.replace(name, "")
    assert not re.findall("[\u4e00-\u9fff]+", left)


def test_what_was_seen_is_told_in_the_language_of_the_report(material: Material) -> None:
    told = {language: page(material, language).text for language in ("zh", "en")}
    assert ("口令字段为空" in told["zh"], "口令字段为空" in told["en"]) == (True, False)
    assert ("an empty password field" in told["zh"], "an empty password field" in told["en"]) == (False, True)


def test_an_open_item_is_never_called_compliant(material: Material) -> None:
    html = "".join(render_html(view_of(material), "zh"))
    item = html[html.index('<details class="item"') :]
    badge = re.search(r"c-(\S+?)\"", item)
    assert badge
    assert badge[1] == "待核实"
    assert "最差 不符合，最好 部分符合" in item


def test_who_allowed_the_visits_is_told(material: Material) -> None:
    chinese, english = (page(material, language).text for language in ("zh", "en"))
    assert "周一至周五 22:00-05:00" in chinese
    assert "oa、dmz、含外部端口" in chinese
    assert "mon-fri 22:00-05:00" in english
    assert "No. 15" in english


def test_files_are_private_and_whole(material: Material, tmp_path: Path) -> None:
    view = view_of(material)
    write_html(view, tmp_path / "out" / "a.html", "zh")
    write_json(view, tmp_path / "out" / "a.json")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.html", "a.json"]
    assert all(path.stat().st_mode & 0o077 == 0 for path in (tmp_path / "out").iterdir())


def test_a_folder_that_is_none_is_named(material: Material, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UsageError, match=r"a\.html cannot be written") as caught:
        write_html(view_of(material), tmp_path / "file" / "a.html", "zh")
    assert caught.value.hint


def test_a_write_that_fails_half_way_leaves_no_half_file(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("the report of last night")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))
    try:
        with pytest.raises(UsageError, match="File too large"):
            write_json({"full": "x" * 200_000}, tmp_path / "a.json")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [path.read_text() for path in tmp_path.iterdir()] == ["the report of last night"]


def test_texts_name_every_bad_entry(tmp_path: Path) -> None:
    path = tmp_path / "texts.yaml"
    path.write_text("a: {zh: 甲, en: A}\nb: {zh: 乙}\nc: {zh: '', en: C}\n", "utf-8")
    with pytest.raises(ContentError) as caught:
        load_texts(path)
    assert [(problem.line, problem.field) for problem in caught.value.problems] == [(2, "b"), (3, "c.zh")]


def test_segments_fill_the_bar() -> None:
    segments = stacked(("a", "b", "c"), {"a": 1, "b": 0, "c": 3}, 400)
    assert [(segment.name, segment.x, segment.width) for segment in segments] == [
        ("a", 0, 100),
        ("c", 100, 300),
    ]
    assert stacked(("a",), {"a": 0}, 400) == []


def test_every_text_of_the_templates_exists() -> None:
    folder = content_dir("reports") / "self-assessment"
    texts = load_texts(folder / "texts.yaml")
    asked = {
        key for path in folder.glob("*.j2") for key in re.findall(r'\bt\("([^"]+)"', path.read_text("utf-8"))
    }
    assert {key for key in asked if not key.endswith("_")} <= set(texts)


@pytest.mark.parametrize(("language", "told"), [("zh", "未抽中，不计入测评"), ("en", "not sampled")])
def test_a_page_shows_what_was_found_where_nobody_sampled(
    material: Material, language: Language, told: str
) -> None:
    shown = page(of_a_sample(material), language).text
    assert told in shown
    assert "同型号 <b>" in shown
    assert page(material, language).text.count(told) == 0


def test_more_groups_than_are_drawn_are_data_on_a_screen_and_rows_on_paper(material: Material) -> None:
    view = json.loads(json.dumps(view_of(material)))
    group = view["problems"][0]["groups"][0]
    view["problems"] = view["problems"][:1]
    view["problems"][0]["groups"] = [{**group, "verdict": "PARTIAL"} for _each in range(GROUPS_SHOWN + 3)]
    screen = "".join(render_html(view, "zh"))
    data = re.findall(r'<script type="application/json">(.*?)</script>', screen)
    assert [len(json.loads(one)) for one in data] == [3]
    told = json.loads(data[0])[0]
    assert told[0] == "PARTIAL"
    assert told[3] == group["offenders_total"]
    assert told[2][0][0] == group["offenders"][0]["id"]
    assert screen.count('<div class="found">') == GROUPS_SHOWN
    assert "其余 3 组对象" in screen
    paper = "".join(render_html(view, "zh", paper=True))
    assert paper.count('<div class="found">') == GROUPS_SHOWN + 3


def test_more_evidence_than_a_browser_bears_is_left_out_and_that_is_told(
    material: Material, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = view_of(material)
    assert "原始证据清单过长" not in "".join(render_html(view, "zh"))
    monkeypatch.setattr(html, "OUTPUTS_LIMIT", 10)
    cut = "".join(render_html(view, "zh"))
    assert "原始证据清单过长" in cut
    assert 'class="evidence"' not in cut
    assert view["outputs"]
