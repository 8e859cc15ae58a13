"""A Word template from export to the report that is placed in it."""

from pathlib import Path

import pytest
from docx import Document

from secaudit.cli.exit_codes import ExitCode
from tests.end_to_end import workspaces
from tests.end_to_end.workspaces import secaudit
from tests.ports import unused_port

pytestmark = pytest.mark.end_to_end


def test_a_changed_template_is_used_until_the_shipped_one_is_wanted_again(tmp_path: Path) -> None:
    folder, file = tmp_path / "w", tmp_path / "t.docx"
    workspaces.make(folder, {"gone": unused_port()})
    assert secaudit(folder, "scan").code == ExitCode.NOTHING_REACHED
    assert secaudit(folder, "report", "template", "export", str(file)).code == 0
    assert "is there already" in secaudit(folder, "report", "template", "export", str(file)).err
    document = Document(str(file))
    document.paragraphs[1].runs[0].text = "某市自查报告"
    document.save(str(file))
    for action in ("check", "use"):
        assert secaudit(folder, "report", "template", action, str(file)).code == 0
    assert titled(folder, tmp_path) == "某市自查报告"
    assert secaudit(folder, "report", "template", "use", "--shipped").code == 0
    assert titled(folder, tmp_path) == "网络安全等级保护自查报告"
    document.paragraphs[1].runs[0].text = "{{ systm }}"
    document.save(str(file))
    told = secaudit(folder, "report", "template", "use", str(file))
    assert told.code == ExitCode.USAGE
    assert "systm" in told.err
    assert secaudit(folder, "report", "template", "use").code == ExitCode.USAGE


def titled(folder: Path, out: Path) -> str:
    told = secaudit(folder, "report", "--format", "docx", "--lang", "zh", "--out", str(out))
    assert told.code == 0, told
    return Document(told.out.strip()).paragraphs[1].text
