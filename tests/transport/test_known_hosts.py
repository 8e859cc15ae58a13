"""The file known_hosts as sshd(8) defines it: names, patterns, hashes, marks, and lines that are none."""

import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.errors import UsageError
from secaudit.transport.known_hosts import HostKey, KeyState, KnownHosts, host_name
from tests.transport.sshd import make_key

KEY, OTHER = HostKey("ssh-ed25519", b"key blob"), HostKey("ssh-ed25519", b"other blob")
LINE = "ssh-ed25519 a2V5IGJsb2I="
OTHER_LINE = "ssh-ed25519 b3RoZXIgYmxvYg=="


def known(folder: Path, *lines: str) -> KnownHosts:
    """The file with these lines."""
    (folder / "known_hosts").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return KnownHosts(folder / "known_hosts")


@pytest.mark.parametrize(
    ("line", "state"),
    [
        (f"10.0.0.7 {LINE}", KeyState.KNOWN),
        (f"web,10.0.0.7 {LINE} a comment", KeyState.KNOWN),
        (f"10.0.0.* {LINE}", KeyState.KNOWN),
        (f"10.0.0.? {LINE}", KeyState.KNOWN),
        (f"*,!10.0.0.7 {LINE}", KeyState.UNKNOWN),
        (f"10.0.0.70 {LINE}", KeyState.UNKNOWN),
        (f"[10.0.0.7]:2222 {LINE}", KeyState.UNKNOWN),
        (f"10.0.0.7 {OTHER_LINE}", KeyState.CHANGED),
        (f"10.0.0.7 ssh-rsa {LINE.split()[1]}", KeyState.CHANGED),
        (f"@revoked 10.0.0.7 {LINE}", KeyState.REVOKED),
        (f"@revoked * {LINE}\n10.0.0.7 {LINE}", KeyState.REVOKED),
        (f"@revoked * {OTHER_LINE}\n10.0.0.7 {LINE}", KeyState.KNOWN),
        (f"@cert-authority * {LINE}", KeyState.UNKNOWN),
        (f"#10.0.0.7 {LINE}", KeyState.UNKNOWN),
        ("10.0.0.7 ssh-ed25519", KeyState.UNKNOWN),
        ("10.0.0.7 ssh-ed25519 !!!!", KeyState.UNKNOWN),
        ("|1|x|y " + LINE, KeyState.UNKNOWN),
        ("|1|AAAA " + LINE, KeyState.UNKNOWN),
        ("", KeyState.UNKNOWN),
    ],
)
def test_what_a_line_says(line: str, state: KeyState, tmp_path: Path) -> None:
    assert known(tmp_path, line).state("10.0.0.7", KEY) is state


def test_an_absent_file_knows_nobody(tmp_path: Path) -> None:
    hosts = KnownHosts(tmp_path / "known_hosts")
    assert hosts.state("10.0.0.7", KEY) is KeyState.UNKNOWN
    assert hosts.keys_of("10.0.0.7") == ()


@pytest.mark.parametrize("host", ["10.0.0.7", "[10.0.0.7]:2222", "web.example"])
def test_names_hashed_by_openssh(host: str, tmp_path: Path) -> None:
    hosts = known(tmp_path, f"{host} {make_key(tmp_path / 'key').strip()}")
    (key,) = hosts.keys_of(host)
    subprocess.run(["ssh-keygen", "-q", "-H", "-f", str(hosts.path)], check=True, capture_output=True)
    text = hosts.path.read_text(encoding="utf-8")
    assert host not in text
    assert KnownHosts(hosts.path).state(host, key) is KeyState.KNOWN
    assert KnownHosts(hosts.path).state("elsewhere", key) is KeyState.UNKNOWN


def test_the_fingerprint_is_the_one_of_openssh(tmp_path: Path) -> None:
    hosts = known(tmp_path, f"h {make_key(tmp_path / 'key').strip()}")
    shown = subprocess.run(
        ["ssh-keygen", "-l", "-f", str(tmp_path / "key.pub")], check=True, capture_output=True
    )
    assert hosts.keys_of("h")[0].fingerprint == shown.stdout.decode().split()[1]


