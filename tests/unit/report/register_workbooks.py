"""Systems of an organisation, written out as a workbook and edited as people do."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from secaudit.model.text import Language
from secaudit.register.loading import read_files
from secaudit.register.tables import TABLES
from secaudit.register.update import Update
from secaudit.register.updating import plan_update
from secaudit.report.filled_register import read_register_workbook
from secaudit.report.register_workbook import Owner, columns_of, write_register_workbook
from tests.unit.register.workspaces import make

SETTINGS = """\
office: 测试单位
organisations:
  - {id: office, name: 测试单位}
  - {id: branch, name: 下级单位, parent: office}
  - {id: other, name: 别的单位}
jump_hosts:
  - {id: gate, address: 192.0.2.9, user: audit, key: agent}
"""
SYSTEM = """\
# of the office
id: portal
name: =HYPERLINK("x") # hostile
organisation: office
grade: S3A3G3
description: |
  一行
  two
agencies: [public-security, cac]
filing_number: 11010099999-00001
filed_on: 2025-03-01
evaluated_on: 2025-09-15
evaluation_conclusion: 良
evaluation_score: 85.32
contacts:
  - {role: leader, name: 甲, phone: "010"}
  - {role: operations, name: 乙}
assets:
  # the web server
  - id: web1 # keep
    kind: linux
    name: Web 1
    address: 192.0.2.1
    reach: {transport: ssh, user: audit, key: agent, jump: gate}
    services:
      - {port: 443, protocol: tcp, purpose: HTTPS}
      - {port: 53, protocol: udp, purpose: DNS; for all}
  - {id: room, kind: machine-room, name: 机房, zone: "007"}
data_sets:
  - id: orders
    name: 订单
    asset: web1
    artefacts: ["/backup/o-*.gz", /b/x]
    method: 每日
    rpo_h: 24
    rto_h: 8
    data_grade: important
    cross_border: false
    volume_gb: 0
"""
BRANCH = "id: small\nname: 小系统\norganisation: branch\ngrade: S1A1G1\nassets: []\n"
OTHER = (
    "id: foreign\nname: 别家\norganisation: other\ngrade: S1A1G1\nassets: [{id: far, kind: linux, name: x}]\n"
)

SHEETS = {
    "systems": "定级对象",
    "filing": "备案与测评",
    "assets": "资产",
    "data_sets": "数据",
    "people": "人员",
}


def registered(tmp_path: Path) -> Path:
    """A workspace with the systems."""
    return make(tmp_path / "w", SYSTEM, BRANCH, OTHER, settings=SETTINGS)


def exported(workspace: Path, language: Language = "zh") -> Path:
    own = [one for one in read_files(workspace).systems if one.data["organisation"] != "other"]
    path = workspace / "register.xlsx"
    owner = Owner("office", "测试单位", date(2026, 11, 28))
    write_register_workbook(path, own, ["office", "branch"], owner, language)
    return path


def edited(path: Path, edit: Callable[[Workbook], object]) -> Path:
    book = load_workbook(path)
    edit(book)
    book.save(path)
    return path


def planned(workspace: Path, path: Path) -> Update:
    filled = read_register_workbook(path)
    return plan_update(workspace, filled.organisation, filled.rows, path.name)


def place(sheet: Worksheet, table: str, key: str, row: int) -> Any:
    columns = columns_of(next(one for one in TABLES if one.key == table))
    return sheet.cell(row, columns.index(key) + 1)


def with_cells(workspace: Path, *cells: tuple[str, int, str, object], language: Language = "zh") -> Path:
    """The exported workbook with (table, row, column) → value."""

    def edit(book: Workbook) -> None:
        for table, row, key, value in cells:
            place(book[SHEETS[table]], table, key, row).value = value

    return edited(exported(workspace, language), edit)


def texts(workspace: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted((workspace / "systems").iterdir())}
