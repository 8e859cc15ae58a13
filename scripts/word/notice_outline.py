"""What stands in the Word template of the notice that demands rectification: letter, receipt, annexe."""

from collections.abc import Iterator

from scripts.word.parts import Both, Heading, Listing, Part, Rows, SectionEnd, Signatures, Text

RECEIPT: tuple[tuple[Both, Both], ...] = (
    (("签收人（签名）", "Received by"), ("日期", "Date")),
    (("受送达单位（盖章）", "Seal of the organisation"), ("日期", "Date")),
)
ISSUED: tuple[tuple[Both, Both], ...] = (
    (("经办人（签名）", "Prepared by"), ("日期", "Date")),
    (("签发人（签名）", "Issued by"), ("日期", "Date")),
)


def outline() -> Iterator[Part]:
    """Every part of the notice."""
    yield from _letter()
    yield from _receipt()
    yield SectionEnd()
    yield from _annexe()


def _letter() -> Iterator[Part]:
    yield Text("LetterTitle", ("网络安全等级保护整改通知书", "Rectification notice"))
    yield Text("LetterNumber", ("{{ number }}", "No. {{ number }}"))
    yield Text("Addressee", ("{{ organisation }}：", "To: {{ organisation }}"))
    yield Text("Body", ("{{ basis }}", "{{ basis }}"))
    yield Text("Point", ("一、整改范围", "1. What is to be rectified"))
    yield Listing(
        "systems",
        ("整改范围", "What is to be rectified"),
        (
            (("定级对象", "System"), "name", 33),
            (("编号", "Id"), "id", 16),
            (("等级", "Level"), "=level", 14),
            (("问题数", "Findings"), "=findings", 12),
            (("高", "High"), "=high", 8),
            (("中", "Medium"), "=medium", 10),
            (("低", "Low"), "=low", 8),
        ),
    )
    yield Text("Point", ("二、整改期限", "2. By when"))
    yield Text("Body", ("{{ deadlines }}", "{{ deadlines }}"))
    yield Text("Point", ("三、整改要求", "3. What is asked"))
    yield Rows("demands", "Body", "text")
    yield Text("Body", ("{{ contact }}", "{{ contact }}"))
    yield Text(
        "Body",
        (
            "附件：问题清单；问题整改反馈表（{{ workbook }}）",
            "Annexe: the findings; the workbook {{ workbook }}",
        ),
    )
    yield Text("Signed", ("{{ office }}（盖章）", "{{ office }} (seal)"))
    yield Text("Signed", ("{{ date }}", "{{ date }}"))
    yield Signatures(ISSUED)
    yield Text("Note", ("{{ origin }}　{{ version }}", "{{ origin }} {{ version }}"))


def _receipt() -> Iterator[Part]:
    yield Heading("PlainOnPage", ("送　达　回　证", "Receipt"))
    yield Text("Body", ("整改通知书：{{ number }}", "Rectification notice: {{ number }}"))
    yield Text("Body", ("受送达单位：{{ organisation }}", "Organisation: {{ organisation }}"))
    yield Text(
        "Body",
        (
            "送达内容：整改通知书及附件（问题 {{ findings_count }} 项）",
            "Handed over: the notice with its annexe of {{ findings_count }} findings",
        ),
    )
    yield Text("Body", ("送达单位：{{ office }}", "From: {{ office }}"))
    yield Signatures(RECEIPT)


def _annexe() -> Iterator[Part]:
    yield Text("Addressee", ("附件", "Annexe"))
    yield Listing(
        "findings",
        ("问题清单（{{ number }}）", "Findings ({{ number }})"),
        (
            (("问题编号", "Number"), "number", 11),
            (("定级对象", "System"), "system", 10),
            (("资产", "Asset"), "asset", 9),
            (("存在的问题", "Finding"), "problem", 40),
            (("对应测评项", "Item"), "item", 10),
            (("严重程度", "Severity"), "=severity", 6),
            (("来源", "Source"), "source", 9),
            (("整改期限", "Deadline"), "=deadline", 10),
            (("备注", "Remark"), "remark", 14),
        ),
    )