def test_names_with_port() -> None:
    assert host_name("Web.Example", 22) == "web.example"
    assert host_name("fe80::1", 2222) == "[fe80::1]:2222"


def test_adding_keeps_what_is_there(tmp_path: Path) -> None:
    hosts = known(tmp_path, "# who and when", f"web {OTHER_LINE}", "nonsense")
    before = hosts.path.read_text(encoding="utf-8")
    hosts.add("10.0.0.7", KEY)
    assert hosts.path.read_text(encoding="utf-8") == f"{before}10.0.0.7 {LINE}\n"
    assert hosts.path.stat().st_mode & 0o777 == 0o600
    assert hosts.state("10.0.0.7", KEY) is KeyState.KNOWN


@pytest.mark.parametrize("host", ["10.0.0.7", "[10.0.0.7]:2222"])
def test_a_hashed_name_is_read_by_openssh(host: str, tmp_path: Path) -> None:
    path = tmp_path / "known_hosts"
    KnownHosts(path, hashed=True).add(host, KEY)
    assert "10.0.0.7" not in path.read_text(encoding="utf-8")
    assert KnownHosts(path).state(host, KEY) is KeyState.KNOWN
    found = subprocess.run(["ssh-keygen", "-F", host, "-f", str(path)], capture_output=True, check=True)
    assert b"found: line 1" in found.stdout


def test_a_key_may_be_revoked_for_good(tmp_path: Path) -> None:
    hosts = known(tmp_path, f"10.0.0.7 {LINE}")
    hosts.extend([], [("10.0.0.7", KEY)])
    assert hosts.state("10.0.0.7", KEY) is KeyState.REVOKED


def test_lines_are_found_in_their_order_however_they_are_written(tmp_path: Path) -> None:
    hosts = known(tmp_path, f"10.0.0.* {OTHER_LINE}", f"Web,10.0.0.7 {LINE}", f"*,!10.0.0.9 {OTHER_LINE}")
    assert hosts.keys_of("10.0.0.7") == (OTHER, KEY, OTHER)
    assert hosts.keys_of("web") == (KEY, OTHER)
    assert hosts.keys_of("10.0.0.9") == (OTHER,)


def test_adding_after_a_line_without_end(tmp_path: Path) -> None:
    (tmp_path / "known_hosts").write_text(f"web {OTHER_LINE}", encoding="utf-8")
    hosts = KnownHosts(tmp_path / "known_hosts")
    hosts.add("10.0.0.7", KEY)
    assert hosts.state("web", OTHER) is hosts.state("10.0.0.7", KEY) is KeyState.KNOWN


def test_replacing_takes_the_name_from_other_lines_only(tmp_path: Path) -> None:
    hosts = known(
        tmp_path,
        f"web,10.0.0.7 {OTHER_LINE} note",
        f"10.0.0.7 {OTHER_LINE}",
        f"@revoked 10.0.0.7 {OTHER_LINE}",
        "# kept",
    )
    hosts.replace("10.0.0.7", KEY)
    assert hosts.path.read_text(encoding="utf-8").splitlines() == [
        f"web {OTHER_LINE} note",
        f"@revoked 10.0.0.7 {OTHER_LINE}",
        "# kept",
        f"10.0.0.7 {LINE}",
    ]
    assert hosts.state("10.0.0.7", KEY) is KeyState.KNOWN
    assert hosts.state("web", OTHER) is KeyState.KNOWN


def test_a_folder_in_its_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "known_hosts").mkdir()
    hosts = KnownHosts(tmp_path / "known_hosts")
    with pytest.raises(UsageError, match="known_hosts"):
        hosts.entries()


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="known_hosts"):
        KnownHosts(tmp_path / "gone" / "known_hosts").add("h", KEY)


@given(st.text(max_size=200))
def test_any_text_trusts_nobody_or_is_read(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "known_hosts"
        path.write_text(text, encoding="utf-8", errors="surrogatepass")
        assert KnownHosts(path).state("10.0.0.7", KEY) is not KeyState.KNOWN
