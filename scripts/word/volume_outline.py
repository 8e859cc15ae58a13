"""What stands in the Word template of a volume: one table of the report that is too long for it, or a part of one."""

from collections.abc import Iterator

from scripts.word.outline import outline as report
from scripts.word.parts import Listing, Pairs, Part, SectionEnd, Text, When

LONG = ("points", "risks", "problems", "assets", "findings", "visits", "gaps", "records", "ports")


def outline() -> Iterator[Part]:
    """Every part of a volume; it holds the rows of one of the tables."""
    tables = [part for part in report() if isinstance(part, Listing) and part.rows in LONG]
    yield Text("Marking", ("编号：{{ number }}", "No. {{ number }}"))
    yield Text("Plain", ("自查报告　附录分册", "Self-assessment report: appendix volume"))
    for table in tables:
        yield When(table.rows, Text("Plain", table.caption))
    yield Pairs(
        ("", ""),
        (
            (("定级对象", "System"), "{{ system }}"),
            (("责任单位", "Organisation"), "{{ organisation }}"),
            (("分册", "Volume"), "{{ volume }} / {{ volumes }}"),
            (("本册行号", "Rows of this volume"), "{{ first }} – {{ last }} / {{ rows_all }}"),
            (("自查预判", "Predicted conclusion"), "{{ conclusion }}"),
            (("待核实步骤", "Steps open"), "{{ open_steps }}"),
            (("检查批次", "Run"), "{{ run }}"),
            (("报告日期", "Date"), "{{ date }}"),
            (("编制单位", "Prepared by"), "{{ office }}"),
            (("报告模板与取值规则", "Report template and rule"), "{{ template }} / {{ rule }}"),
            (("工具与内容", "Tool and content"), "{{ tool }} / {{ content_hash }}"),
            (("时区；Word 模板", "Time zone; Word template"), "{{ time_zone }}; {{ template_file }}"),
        ),
    )
    yield Text("Note", ("{{ statement }}", "{{ statement }}"))
    yield Text("Note", ("{{ rest }}", "{{ rest }}"))
    yield SectionEnd()
    for table in tables:
        yield When(table.rows, table)
