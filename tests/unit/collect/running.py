"""Runs a visit script in a shell of this machine and hands back what came of it."""

import os
import re
import secrets
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from secaudit.collect import visit_asset
from secaudit.collect.answers import Answers
from secaudit.collect.script import COMMAND, visit_script
from secaudit.model.evidence import Gap, Observation, Probe, Visit
from secaudit.model.register import Asset, Reach, Sudo
from secaudit.model.run import AssetPlan
from secaudit.transport.local import LocalTransport
from secaudit.transport.protocol import Dialogue, Limits

NONCE = "5f0c" * 8


@dataclass(frozen=True, slots=True)
class Ran:
    """What a shell gave back, and the observations made of it."""

    status: int
    raw: bytes
    answers: Answers
    observations: dict[str, Observation]

    def __getitem__(self, probe_id: str) -> Observation:
        return self.observations[probe_id]

    def gap(self, probe_id: str) -> Gap:
        """The gap of a probe that must have one."""
        gap = self.observations[probe_id].gap
        assert gap is not None, self.observations[probe_id]
        return gap


def run(
    *probes: Probe,
    sudo: Sudo = Sudo.NONE,
    shell: str = "/bin/sh",
    edit: Callable[[bytes], bytes] = bytes,
    environ: dict[str, str] | None = None,
    visit_s: int = 60,
) -> Ran:
    """Send the script (after ``edit``) to the command that a login ``shell`` is given."""
    script = edit(visit_script(probes, sudo, visit_s, NONCE))
    done = subprocess.run(
        [shell, "-c", COMMAND],
        input=script,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={"PATH": "/usr/bin:/bin", **(environ or {})},
        start_new_session=True,
        check=False,
        timeout=50,
    )
    return answered(done.stdout, probes, sudo, done.returncode)


def run_with_password(
    *probes: Probe,
    password: Callable[[], str],
    edit: Callable[[bytes], bytes] = bytes,
    limits: Limits | None = None,
) -> tuple[Visit, list[bytes]]:
    """A visit of this machine by its own transport, ``sudo: password``, and what was sent; ``edit`` as in ``run``."""
    asset = Asset("me", "linux", "me", reach=Reach("local", sudo=Sudo.PASSWORD, sudo_password="prompt"))
    transport = Edited(edit)
    plan = AssetPlan("s", "me", probes, (), "2024-1")
    return visit_asset(plan, asset, transport, None, limits, sudo_password=password), transport.sent


class Edited(LocalTransport):
    """This machine; scripts are edited on their way, and all that is sent is kept."""

    def __init__(self, edit: Callable[[bytes], bytes]) -> None:
        super().__init__("me")
        self.edit = edit
        self.sent: list[bytes] = []

    def run(self, command: str, dialogue: Dialogue, limits: Limits) -> int | None:
        told = EditedDialogue(dialogue, self.edit, self.sent)
        command = re.sub(r"head -c \d+", f"head -c {len(told.first)}", command)
        return super().run(command, told, limits)


class EditedDialogue:
    """A dialogue whose scripts are edited."""

    def __init__(self, inner: Dialogue, edit: Callable[[bytes], bytes], sent: list[bytes]) -> None:
        self.inner, self.edit, self.sent = inner, edit, sent
        self.first = edit(inner.give() or b"")
        self.waiting: bytes | None = self.first
        self.take = inner.take

    @property
    def begun(self) -> bool:
        return self.inner.begun

    def give(self) -> bytes | None:
        given, self.waiting = self.waiting or self.inner.give(), None
        if given and given is not self.first and len(given) > 500:
            given = self.edit(given)
        if given:
            self.sent.append(given)
        return given


def answered(stream: bytes, probes: Sequence[Probe], sudo: Sudo = Sudo.NONE, status: int = 0) -> Ran:
    """The observations of a whole answer stream."""
    answers = Answers(NONCE, probes, sudo)
    answers.feed(stream)
    observations = answers.observations(None)
    assert [o.probe_id for o in observations] == [p.id for p in probes]
    return Ran(status, stream, answers, {o.probe_id: o for o in observations})


def long_sleep() -> str:
    """A command that nobody else runs, so that it can be looked for."""
    return f"sleep 99.{secrets.randbelow(10**9):09}"


def alive(marker: str) -> list[str]:
    """The command lines of living processes (zombies apart) that hold a text."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
            state = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
        except (OSError, IndexError):
            continue
        if marker in command and state != "Z" and int(folder.name) != os.getpid():
            found.append(command)
    return found
