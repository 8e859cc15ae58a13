"""Workspaces for the tests of the register."""

from pathlib import Path

from secaudit.errors import ContentError, Problem
from secaudit.register import load_register

WORKSPACE = """\
office: 测试单位
organisations:
  - {id: office, name: 测试单位}
"""
SYSTEM = """\
id: portal
name: 门户网站
organisation: office
grade: S3A3G3
assets:
  - id: web1
    kind: linux
    name: Web 1
    address: 192.0.2.1
    reach: {transport: ssh, user: audit, key: agent}
"""


def make(folder: Path, *systems: str, settings: str = WORKSPACE, **authorisations: str) -> Path:
    """Write a workspace; ``systems`` become ``systems/1.yaml`` and so on."""
    for name in ("systems", "authorisations"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "secaudit.yaml").write_text(settings, encoding="utf-8")
    for number, text in enumerate(systems, 1):
        (folder / "systems" / f"{number}.yaml").write_text(text, encoding="utf-8")
    for name, text in authorisations.items():
        (folder / "authorisations" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def problems_in(folder: Path) -> tuple[Problem, ...]:
    """The mistakes of a workspace, none if it loads."""
    try:
        load_register(folder)
    except ContentError as error:
        return error.problems
    return ()
