"""The tables of the Word report: what is to be done, and the appendices."""

from collections.abc import Iterator

from scripts.word.parts import Heading, Listing, Pairs, Part, Text

RISKS = (
    (("风险", "Risk"), "risk", 11),
    (("隐患", "Hazard"), "=hazard", 10),
    (("情形", "Condition"), "text", 27),
    (("对象", "Objects"), "objects", 16),
    (("状态", "State"), "=standing", 11),
    (("裁定", "Decision"), "decision", 16),
    (("理由与措施", "Reason and measure"), "reason", 18),
)


def advice() -> Iterator[Part]:
    """Chapter 8."""
    yield Heading("Heading1", ("整改建议", "Advice for rectification"))
    yield Listing(
        "problems",
        ("问题与整改建议", "Problems and remedies"),
        (
            (("严重程度", "Severity"), "=severity", 7),
            (("问题", "Problem"), "title", 13),
            (("条款", "Clause"), "clauses", 8),
            (("对象", "Objects"), "objects", 9),
            (("判定", "Verdict"), "=verdict", 7),
            (("实际情况", "What was seen"), "seen", 24),
            (("整改建议", "Remedy"), "remedy", 34),
            (("参考", "Advisory"), "=advisory", 7),
            (("接受至", "Accepted"), "=accepted", 9),
        ),
    )


def appendices() -> Iterator[Part]:
    """A and those after it."""
    yield Heading("Appendix", ("资产", "Assets"))
    yield Listing(
        "assets",
        ("资产清单", "Assets"),
        (
            (("编号", "Id"), "id", 12),
            (("名称", "Name"), "name", 17),
            (("类别", "Kind"), "kind", 10),
            (("地址", "Address"), "address", 14),
            (("区域", "Zone"), "zone", 9),
            (("操作系统", "Operating system"), "os", 22),
            (("支持至", "Until"), "=support", 10),
            (("待装更新", "Updates"), "=updates", 8),
            (("访问结果", "Visit"), "reached", 14),
        ),
    )
    yield Heading("Appendix", ("上次自查问题整改情况", "Rectification since the last self-assessment"))
    yield Text("Body", ("{{ rectification }}", "{{ rectification }}"))
    yield Listing(
        "findings",
        ("历史问题整改情况", "Rectification of earlier findings"),
        (
            (("问题编号", "Number"), "known_number", 9),
            (("问题", "Finding"), "known_title", 26),
            (("资产", "Asset"), "asset", 11),
            (("对象", "Where"), "known_where", 14),
            (("严重程度", "Severity"), "=severity", 6),
            (("来源", "Source"), "known_source", 12),
            (("状态", "State"), "known_stage", 12),
            (("整改期限", "Deadline"), "=known_deadline", 10),
        ),
    )
    yield Heading("Appendix", ("访问记录与未能判定的内容", "Visits, and what could not be judged"))
    yield Listing(
        "visits",
        ("访问记录", "Visits"),
        (
            (("资产", "Asset"), "id", 12),
            (("开始", "Began"), "=started", 15),
            (("结束", "Ended"), "=ended", 15),
            (("方式", "By"), "by", 11),
            (("授权", "Authorisation"), "authorisation", 12),
            (("证据数", "Evidence"), "=evidence", 8),
            (("判定", "Verdicts"), "verdicts", 26),
            (("访问结果", "Visit"), "reached", 14),
        ),
    )
    yield Listing(
        "gaps",
        ("证据缺失及原因", "Missing evidence and why"),
        (
            (("原因", "Reason"), "reason", 18),
            (("资产", "Asset"), "asset", 14),
            (("缺少的信息", "Facts missing"), "facts", 34),
            (("说明", "Detail"), "details", 34),
            (("影响检查数", "Checks"), "=checks", 10),
        ),
    )
    yield Heading("Appendix", ("单项自查结果记录", "Records by item, step and object"))
    yield Listing(
        "records",
        ("单项自查结果记录", "Records"),
        (
            (("条款", "Clause"), "clause", 9),
            (("控制点", "Control point"), "control_point", 11),
            (("步", "No."), "=step", 4),
            (("核查内容", "Question"), "question", 25),
            (("方法", "Methods"), "=methods", 8),
            (("测评对象", "Objects"), "objects", 14),
            (("结论", "Conclusion"), "=conclusion", 8),
            (("状态", "State"), "=state", 8),
            (("判定者", "Decided by"), "decider", 10),
            (("结果记录", "Record"), "record", 29),
        ),
    )
    yield Heading("Appendix", ("端口扫描记录", "Ports"))
    yield Listing(
        "ports",
        ("端口扫描记录", "Ports"),
        (
            (("资产", "Asset"), "asset", 14),
            (("端口", "Port"), "=port", 8),
            (("协议", "Protocol"), "=protocol", 8),
            (("已申报", "Declared"), "=declared", 9),
            (("用途", "Purpose"), "purpose", 20),
            (("监听", "Listening"), "=listening", 9),
            (("对外", "Exposed"), "=exposed", 9),
            (("外部探测", "From outside"), "=outside", 11),
            (("进程", "Process"), "process", 20),
            (("高危端口", "High risk"), "=high_risk_port", 9),
        ),
    )
    yield Heading("Appendix", ("版本、口径与校验值", "Versions, rules and hashes"))
    yield Pairs(
        ("版本、口径与校验值", "Versions, rules and hashes"),
        (
            (("检查批次／判定序号", "Run / judgement"), "{{ run }} / {{ judgement }}"),
            (("工具版本", "Tool"), "{{ tool }}, Python {{ python }}"),
            (("采集工具版本", "Collected by"), "{{ collected_by }}"),
            (("检查内容哈希", "Hash of content"), "{{ content_hash }}"),
            (("报告模板与取值规则", "Report template and rule"), "{{ template }} / {{ rule }}"),
            (("Word 模板", "Word template"), "{{ template_file }}"),
            (("时区", "Time zone"), "{{ time_zone }}"),
        ),
    )
    yield Listing(
        "plugins",
        ("插件", "Plug-ins"),
        (
            (("插件", "Plug-in"), "name", 30),
            (("软件包与版本", "Package and version"), "version", 30),
            (("说明", "Detail"), "state", 40),
        ),
    )
    yield Heading("Appendix", ("重大风险隐患", "Major hazards"))
    yield Listing("hazard_rows", ("重大风险隐患", "Major hazards"), RISKS)
    yield Heading("Appendix", ("重大风险隐患整改情况", "Rectification of major hazards"))
    yield Listing("rectified", ("重大风险隐患整改情况", "Rectification of major hazards"), RISKS)
