"""What stands in the Word template of the brief on a quarter: two pages."""

from collections.abc import Iterator

from scripts.word.parts import Listing, Part, Rows, Text


def outline() -> Iterator[Part]:
    """Every part of the brief."""
    yield Text("BriefTitle", ("{{ title }}", "{{ title }}"))
    yield Text(
        "BriefNumber",
        (
            "{{ organisation }}　{{ quarter }}（{{ span }}）　编号：{{ number }}",
            "{{ organisation }}, {{ quarter }} ({{ span }}), no. {{ number }}",
        ),
    )
    yield Text("Point", ("一、总体情况", "1. Overview"))
    yield Rows("overview", "BriefText", "text")
    yield Text("BriefChart", ("{{ chart_title }}", "{{ chart_title }}"))
    yield Text("BriefChart", ("{{ chart }}", "{{ chart }}"))
    yield Text("Point", ("二、与上季度比较", "2. Against the quarter before"))
    yield Listing(
        "changes",
        ("季末指标比较", "Figures at the end of the quarter"),
        (
            (("指标", "Figure"), "figure", 40),
            (("上季度末", "Before"), "=before", 20),
            (("本季度末", "Now"), "=now", 20),
            (("变化", "Change"), "=change", 20),
        ),
    )
    yield Text("Point", ("三、各定级对象", "3. Systems"))
    yield Listing(
        "systems",
        ("各定级对象季末状况", "Systems at the end of the quarter"),
        (
            (("定级对象", "System"), "name", 20),
            (("等级", "Grade"), "=grade", 11),
            (("审计次数", "Audits"), "=audits", 9),
            (("高", "High"), "=high", 7),
            (("中", "Medium"), "=medium", 11),
            (("低", "Low"), "=low", 7),
            (("未知", "Unknown"), "=unknown", 12),
            (("判定率", "Judged"), "=share", 10),
            (("资产", "Assets"), "=reached", 10),
            (("最近审计", "Last audit"), "=last", 14),
        ),
    )
    yield Text("Point", ("四、不通过最多的测评项", "4. Items that fail most"))
    yield Listing(
        "items",
        ("不通过最多的测评项", "Items that fail on most objects"),
        (
            (("测评项", "Item"), "id", 26),
            (("要求", "Requirement"), "name", 50),
            (("上季度末", "Before"), "=before", 12),
            (("测评对象数", "Objects"), "=failing", 12),
        ),
    )
    yield Text("Point", ("五、请有关责任人落实", "5. Who is asked for what"))
    yield Listing(
        "asked",
        ("责任人与未关闭问题", "Owners and open findings"),
        (
            (("责任人", "Owner"), "owner", 22),
            (("未关闭问题", "Open"), "=count", 12),
            (("其中高", "High"), "=high", 9),
            (("逾期", "Overdue"), "=overdue", 10),
            (("最近期限", "Next deadline"), "=deadline", 15),
            (("要求", "Asked"), "demand", 32),
        ),
    )
    yield Text(
        "Note",
        (
            "{{ statement }}{{ runs }}{{ version }}{{ template_file }}",
            "{{ statement }} {{ runs }} {{ version }} {{ template_file }}",
        ),
    )
