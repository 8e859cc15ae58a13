"""What stands in the Word template of the self-assessment report, in order, in both languages.

The chapters are those of the report template of 2025: eight, then the appendices.
"""

from collections.abc import Iterator

from scripts.word.appendices import RISKS, advice, appendices
from scripts.word.parts import Contents, Heading, Listing, Pairs, Part, SectionEnd, Signatures, Text

SIGNED = (
    (("编制人（签名）", "Prepared by"), ("日期", "Date")),
    (("审核人（签名）", "Reviewed by"), ("日期", "Date")),
    (("批准人（签名）", "Approved by"), ("日期", "Date")),
    (("单位（盖章）", "Seal of the organisation"), ("日期", "Date")),
)


def outline() -> Iterator[Part]:
    """Every part of the report."""
    yield from _cover()
    yield from _front()
    yield from _chapters()
    yield from advice()
    yield from appendices()


def _cover() -> Iterator[Part]:
    yield Text("Marking", ("编号：{{ number }}", "No. {{ number }}"))
    yield Text("CoverTitle", ("网络安全等级保护自查报告", "MLPS self-assessment report"))
    yield Text("CoverSubject", ("{{ system }}", "{{ system }}"))
    yield Pairs(
        ("", ""),
        (
            (("定级对象", "System"), "{{ system }}"),
            (("责任单位", "Organisation"), "{{ organisation }}"),
            (("安全保护等级", "Protection level"), "{{ level }}"),
            (("备案证明编号", "Filing number"), "{{ filing }}"),
            (("编制单位", "Prepared by"), "{{ office }}"),
            (("报告日期", "Date"), "{{ date }}"),
            (("检查批次", "Run"), "{{ run }}"),
        ),
    )
    yield SectionEnd()


def _front() -> Iterator[Part]:
    yield Heading("Plain", ("声　明", "Statement"))
    yield Text("Body", ("{{ statement }}", "{{ statement }}"))
    yield Heading("Plain", ("自查预判", "Predicted conclusion"))
    yield Text("Verdict", ("{{ conclusion }}", "{{ conclusion }}"))
    yield Text("Body", ("{{ conclusion_reason }}{{ boundary }}", "{{ conclusion_reason }} {{ boundary }}"))
    yield Pairs(
        ("自查预判结果", "Predicted conclusion"),
        (
            (("自查预判结论", "Predicted conclusion"), "{{ conclusion }}"),
            (("符合率（严格，部分符合计 0）", "Rate of compliance, strict"), "{{ rate_strict }}"),
            (("符合率（加权，按取值计）", "Rate of compliance, weighted"), "{{ rate_weighted }}"),
            (("综合得分（2021 版模板）", "Score (template of 2021)"), "{{ score }}"),
            (("适用测评项", "Applicable items"), "{{ applicable_items }}"),
            (("重大风险隐患", "Major hazards"), "{{ hazards }}"),
            (("高风险", "High risks"), "{{ high_risks }}"),
            (("待核实步骤", "Steps open"), "{{ open_steps }}"),
            (("未裁定风险", "Risks undecided"), "{{ undecided_risks }}"),
            (("报告模板与取值规则", "Report template and rule"), "{{ template }} / {{ rule }}"),
        ),
    )
    yield Signatures(SIGNED)
    yield Heading("PlainOnPage", ("安全状况", "Security status"))
    yield from _status()
    yield Heading("PlainOnPage", ("目　录", "Contents"))
    yield Contents()
    yield SectionEnd()


def _status() -> Iterator[Part]:
    yield Pairs(
        ("安全状况", "Security status"),
        (
            (("测评项合计", "Items in all"), "{{ items_all }}"),
            (("符合", "Compliant"), "{{ items_compliant }}"),
            (("部分符合", "Partly compliant"), "{{ items_partly }}"),
            (("不符合", "Not compliant"), "{{ items_not_compliant }}"),
            (("待核实", "Open"), "{{ items_open }}"),
            (("不适用", "Not applicable"), "{{ items_not_applicable }}"),
            (("已确定不能符合", "Can no longer comply"), "{{ items_failed }}"),
            (
                ("问题（高／中／低；参考）", "Problems (high / medium / low; advisory)"),
                "{{ problems_high }} / {{ problems_medium }} / {{ problems_low }}; {{ advisory }}",
            ),
            (("计划判定数", "Verdicts planned"), "{{ planned }}"),
            (("步骤合计（按对象计）", "Steps on their objects"), "{{ steps_all }}"),
            (("其中机器判定", "Decided by machine"), "{{ steps_machine }}"),
            (("其中人员已答", "Answered by a person"), "{{ steps_attested }}"),
            (("其中按登记信息", "By the register"), "{{ steps_register }}"),
            (("其中待人员核查", "Waiting for a person"), "{{ steps_person }}"),
            (("其中证据缺失", "Without evidence"), "{{ steps_evidence_missing }}"),
            (("资产／已访问", "Assets / visited"), "{{ assets_count }} / {{ visited }}"),
            (("未能访问的资产", "Assets not reached"), "{{ unreachable }}"),
            (("本报告未提供的部分", "Left out of this report"), "{{ left_out }}"),
        ),
    )


