"""Classified systems are refused; systems that say they are not are not."""

from pathlib import Path

import pytest

from secaudit.register.classified import declares_classified
from tests.unit.register.workspaces import SYSTEM, make, problems_in


@pytest.mark.parametrize(
    "line",
    [
        "classified: true",
        "classified: yes",
        "secrecy: 秘密",
        "secrecy: 机密",
        "secrecy: 绝密",
        "secrecy: Confidential",
        "secrecy: 看不懂",
        "description: 本系统为涉密信息系统",
        "description: 门户。处理机密级文件",
        "description: runs a classified system",
    ],
)
def test_a_classified_system_is_refused_with_the_reason(tmp_path: Path, line: str) -> None:
    problems = problems_in(make(tmp_path, SYSTEM + line + "\n"))
    reasons = [problem for problem in problems if "BMB17" in problem.expected]
    assert reasons
    assert "secrecy administration" in reasons[0].expected
    assert reasons[0].line == len(SYSTEM.splitlines()) + 1


@pytest.mark.parametrize("old", ["门户网站", "Web 1"])
def test_names_declare_it_too(tmp_path: Path, old: str) -> None:
    assert problems_in(make(tmp_path, SYSTEM.replace(old, "涉密办公系统")))


@pytest.mark.parametrize(
    "line", ["classified: false", "secrecy: 非涉密", "secrecy: none", "secrecy: 内部", 'secrecy: ""']
)
def test_a_system_that_is_none_is_registered(tmp_path: Path, line: str) -> None:
    assert not problems_in(make(tmp_path, SYSTEM + line + "\n"))


@pytest.mark.parametrize(
    "text",
    [
        "非涉密办公系统",
        "不处理涉密信息",
        "不存储、不处理国家秘密",
        "严禁存储涉密文件",
        "与涉密网物理隔离",
        "没有涉密内容",
        "等级保护三级",
        "handles no classified information",
        "unclassified network",
        "classified protection of cybersecurity",
        "保密管理培训",
    ],
)
def test_denying_it_is_not_declaring_it(text: str) -> None:
    assert not declares_classified(text)


@pytest.mark.parametrize(
    "text",
    [
        "涉密系统",
        "无线涉密网",
        "不间断运行的涉密系统",
        "非常重要的涉密系统",
        "公文系统（机密级）",
        "state secret store",
    ],
)
def test_declaring_it_is_seen(text: str) -> None:
    assert declares_classified(text)
