"""docs/families.md and its Chinese sister, written by the inventory: what was tried on which distribution."""

from pathlib import Path

from secaudit.model.text import Language, Text
from tests.content.families_proofs import COLUMNS, KINDS, ROOT, TOPICS, Topic, documented

FILES: dict[Language, Path] = {"en": ROOT / "docs" / "families.md", "zh": ROOT / "docs" / "families.zh-CN.md"}
BEFORE = Text(
    """# 各发行版上试过什么
[English](families.md)

各类发行版上取事实的方法相同，把握不同。证据分三种，由强到弱：

- **真实系统**：探针在该类发行版的已安装系统上运行过，其输出成为测试或靶场的真值；
- **他人录制**：测试读取他人真实系统的输出；
- **文档格式**：测试读取按手册页或软件包默认文件写成的文件（`tests/unit/facts/documented`），由探针自己去读。

“-”表示该类上什么都没试过：同一探针会在那里运行，得到的是值或缺口，但没有人见过。
由 `python -m tests.content.inventory` 按现有的测试生成。
""",
    """# What was tried on which distribution
[中文](families.zh-CN.md)

Facts are read the same way on every family; how sure we are of it differs. Three kinds of proof, the best first:

- **real root**: the probes ran on an installed system of that family, and what they printed is a test or the
  lab's truth;
- **recording**: the output of somebody else's real system is read in a test;
- **documented format**: files written after the manual pages or the packages' default files
  (`tests/unit/facts/documented`), read by the probes themselves, or answers of programs in their documented form.

"-" means that nothing of that family was tried: the same probe runs there, and its answer is a value or a gap, but
nobody has seen it do so.
Written by `python -m tests.content.inventory` from the tests there are.
""",
)
AFTER = Text(
    """
## 结论也核对过
文档格式的主机还按 3 级作出判定，结论逐条复核（`tests/content/families_verdicts.py`）：
凡是所需事实都写在该主机文件和回答里的检查都在内。

## Shell 与工具
3 级主机的整份脚本（搜索整棵目录树的除外），以及测试在自备的根目录上运行的每个探针，
都分别用 dash、bash、GNU awk、mawk 和 busybox（其 shell 与全部小程序排在 `PATH` 最前）运行：
事实相同，或者是缺口（`tests/unit/facts/test_tool_sets.py`、`answers.py`）。
靶场的三台 Debian 主机也用 bash 和 busybox 运行过，含搜索全部文件（`tests/lab/test_tool_sets.py`）。
CentOS 7 的旧工具按手册核对过：`nft` 0.8 不会写 JSON，没有 `ss` 时读内核自己的表，
`systemctl` 219 在单元名前加标记，pam_faillock 不读 faillock.conf。
ksh、mksh 和 coreutils 8.22 没有真正运行过。

## 有害的输入
`tests/unit/facts/test_hostile_input.py` 自行找到目录中的每个探针。
依赖它的每个事实都用任意文本、被破坏的真实回答（翻转字节，重复、删去、合并、移动、截断行）和一兆字节的有害文本构造：
得到值或缺口，CPU 时间不到一秒。
""",
    """
## Verdicts are held too
The hosts in documented format are judged at level 3, and the verdicts were reviewed one by one
(`tests/content/families_verdicts.py`): of every check that needs nothing but what is written of the host.

## Shells and tools
The whole script of a level-3 host (without searches of whole trees), and every probe that a test runs on a root of
its own, run under dash, bash, GNU awk, mawk, and busybox with its shell and all its applets first in `PATH`: the facts
are the same, or a gap (`tests/unit/facts/test_tool_sets.py`, `answers.py`). Three Debian hosts of the lab were
asked with bash and busybox too, their files searched (`tests/lab/test_tool_sets.py`). The old tools of CentOS 7
were gone through by their manuals: `nft` 0.8 writes no JSON, without `ss` the kernel's own tables are read,
`systemctl` 219 marks units before their names, pam_faillock reads no faillock.conf. ksh, mksh and coreutils 8.22
themselves were not run.

## Input that is meant to harm
`tests/unit/facts/test_hostile_input.py` finds every probe of the catalogue by itself. Each fact that rests on it is
built from any text, from real answers with bytes flipped, lines doubled, dropped, joined, moved or cut, and from a
megabyte of hostile text: a value or a gap, in less than one second of CPU.
""",
)
HEAD = Text("主题", "topic")
_BETWEEN = Text("、", ", ")
_BRACKETS: dict[Language, tuple[str, str]] = {"zh": ("（", "）"), "en": (" (", ")")}


def page(language: Language) -> str:
    """The whole page."""
    heads = [HEAD.of(language), *(column.of(language) for column in COLUMNS.values())]
    rows = [
        [topic.name.of(language), *(_cell(topic, column, language) for column in COLUMNS)] for topic in TOPICS
    ]
    table = [_row(heads), "|---" * len(heads) + "|", *(_row(row) for row in rows)]
    return "\n".join([BEFORE.of(language), *table]) + "\n" + AFTER.of(language)


def _cell(topic: Topic, column: str, language: Language) -> str:
    """``recording (ntpq), documented format``; "-" where nothing was tried."""
    notes: dict[str, list[str]] = {}
    for proof in topic.proofs:
        if proof.column == column:
            notes.setdefault(proof.kind, []).append(proof.note.of(language))
    if column in (found := documented(topic)):
        notes.setdefault("format", []).extend(name.of(language) for name in found[column])
    told = [_told(kind, notes[kind], language) for kind in KINDS if kind in notes]
    return _BETWEEN.of(language).join(told) or "-"


def _told(kind: str, notes: list[str], language: Language) -> str:
    name, noted = KINDS[kind].of(language), list(dict.fromkeys(note for note in notes if note))
    opening, closing = _BRACKETS[language]
    return f"{name}{opening}{_BETWEEN.of(language).join(noted)}{closing}" if noted else name


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
