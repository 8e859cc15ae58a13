"""What stands in the Word template of the recheck: summary, signatures, before and after side by side."""

from collections.abc import Iterator

from scripts.word.outline import SIGNED
from scripts.word.parts import Heading, Listing, Pairs, Part, SectionEnd, Signatures, Text


def outline() -> Iterator[Part]:
    """Every part of the recheck."""
    yield Text("LetterTitle", ("网络安全问题整改复查报告", "Recheck of findings"))
    yield Pairs(
        ("复查对象", "What is rechecked"),
        (
            (("被复查单位", "Organisation"), "{{ organisation }}"),
            (("整改通知书", "Notice"), "{{ notice }}　{{ notice_date }}"),
            (("复查单位", "By"), "{{ office }}"),
            (("复查人", "Person"), "{{ person }}"),
            (("复查日期", "Rechecked on"), "{{ date }}"),
            (("工具版本", "Tool"), "{{ tool }}　{{ generated_at }}"),
        ),
    )
    yield Heading("Plain", ("复查结论", "Result"))
    yield Pairs(
        ("复查结论", "Result"),
        (
            (("问题总数", "Findings"), "{{ findings }}"),
            (("已整改", "Rectified"), "{{ rectified }}"),
            (("未整改", "Not rectified"), "{{ not_rectified }}"),
            (("无法核实", "Not verified"), "{{ unverified }}"),
            (("超期未整改", "Overdue"), "{{ overdue }}"),
        ),
    )
    yield Listing(
        "severities",
        ("按严重程度", "By severity"),
        (
            (("严重程度", "Severity"), "=severity", 25),
            (("已整改", "Rectified"), "=rectified", 25),
            (("未整改", "Not rectified"), "=not_rectified", 25),
            (("无法核实", "Not verified"), "=unverified", 25),
        ),
    )
    yield Text("Body", ("{{ statement }}", "{{ statement }}"))
    yield Signatures(SIGNED)
    yield SectionEnd()
    yield Listing(
        "groups",
        ("整改前后对照", "Before and after"),
        (
            (("问题编号", "Number"), "number", 8),
            (("系统、资产", "System, asset"), "place", 9),
            (("问题", "Finding"), "problem", 13),
            (("整改前", "Before"), "before", 25),
            (("整改后", "After"), "after", 25),
            (("结论", "Result"), "=standing", 7),
            (("依据与处理", "Why, and acts"), "basis", 13),
        ),
    )
