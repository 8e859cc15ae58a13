"""The impact notice tells what the plan holds, and what it does not know."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from secaudit.audit import Asked, make_plan
from secaudit.audit.impact import Circumstances, Measured, impact_of, measured
from secaudit.cli.notice_text import WIDTH, notice_lines
from secaudit.model.evidence import Gap, GapReason, Observation
from secaudit.model.register import Asset, Authorisation, Blackout, Contact
from secaudit.model.run import AssetRecord
from secaudit.model.text import Language, Text
from secaudit.register.windows import window_from
from secaudit.report.notice_html import notice_words, render_notice
from tests.unit.audit import samples

HOSTILE = "<script>alert(1)</script>\x1b[31m"
SECRETIVE = replace(samples.NAME, reduces=Text("不输出组口令", "group passwords are not printed"))
FACTS = {**samples.FACTS, "name": replace(samples.FACTS["name"], probes=(SECRETIVE,))}
ALLOWED = replace(samples.authorisation(port_scan=True), windows=(window_from("mon-fri 22:00-05:00"),))
ABOUT = Circumstances(
    office="某局",
    now=samples.NOW,
    authorisations={"a-1": ALLOWED},
    blackouts=(
        Blackout(samples.NOW, samples.NOW + timedelta(days=1), "重保", ("oa",)),
        Blackout(samples.NOW - timedelta(days=9), samples.NOW - timedelta(days=8), "过去"),
    ),
    refusals={"oa-2": "nobody allowed it"},
    last={},
    jobs=4,
    visit_s=300,
    more_ports=500,
)


def view(about: Circumstances = ABOUT, *, allowed: bool = True) -> dict[str, Any]:
    """The notice on two hosts, of which the first is allowed."""

    def authorise(_system: str, asset: Asset) -> Authorisation | None:
        return ALLOWED if allowed and asset.id == "oa-1" else None

    system = replace(samples.system(), contacts=(Contact("operations", HOSTILE, "010-1"),))
    plan = make_plan(samples.register(system), samples.content(), FACTS, Asked(), authorise)
    return impact_of(plan, samples.content(), FACTS, about)


def text(told: dict[str, Any], language: Language = "en") -> str:
    """The notice for a terminal."""
    return "\n".join(notice_lines(told, notice_words(language)))


def test_what_is_asked_stands_there_with_its_rights() -> None:
    told = view()
    (system,) = told["systems"]
    first, second = system["assets"]
    assert (first["commands"], first["as_root"], first["authorisation"]) == (2, 1, "a-1")
    assert first["outside_ports"]
    assert (second["authorisation"], second["refusal"]) == ("", "nobody allowed it")
    assert [(topic["title"]["en"], topic["commands"], topic["as_root"]) for topic in told["topics"]] == [
        ("text", 1, 0),
        ("text", 1, 1),
    ]
    assert sum(topic["commands"] for topic in told["topics"]) == first["commands"]
    assert [command["id"] for command in told["commands"][0]["commands"]] == ["age", "name"]
    how = {"zh": "不输出组口令", "en": "group passwords are not printed"}
    assert told["secrets"] == [{"how": how, "commands": ["name"]}]
    assert [command["reduces"] for command in told["commands"][0]["commands"]] == ["", how["en"]]
    assert [period["reason"] for period in told["blackouts"]] == ["重保"]


def test_without_measurements_the_limits_are_told() -> None:
    told = view()
    assert (told["load"]["expected_s"], told["load"]["at_most_s"], told["load"]["jobs"]) == (None, 300, 2)
    assert "not measured for all assets yet; by its limits 5 min at most" in text(told)
    one = {"oa-1": Measured(8.0, 2.5, 5000)}
    assert view(replace(ABOUT, last=one))["load"]["expected_s"] is None


def test_what_was_measured_is_told() -> None:
    last = {"oa-1": Measured(8.0, 2.5, 5000), "oa-2": Measured(2.0, 1.5, 9000)}
    told = view(replace(ABOUT, last=last, jobs=1))
    assert (told["load"]["expected_s"], told["load"]["at_most_s"]) == (10, 600)
    assert "about 10 s (as measured last), 10 min at most" in text(told)
    assert "at most 9 KiB when last measured" in text(told)
    # the longest visit is the least, however many are side by side
    assert view(replace(ABOUT, last=last))["load"]["expected_s"] == 8


def test_a_visit_is_measured_where_there_was_one() -> None:
    seen = Observation("age", "hash", "cat /age", output=b"12345", duration_ms=1500)
    end = samples.NOW + timedelta(seconds=4)
    visited = AssetRecord("oa-1", samples.NOW, end, None, "a-1", None, {}, ())
    assert measured(visited, (seen, seen)) == Measured(4.0, 3.0, 10)
    assert measured(replace(visited, gap=Gap(GapReason.UNREACHABLE)), ()) is None
    assert measured(replace(visited, channel={"transport": "bundle"}), (seen,)) is None


def test_assets_that_come_by_bundle_are_asked_by_hand() -> None:
    hosts = (samples.host("oa-1"), samples.host("oa-2", "bundle"))
    register = samples.register(samples.system("oa", *hosts))
    plan = make_plan(register, samples.content(), FACTS, Asked(), lambda _system, _asset: ALLOWED)
    last = {"oa-1": Measured(8.0, 2.5, 5000)}
    told = impact_of(plan, samples.content(), FACTS, replace(ABOUT, last=last))
    assert (told["load"]["assets"], told["load"]["expected_s"]) == (1, 8)
    assert "a person copies the script there as a file" in text(told)
    alone = replace(plan, assets=plan.assets[1:])
    carried = impact_of(alone, samples.content(), FACTS, ABOUT)["load"]
    assert (carried["expected_s"], carried["at_most_s"]) == (None, 0)


def test_without_an_authorisation_there_is_room_for_one() -> None:
    told = text(view(allowed=False))
    assert "No authorisation is valid yet" in told
    assert "secaudit authorise revoke ID" in told
    assert "No port is looked at from outside." in told
    assert "secaudit authorise add --system oa --until" in told


@pytest.mark.parametrize("language", ["zh", "en"])
def test_text_fits_a_terminal_of_100_columns(language: Language) -> None:
    lines = text(view(), language).splitlines()
    assert all(len(line) <= WIDTH for line in lines if not line.startswith("    "))
    assert not any("\x1b" in line for line in lines)


def test_html_is_inert_and_tells_the_same() -> None:
    page = "".join(render_notice(view(), "zh"))
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "周一至周五 22:00-05:00" in page
    assert "http" not in page.replace("http-equiv", "")
    assert page.count("<h2>") == 11


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_run_looks_like_what_is_run(language: Language) -> None:
    """Text that runs backwards or is invisible could show the approver another command; no listing ends early."""
    command = "cat '/srv/\u202egnp.elif\u202c' \u200b '</pre><img src=x onerror=alert(1)>'\n\ttrue \x1b[2K"
    told = view(replace(ABOUT, office="\u202eeciffo <b>"))
    told["commands"][0]["commands"][0]["command"] = command
    page, lines = "".join(render_notice(told, language)), text(told, language)
    for shown in (page, lines):
        assert not {"\u202e", "\u202c", "\u200b", "\x1b"} & set(shown)
        assert "\\u202egnp.elif\\u202c" in shown
        assert "\\u202eeciffo" in shown
    assert "&lt;/pre&gt;&lt;img src=x" in page
    assert "<img" not in page
    assert (
        page.count("<pre>") == page.count("</pre>") == sum(len(one["commands"]) for one in told["commands"])
    )
    assert told["commands"][0]["commands"][0]["command"] == command  # as data it is what it is


def test_printed_pages_are_numbered() -> None:
    assert "counter(page)" in "".join(render_notice(view(), "zh"))
