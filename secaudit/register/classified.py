"""Recognises classified systems (涉密信息系统), which an ordinary workspace never holds.

They follow tiered protection (BMB17, BMB20, BMB22) under the secrecy administration, not GB/T 22239.
"""

import re
from collections.abc import Iterator
from typing import Final

from secaudit.document import Document
from secaudit.errors import Problem
from secaudit.language import _
from secaudit.register.places import EACH, entries

_OPEN: Final = ("", "none", "no", "public", "internal", "unclassified", "non-classified")
_OPEN_ZH: Final = ("无", "非密", "非涉密", "不涉密", "公开", "内部", "普通")
_CLAUSE: Final = re.compile(r"[,，;；。.!！?？、\n()（）]+")
_DECLARED: Final = re.compile(
    r"涉密|[秘机绝]密级|国家秘密|state secret"
    r"|(?<![a-z-])classified (system|network|information|data|environment|material)",
    re.IGNORECASE,
)
# 非涉密, 不处理涉密信息, 严禁存储涉密文件, 与涉密网物理隔离; "no classified information"
_DENIED: Final = re.compile(
    r"(非(?!常)|不(?!间断|断|停|同)|未(?!来)|无(?!线|人)|勿|没有|禁).{0,8}([涉秘机绝]密|国家秘密)|隔离|断开|区别于|独立于"
    r"|\b(no|not|non|never|without|isolated|separate)\b",
    re.IGNORECASE,
)
_TEXTS: Final = (
    ("name",),
    ("description",),
    ("assets", EACH, "name"),
    ("assets", EACH, "zone"),
    ("data_sets", EACH, "name"),
    ("organisations", EACH, "objects", EACH, "name"),
    ("sampling", EACH, "reason"),
    ("platform", "name"),
    ("platform", "split"),
    ("data_sets", EACH, "category"),
    *(("grading", side, said) for side in ("information", "service") for said in ("what", "why")),
)


def declares_classified(text: str) -> bool:
    """Whether a text says of itself that it is about something classified; 非涉密 and the like deny it."""
    return any(_DECLARED.search(clause) and not _DENIED.search(clause) for clause in _CLAUSE.split(text))


def is_secrecy_grade(word: str) -> bool:
    """Whether ``secrecy:`` names a grade (秘密, 机密, 绝密, confidential …) rather than none."""
    return word.strip().lower() not in (*_OPEN, *_OPEN_ZH)


def refusal() -> str:
    """Why a classified system is refused, for a person."""
    return _(
        "a classified system is not registered here: it follows tiered protection (BMB17, BMB22) under the "
        "secrecy administration, GB/T 22239 does not apply to it"
    )


def classified_problems(document: Document) -> Iterator[Problem]:
    """A problem for each place of a file that declares a system, or an object of an organisation, classified."""
    for place, value in entries(document, "classified"):
        if value is True or (isinstance(value, str) and value.lower() in ("yes", "on", "是")):
            yield document.problem(place, value, refusal())
    for place, value in entries(document, "secrecy"):
        if isinstance(value, str) and is_secrecy_grade(value):
            yield document.problem(place, value, refusal())
    for path in _TEXTS:
        for place, value in entries(document, *path):
            if isinstance(value, str) and declares_classified(value):
                yield document.problem(place, value, refusal())
