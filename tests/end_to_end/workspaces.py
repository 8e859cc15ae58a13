"""Workspaces to scan: this machine, and addresses on loopback that refuse or never answer."""

import io
import logging
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock

from secaudit import language
from secaudit.cli.main import run

SYSTEM = """\
id: {id}
name: 办公系统
organisation: office
grade: S3A3G3
profile: quick
assets:
{assets}
"""
LOCAL = "  - {{id: {id}, kind: linux, name: 本机, reach: {{transport: local, sudo: none}}}}"
SSH = (
    "  - {{id: {id}, kind: linux, name: 远端, address: 127.0.0.1,"
    " reach: {{transport: ssh, port: {port}, user: nobody, agent: true, sudo: none}}}}"
)
# That of level 3 without a search through all files of the machine that runs the tests.
PROFILE = """\
level: 3
title: {zh: 第三级, en: Level 3}
heavy_searches: false
"""
AUTHORISATION = """\
id: test
systems: [{systems}]
approver: test
document: test
valid_from: {begin}
valid_until: {end}
"""


@dataclass(frozen=True, slots=True)
class Printed:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


def make(folder: Path, assets: dict[str, int], *, system: str = "oa", authorised: bool = True) -> Path:
    """A workspace with one system: asset id → SSH port on loopback, 0 for this machine itself."""
    if not (folder / "secaudit.yaml").exists():
        assert secaudit(folder, "init", str(folder)).code == 0
        for part in ("checks", "profiles"):
            (folder / "content" / part).mkdir(parents=True)
        (folder / "content" / "profiles" / "quick.yaml").write_text(PROFILE, encoding="utf-8")
        with (folder / "secaudit.yaml").open("a", encoding="utf-8") as settings:
            settings.write("content_folders: [content]\n")
    lines = [
        SSH.format(id=name, port=port) if port else LOCAL.format(id=name) for name, port in assets.items()
    ]
    text = SYSTEM.format(id=system, assets="\n".join(lines))
    (folder / "systems" / f"{system}.yaml").write_text(text, encoding="utf-8")
    if authorised:
        authorise(folder, system)
    return folder


def authorise(folder: Path, *systems: str) -> None:
    """Allow the scan of these systems for an hour."""
    now = datetime.now(UTC).replace(microsecond=0)
    text = AUTHORISATION.format(
        systems=", ".join(systems),
        begin=(now - timedelta(hours=1)).isoformat(),
        end=(now + timedelta(hours=1)).isoformat(),
    )
    (folder / "authorisations" / "test.yaml").write_text(text, encoding="utf-8")


def command(folder: Path, *arguments: str) -> list[str]:
    """The command line of secaudit for a workspace."""
    return [sys.executable, "-m", "secaudit", "--workspace", str(folder), *arguments]


def environment() -> dict[str, str]:
    """English, no agent that could answer, and no width of a terminal."""
    kept = {name: value for name, value in os.environ.items() if name not in ("SSH_AUTH_SOCK", "COLUMNS")}
    return {**kept, "LC_ALL": "C.UTF-8"}


def secaudit(folder: Path, *arguments: str) -> Printed:
    """Run one command to its end in this process: a new one takes longer to start than most commands to run."""
    out, err = _stream(), _stream()
    with (
        mock.patch.dict(os.environ, environment(), clear=True),
        mock.patch.object(logging.getLogger(), "handlers", []),
        Path(os.devnull).open(encoding="utf-8") as nothing,
        mock.patch.object(sys, "stdin", nothing),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        language.use(language.detect(os.environ))
        code = run(["--workspace", str(folder), *arguments])
    return Printed(int(code), _said(out), _said(err))


def _stream() -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="backslashreplace")


def _said(stream: io.TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()


def started(folder: Path, *arguments: str) -> Printed:
    """Run one command to its end in a process of its own."""
    done = subprocess.run(
        command(folder, *arguments),
        capture_output=True,
        text=True,
        check=False,
        env=environment(),
        stdin=subprocess.DEVNULL,
    )
    return Printed(done.returncode, done.stdout, done.stderr)


@contextmanager
def silent_port() -> Iterator[int]:
    """A TCP port on loopback that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]
