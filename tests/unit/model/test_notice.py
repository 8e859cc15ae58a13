"""The types of a notice hold no address, no host and no flaw, whatever they are made of."""

import dataclasses
import types
import typing
from datetime import date
from enum import Enum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.model.notice import (
    DocumentNumber,
    Notice,
    NoticeCounts,
    NoticeDeadline,
    NoticeEvent,
    NoticePart,
    OrganisationName,
    WatchVerdict,
    number_told,
    organisation_told,
)

PLACES = (
    "192.0.2.7",
    "portal.example.gov.cn",
    "/etc/shadow",
    "root@web1",
    "fe80::1",
    "http://intranet/x",
    "a\\b",
)


@pytest.mark.parametrize(
    "number", ["网安整〔2026〕3号", "2026-1", "公网安（2026）12号", "JC 2026-07", "[2026]5", "密评—2026—08"]
)
def test_numbers_of_documents_are_told(number: str) -> None:
    assert number_told(f" {number} ").text == number


@pytest.mark.parametrize(
    "text",
    [
        *PLACES,
        "CVE-2026-1234",
        "整改 CVE-2026-1",
        "cnvd-2026-00001",
        "CNNVD 202601",
        "MS17-010",
        "10-0-0-5",
        "00-1a-2b-3c-4d-5e",
    ]
    + ["", "无文号", "00-1a-2b-3c-4d-5e", "2026\n3号", "a" * 60 + "1", "1" * 61, "<b>1</b>", "2026;3"],
)
def test_what_is_no_plain_number_is_not_told(text: str) -> None:
    assert number_told(text) == DocumentNumber("")


def test_a_number_that_names_an_asset_is_not_told() -> None:
    names = ("portal-web1", "门户服务器", "oa", "", " ")
    assert number_told("整改-PORTAL-WEB1-3", names).text == ""
    assert number_told("门户服务器2026-3", names).text == ""
    assert number_told("2026-oa-3", names).text == ""
    assert number_told("2026-oas-3", names).text == "2026-oas-3"


def test_names_of_organisations_are_told() -> None:
    for name in ("某市大数据局", "Bureau of Data (A. City)", "第三·四联合中心"):
        assert organisation_told(name).text == name


@pytest.mark.parametrize("place", PLACES)
def test_a_name_with_a_place_in_it_is_not_told(place: str) -> None:
    assert organisation_told(f"某局 {place}") == OrganisationName("")
    assert organisation_told("某局 gate", ["gate"]) == OrganisationName("")


@given(st.text())
def test_any_text_is_told_or_left_out(text: str) -> None:
    assert number_told(text).text in ("", text.strip())
    assert organisation_told(text).text in ("", text.strip()[:300])


@pytest.mark.parametrize("text", [*PLACES, "CVE-2026-1234", "10-0-0-5"])
def test_neither_type_can_be_made_of_such_a_text(text: str) -> None:
    with pytest.raises(ValueError, match="no number"):
        DocumentNumber(text)
    if text in PLACES:
        with pytest.raises(ValueError, match="no name"):
            OrganisationName(text)


def test_a_name_has_an_end() -> None:
    with pytest.raises(ValueError, match="no name"):
        OrganisationName("局" * 301)


def test_a_notice_holds_nothing_but_figures_days_and_the_two_guarded_texts() -> None:
    assert leaves(Notice) == {NoticeEvent, WatchVerdict, date, int, bool, DocumentNumber, OrganisationName}


def leaves(type_: object) -> set[object]:
    """The types that everything in a type comes down to; the guarded texts are leaves."""
    if type_ in (DocumentNumber, OrganisationName):
        return {type_}
    if dataclasses.is_dataclass(type_):
        return {leaf for one in typing.get_type_hints(type_).values() for leaf in leaves(one)}
    if typing.get_origin(type_) in (tuple, types.UnionType):
        return {leaf for one in typing.get_args(type_) if one is not ... for leaf in leaves(one)}
    if type_ is type(None):
        return set()
    assert isinstance(type_, type)
    assert issubclass(type_, (Enum, date, int)), type_
    return {type_}


def test_counts_of_systems_add_up_and_those_of_nights_go_on() -> None:
    first, second = NoticeCounts(new=1, closed=2, open=5, gaps=1), NoticeCounts(new=3, reopened=1, open=7)
    assert first.plus(second) == NoticeCounts(new=4, closed=2, reopened=1, open=12, gaps=1)
    assert second.after(first) == NoticeCounts(new=4, closed=2, reopened=1, open=7, gaps=0)


def test_the_total_is_of_all_organisations() -> None:
    parts = tuple(NoticePart(OrganisationName(name), 1, NoticeCounts(new=1, open=2)) for name in ("甲", "乙"))
    assert Notice(NoticeEvent.DIGEST, date(2026, 1, 1), parts=parts).total() == NoticeCounts(new=2, open=4)


def test_deadlines_hold_guarded_numbers_only() -> None:
    with pytest.raises(ValueError, match="no number"):
        NoticeDeadline(DocumentNumber("10.0.0.1"), date(2026, 1, 1), 1)
