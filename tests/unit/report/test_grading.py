"""The reasoning of a grading: it names every object, degree and level, and what is still to be written."""

import pytest

from secaudit.model.grading import Degree, Grading, Harm, Harmed
from secaudit.report.grading import Subject, grading_report

GRADING = Grading(
    Harm(((Harmed.CITIZENS, Degree.ESPECIALLY_SERIOUS), (Harmed.SOCIETY, Degree.SERIOUS)), "公文", "泄露"),
    Harm(((Harmed.SOCIETY, Degree.GENERAL),)),
)


def test_the_reasoning_in_chinese() -> None:
    text = grading_report(GRADING, Subject("oa", "协同办公", "市局", "公文流转"), "zh")
    for said in (
        "协同办公（oa），由市局负责。公文流转",
        "受到破坏后侵害公民、法人和其他组织的合法权益；社会秩序、公共利益。",
        "对公民、法人和其他组织的合法权益造成特别严重损害；对社会秩序、公共利益造成严重损害。",
        "公民、法人和其他组织的合法权益受到特别严重损害，查表为第二级；社会秩序、公共利益受到严重损害，查表为第三级",
        "业务信息安全保护等级为第三级（S3）",
        "系统服务安全保护等级为第二级（A2）",
        "初步确定为第三级，记为 S3A2G3",
    ):
        assert said in text
    assert text.count("（待填写）") == 2  # what is served, and why its harm comes about


def test_the_reasoning_in_english_without_a_system() -> None:
    text = grading_report(GRADING, Subject(), "en")
    assert text.startswith("2 The level\n")
    assert "social order and public interest, serious harm: level 3 by the table" in text
    assert "level 3 as a first result, written S3A2G3" in text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_level_1_is_not_filed(language: str) -> None:
    low = Harm(((Harmed.CITIZENS, Degree.GENERAL),))
    text = grading_report(Grading(low, low), Subject(), "zh" if language == "zh" else "en")
    assert "S1A1G1" in text
    assert ("不须备案" if language == "zh" else "not filed") in text
