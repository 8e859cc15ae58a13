"""A killed process is told from one that works on."""

import os
import subprocess
from pathlib import Path

import pytest

from secaudit.audit import owner


def test_this_process_is_alive() -> None:
    assert owner.is_alive(owner.this_process())


def test_a_process_that_ended_is_not() -> None:
    child = subprocess.Popen(["cat"], stdin=subprocess.PIPE)
    name = owner._name(child.pid)
    assert owner.is_alive(name)
    child.communicate()
    assert not owner.is_alive(name)


def test_another_process_with_the_same_number_is_not_the_owner() -> None:
    host, boot, pid, start = owner.this_process().split("/")
    assert not owner.is_alive(f"{host}/{boot}/{pid}/{int(start) - 1}")
    assert not owner.is_alive(f"{host}/another-boot/{pid}/{start}")


@pytest.mark.parametrize("name", ["elsewhere/b/1/2", "elsewhere"])
def test_of_another_machine_nobody_can_tell(name: str) -> None:
    assert owner.is_alive(name)


@pytest.mark.parametrize("name", ["", f"{os.uname().nodename}", f"{os.uname().nodename}/b/x/1"])
def test_no_process_at_all(name: str) -> None:
    assert not owner.is_alive(name)


def test_a_machine_without_proc_forgets_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owner, "PROC", tmp_path)
    assert owner.is_alive(owner.this_process())
