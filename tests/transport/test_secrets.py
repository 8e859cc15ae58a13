"""Credentials by reference: read once, shown nowhere, refused when others may read them."""

import os
from pathlib import Path

import pytest

from secaudit.errors import TransportError, TransportReason
from secaudit.model.register import Asset, Reach
from secaudit.transport import Secrets


def asset(**reach: str) -> Asset:
    """An asset with these references."""
    return Asset("a", "linux", "a", reach=Reach("ssh", **reach))  # type: ignore[arg-type]


def refusal(secrets: Secrets, reference: str) -> TransportError:
    """Why a password cannot be had."""
    with pytest.raises(TransportError) as told:
        secrets.value("password", reference, "a")
    assert told.value.reason is TransportReason.CREDENTIAL_MISSING
    assert reference in str(told.value)
    return told.value


def test_the_environment_is_emptied_of_what_is_referred_to() -> None:
    environ = {"PW": "secret", "PATH": "/bin"}
    secrets = Secrets([asset(password="env:PW"), asset(key="env:PW")], environ)
    assert environ == {"PATH": "/bin"}
    assert secrets.value("password", "env:PW", "a") == secrets.value("key", "env:PW", "a") == "secret"
    assert "secret" not in repr(secrets)


def test_a_person_is_asked_once_for_each_kind() -> None:
    asked: list[str] = []

    def ask(kind: str) -> str:
        asked.append(kind)
        return f"typed {kind}"

    secrets = Secrets([asset(password="prompt"), asset(password="prompt", passphrase="prompt")], {}, ask)
    assert secrets.value("password", "prompt", "a") == "typed password"
    assert asked == ["passphrase", "password"]


def test_only_what_is_referred_to_leaves_the_environment() -> None:
    environ = {"prompt": "kept", "agent": "kept"}
    Secrets([asset(password="prompt", key="env:UNSET")], environ, lambda _kind: "typed")
    assert environ == {"prompt": "kept", "agent": "kept"}


def test_what_costs_is_made_once() -> None:
    secrets, made = Secrets([], {}), []
    for _visit in range(3):
        secrets.derived(("file:/key", "env:PASS"), lambda: made.append("key"))
    assert made == ["key"]


def test_nobody_is_asked_when_nothing_is_to_be_typed() -> None:
    Secrets([asset(password="env:PW")], {}, lambda _kind: pytest.fail("asked"))


@pytest.mark.parametrize("reference", ["env:UNSET", "prompt"])
def test_what_is_not_there_is_named(reference: str) -> None:
    refusal(Secrets([asset(password=reference)], {}), reference)


@pytest.mark.parametrize(
    ("content", "value"), [("s3cret\n", "s3cret"), ("s3cret\r\n", "s3cret"), (" two words ", " two words ")]
)
def test_a_file(content: str, value: str, tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_bytes(content.encode())
    path.chmod(0o600)
    assert Secrets([], {}).value("password", f"file:{path}", "a") == value


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o777])
def test_a_file_that_others_may_read_is_refused_with_the_fix(mode: int, tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("s3cret", encoding="utf-8")
    path.chmod(mode)
    error = refusal(Secrets([], {}), f"file:{path}")
    assert error.hint == f"chmod 600 {path}"
    assert "s3cret" not in str(error)


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe", b"x" * 70_000])
def test_a_file_without_a_secret(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_bytes(content)
    path.chmod(0o600)
    refusal(Secrets([], {}), f"file:{path}")


def test_no_file_at_all(tmp_path: Path) -> None:
    """A FIFO would wait for a writer."""
    os.mkfifo(tmp_path / "fifo", 0o600)
    for name in ("fifo", "absent", "."):
        refusal(Secrets([], {}), f"file:{tmp_path}/{name}")
