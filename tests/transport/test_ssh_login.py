"""Logging in: with what is declared, with nothing else, and without showing any of it."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from secaudit.errors import TransportError, TransportReason
from secaudit.model.register import Asset
from secaudit.transport import Limits, Secrets, open_transport
from secaudit.transport.known_hosts import KnownHosts, host_name
from secaudit.transport.protocol import OneWay
from tests.transport.server import Server, running_server, shell
from tests.transport.sshd import Sshd, make_key

CANARY = "canary-passphrase"


def log_in(asset: Asset, workspace: Path, secrets: Secrets | None = None) -> dict[str, str]:
    """The channel of a run that got in."""
    transport = open_transport(asset, workspace, secrets or Secrets([asset], {}))
    try:
        assert transport.run("exit 0", OneWay(b"", lambda _chunk: True), Limits()) == 0
    finally:
        transport.close()
    return dict(transport.channel)


def failure(asset: Asset, workspace: Path, secrets: Secrets | None = None) -> TransportError:
    """Why it did not get in."""
    with pytest.raises(TransportError) as told:
        log_in(asset, workspace, secrets)
    error: BaseException | None = told.value
    while error is not None:
        assert CANARY not in f"{error!r} {error} {getattr(error, 'hint', '')}"
        error = error.__cause__ or error.__context__
    return told.value


@pytest.mark.parametrize(
    "kind",
    [
        ("ed25519", ""),
        ("ecdsa", ""),
        ("rsa", "", "-b", "2048"),
        ("rsa", "", "-m", "PEM"),
        ("ed25519", CANARY),
        ("ecdsa", CANARY, "-m", "PEM"),
    ],
)
def test_keys_of_every_kind(kind: tuple[str, ...], sshd: Sshd, tmp_path: Path) -> None:
    key = tmp_path / "key"
    accept(sshd, make_key(key, *kind))
    asset = sshd.asset(key=f"file:{key}", passphrase="env:PASS" if kind[1] else "")
    assert log_in(asset, sshd.workspace(), Secrets([asset], {"PASS": CANARY}))["auth"] == "key"


def test_a_key_in_the_environment(sshd: Sshd) -> None:
    asset = sshd.asset(key="env:KEY")
    environ = {"KEY": (sshd.folder / "user_ed25519").read_text(encoding="utf-8"), "OTHER": "x"}
    log_in(asset, sshd.workspace(), Secrets([asset], environ))
    assert environ == {"OTHER": "x"}


def test_a_wrong_key_is_refused_and_named(sshd: Sshd, tmp_path: Path) -> None:
    make_key(tmp_path / "other")
    error = failure(sshd.asset(key=f"file:{tmp_path}/other"), sshd.workspace())
    assert error.reason is TransportReason.AUTH_FAILED
    assert f"file:{tmp_path}/other (SHA256:" in str(error)


def test_a_wrong_user_is_refused(sshd: Sshd) -> None:
    assert failure(sshd.asset(user="nobody-here"), sshd.workspace()).reason is TransportReason.AUTH_FAILED


@pytest.mark.parametrize(
    ("content", "mode", "told"),
    [
        (None, 0o600, "No such file"),
        ("", 0o600, "empty"),
        ("no key", 0o600, "no private key"),
        (
            "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n",
            0o600,
            "no private key",
        ),
        ("key", 0o640, "others may read it (mode 640)"),
    ],
)
def test_a_key_that_is_none(content: str | None, mode: int, told: str, sshd: Sshd, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "key").write_text(content, encoding="utf-8")
        (tmp_path / "key").chmod(mode)
    error = failure(sshd.asset(key=f"file:{tmp_path}/key"), sshd.workspace())
    assert error.reason is TransportReason.CREDENTIAL_MISSING
    assert f"file:{tmp_path}/key" in str(error)
    assert told in str(error)


@pytest.mark.parametrize("passphrase", ["", "env:WRONG", "env:UNSET"])
def test_a_key_without_its_passphrase(passphrase: str, sshd: Sshd, tmp_path: Path) -> None:
    make_key(tmp_path / "key", "ed25519", CANARY)
    asset = sshd.asset(key=f"file:{tmp_path}/key", passphrase=passphrase)
    error = failure(asset, sshd.workspace(), Secrets([asset], {"WRONG": f"{CANARY}?"}))
    assert error.reason is TransportReason.CREDENTIAL_MISSING


def test_nothing_is_declared(sshd: Sshd) -> None:
    assert failure(sshd.asset(key=""), sshd.workspace()).reason is TransportReason.CREDENTIAL_MISSING


def test_the_agent_when_it_is_declared(sshd: Sshd, agent: Path) -> None:
    asset = sshd.asset(key="", agent=True)
    assert failure(asset, sshd.workspace()).reason is TransportReason.CREDENTIAL_MISSING
    subprocess.run(["ssh-add", "-q", str(sshd.folder / "user_ed25519")], check=True)
    assert log_in(asset, sshd.workspace())["auth"] == "agent"


def test_the_agent_is_not_asked_unless_declared(sshd: Sshd, agent: Path, tmp_path: Path) -> None:
    subprocess.run(["ssh-add", "-q", str(sshd.folder / "user_ed25519")], check=True)
    make_key(tmp_path / "other")
    asset = sshd.asset(key=f"file:{tmp_path}/other")
    assert failure(asset, sshd.workspace()).reason is TransportReason.AUTH_FAILED


def test_no_agent_runs(sshd: Sshd, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    assert (
        failure(sshd.asset(key="", agent=True), sshd.workspace()).reason is TransportReason.CREDENTIAL_MISSING
    )


@pytest.fixture
def server() -> Iterator[Server]:
    """A server that wants a password."""
    with running_server(shell, CANARY) as running:
        yield running


def workspace_of(server: Server, folder: Path) -> Path:
    """A workspace that trusts the server."""
    KnownHosts(folder / "known_hosts").add(host_name("127.0.0.1", server.port), server.key)
    return folder


def test_a_password_from_each_place(server: Server, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(f"{CANARY}\n", encoding="utf-8")
    secret.chmod(0o600)
    workspace = workspace_of(server, tmp_path)
    for reference in ("env:PW", f"file:{secret}", "prompt"):
        asset = server.asset(password=reference)
        channel = log_in(asset, workspace, Secrets([asset], {"PW": CANARY}, lambda _kind: CANARY))
        assert channel["auth"] == "password"
        assert CANARY not in str(channel)


def test_a_wrong_password_is_named_by_its_reference(server: Server, tmp_path: Path) -> None:
    asset = server.asset(password="env:PW")
    error = failure(asset, workspace_of(server, tmp_path), Secrets([asset], {"PW": f"{CANARY}?"}))
    assert error.reason is TransportReason.AUTH_FAILED
    assert "env:PW" in str(error)


def test_what_is_not_declared_is_not_tried(server: Server, sshd: Sshd, tmp_path: Path) -> None:
    asset = server.asset(password="env:PW")
    log_in(asset, workspace_of(server, tmp_path), Secrets([asset], {"PW": CANARY}))
    assert server.tried == ["password of audit"]
    assert server.commands == ["exit 0"]


def accept(sshd: Sshd, public: str) -> None:
    """Let one more key in."""
    with (sshd.folder / "authorized_keys").open("a", encoding="utf-8") as stream:
        stream.write(public)