def _chapters() -> Iterator[Part]:
    yield Heading("Heading1", ("自查项目概述", "Project overview"))
    yield Heading("Heading2", ("自查目的", "Purpose"))
    yield Text(
        "Body",
        (
            (
                "对照 {{ standards }}，检查{{ system }}的安全保护现状，找出差距，提出整改建议，为等级测评和监督检查"
                "作准备。"
            ),
            (
                "To hold {{ system }} against {{ standards }}, find what is missing, advise how to put it right, and "
                "prepare for evaluation and inspection."
            ),
        ),
    )
    yield Heading("Heading2", ("自查过程", "How it was done"))
    yield Pairs(
        ("自查过程", "How it was done"),
        (
            (("检查批次", "Run"), "{{ run }}"),
            (("批次状态", "State of the run"), "{{ run_state }}"),
            (("检查时间", "Checked"), "{{ checked }}"),
            (("判定时间", "Judged"), "{{ judged }}"),
            (("报告生成", "Generated"), "{{ generated_at }}"),
            (("时区", "Time zone"), "{{ time_zone }}"),
            (("检查基线", "Profile"), "{{ profile }}"),
            (("计划判定数", "Verdicts planned"), "{{ planned }} = {{ verdict_sum }}"),
        ),
    )
    yield Listing(
        "authorisations",
        ("检查授权", "Authorisations"),
        (
            (("编号", "Id"), "id", 14),
            (("批准人", "Approver"), "approver", 20),
            (("文号", "Document"), "document", 20),
            (("有效期", "Valid"), "valid", 34),
            (("含外部端口", "Ports from outside"), "=port_scan", 12),
        ),
    )
    yield Heading("Heading1", ("定级对象描述", "The system"))
    yield Heading("Heading2", ("基本情况", "About it"))
    yield Pairs(
        ("定级对象基本情况", "About the system"),
        (
            (("名称（编号）", "Name (id)"), "{{ system }} ({{ system_id }})"),
            (("业务描述", "Description"), "{{ description }}"),
            (("责任单位", "Organisation"), "{{ organisation }}"),
            (("安全保护等级", "Protection level"), "{{ level }}"),
            (("备案证明编号／日期", "Filing number / date"), "{{ filing }} / {{ filed_on }}"),
            (("扩展要求", "Extension requirements"), "{{ extensions }}"),
            (("云平台", "Cloud platform"), "{{ platform }}"),
            (("面向互联网", "Faces the internet"), "{{ internet_facing }}"),
            (("数据集所在资产", "Assets with data sets"), "{{ data_sets }}"),
            (("责任人", "Responsible"), "{{ contacts }}"),
        ),
    )
    yield Heading("Heading2", ("测评对象与抽样", "Objects and sample"))
    yield Text("Body", ("抽样：{{ sampling }}", "Sample: {{ sampling }}"))
    yield Text("Body", ("未抽中的资产：{{ unsampled }}", "Assets not sampled: {{ unsampled }}"))
    yield Text("Body", ("与其他定级对象共用：{{ shared }}", "Shared with other systems: {{ shared }}"))
    yield Text(
        "Body",
        ("不由机器访问的资产：{{ not_visited }}", "Assets that no machine visits: {{ not_visited }}"),
    )
    yield Heading("Heading1", ("单项自查结果", "Results by item"))
    yield Heading("Heading2", ("步骤判定情况", "Steps and who decided them"))
    yield Listing(
        "coverage",
        ("各安全层面步骤判定情况", "Steps by domain"),
        (
            (("安全层面", "Domain"), "domain", 26),
            (("测评项", "Items"), "=items_count", 10),
            (("步骤×对象", "Steps × objects"), "=steps_all", 14),
            (("机器判定", "Machine"), "=steps_machine", 12),
            (("人员已答", "Answered"), "=steps_attested", 12),
            (("按登记信息", "Register"), "=steps_register", 13),
            (("待人员核查", "Person"), "=steps_person", 13),
            (("证据缺失", "No evidence"), "=steps_evidence_missing", 12),
        ),
    )
    yield Heading("Heading2", ("控制点与测评对象汇总", "Control points and objects"))
    yield Text(
        "Note",
        (
            "每行为结果相同的一组测评对象，数字为每个对象在该控制点下的测评项数。",
            "A row is a group of objects with the same results; numbers are items of the control point on each object.",
        ),
    )
    yield Listing(
        "points",
        ("控制点符合情况汇总", "Control points by object"),
        (
            (("安全层面", "Domain"), "domain", 18),
            (("控制点", "Control point"), "control_point", 17),
            (("测评对象", "Objects"), "objects", 26),
            (("对象数", "No."), "=objects_count", 8),
            (("符合", "Comply"), "=compliant", 10),
            (("部分", "Partly"), "=partly", 9),
            (("不符合", "Not"), "=not_compliant", 9),
            (("待核实", "Open"), "=open", 9),
            (("不适用", "N/A"), "=not_applicable", 9),
        ),
    )
    yield Heading("Heading1", ("整体测评", "Overall evaluation"))
    yield Text(
        "Body",
        (
            "本报告不对控制点之间、层面之间、区域之间的相互弥补作自动判定；经人员认定的降级及其补偿措施见第 5 章。",
            (
                "Nothing here weighs by machine what one control, domain or area makes up for another; what people "
                "downgraded, and by which measures, is in chapter 5."
            ),
        ),
    )
    yield Heading("Heading1", ("安全问题风险分析", "Risk analysis of problems"))
    yield Listing("risks", ("风险情形与裁定", "Risks and decisions"), RISKS)
    yield Heading("Heading2", ("风险接受与延期整改", "Accepted risks and deferred rectifications"))
    yield Text(
        "Note",
        (
            "风险接受和延期整改不改变任何测评项结果、风险或结论。",
            "They change no result of an item, no risk and no conclusion.",
        ),
    )
    yield Listing(
        "acceptances",
        ("风险接受与延期整改", "Acceptances"),
        (
            (("编号", "Id"), "id", 12),
            (("类型", "Kind"), "kind", 11),
            (("状态", "State"), "state", 11),
            (("对象", "Of what"), "subject", 18),
            (("资产", "Assets"), "assets", 12),
            (("理由与措施", "Reason and measure"), "reason", 20),
            (("批准人／文号", "Approved"), "approver", 10),
            (("至", "Until"), "=until", 11),
        ),
    )
    yield Heading("Heading1", ("总体评价", "Overall assessment"))
    yield Text(
        "Body",
        (
            (
                "共 {{ items_all }} 个测评项：符合 {{ items_compliant }}，部分符合 {{ items_partly }}，不符合 "
                "{{ items_not_compliant }}，待核实 {{ items_open }}，不适用 {{ items_not_applicable }}。共 "
                "{{ steps_all }} 个步骤（按对象计）：机器判定 {{ steps_machine }}，人员已答 {{ steps_attested }}，"
                "按登记信息 {{ steps_register }}，待人员核查 {{ steps_person }}，证据缺失 "
                "{{ steps_evidence_missing }}。"
            ),
            (
                "{{ items_all }} items: {{ items_compliant }} compliant, {{ items_partly }} partly, "
                "{{ items_not_compliant }} not compliant, {{ items_open }} open, {{ items_not_applicable }} not "
                "applicable. {{ steps_all }} steps on their objects: {{ steps_machine }} decided by machine, "
                "{{ steps_attested }} answered, {{ steps_register }} by the register, "
                "{{ steps_person }} waiting for a person, "
                "{{ steps_evidence_missing }} without evidence."
            ),
        ),
    )
    yield Heading("Heading1", ("自查结论", "Conclusion"))
    yield Text("Body", ("自查预判：{{ conclusion }}。{{ conclusion_reason }}",
                        "Predicted conclusion: {{ conclusion }}. {{ conclusion_reason }}"))  # fmt: skip
    yield SectionEnd()
