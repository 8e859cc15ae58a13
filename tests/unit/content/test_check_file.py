"""Texts of a check file as they are shown."""

import pytest

from secaudit.content.check_file import unfolded


@pytest.mark.parametrize(
    ("folded", "shown"),
    [
        ("安装，\n再用 apt 的\n命令", "安装，再用 apt 的命令"),
        ("（CentOS 7 用\nyum）", "（CentOS 7 用 yum）"),
        ("  一行  ", "一行"),
    ],
)
def test_a_folded_line_leaves_no_space_between_chinese_characters(folded: str, shown: str) -> None:
    assert unfolded(folded) == shown
