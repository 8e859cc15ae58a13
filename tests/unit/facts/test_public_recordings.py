"""Other people's real systems: CentOS 7 and Ubuntu as the jc project recorded them."""

from pathlib import Path

from secaudit.facts.accounts_probe import PASSWD
from secaudit.facts.passwd_file import parse_passwd
from secaudit.facts.services import parse_active
from secaudit.facts.sshd import branches
from secaudit.facts.sshd_answers import parse_sshd
from secaudit.facts.sshd_probe import KEYWORDS
from secaudit.facts.time_sync import parse_state
from tests.unit.facts.answers import in_root
from tests.unit.facts.recordings import public


def as_probed(text: str) -> str:
    """What the probe lets through of ``sshd -T``, for a stranger and for root."""
    kept = "\n".join(line for line in text.splitlines() if line.split()[0] in KEYWORDS)
    return f"#branch default stranger\n{kept}\n#branch default root\n{kept}\n"


def test_sshd_of_centos_7() -> None:
    """OpenSSH 7.4: pubkeyacceptedkeytypes, challengeresponseauthentication, its ciphers."""
    (anybody, root) = branches(parse_sshd(as_probed(public("recorded/generic/sshd-T-2.out"))), ())
    assert (root.root_login, anybody.passwords, anybody.use_pam) == ("password", True, True)
    assert {"3des-cbc", "aes128-cbc"} < set(anybody.ciphers)
    assert "diffie-hellman-group1-sha1" in anybody.kex_algorithms
    assert (anybody.max_auth_tries, anybody.login_grace_time_s, anybody.ports) == (6, 120, (22,))


def test_sshd_of_ubuntu_22_04() -> None:
    """OpenSSH 8.9 has no challengeresponseauthentication of its own any more."""
    (anybody, root) = branches(parse_sshd(as_probed(public("recorded/generic/sshd-T.out"))), ())
    assert (root.root_login, anybody.passwords, anybody.permit_empty_passwords) == ("key", True, False)
    assert anybody.channel_timeout == "none"


def test_units_of_systemd_219_with_the_mark_of_those_not_found() -> None:
    lines = public("recorded/centos-7.7/systemctl.out").splitlines()
    table = [line for line in lines if ".service " in line or ".socket " in line]
    marked = [line for line in table if line.startswith("●")]
    active = [line for line in table if " active " in line]
    names = {service.name for service in parse_active("@@ systemd\n" + "\n".join([*active, *marked]))}
    assert {"sshd", "auditd", "chronyd", "cloud-init"} <= names
    assert "●" not in "".join(names)


def test_the_clock_of_centos_7() -> None:
    shown = public("recorded/centos-7.7/timedatectl.out")
    state = parse_state(f"@@ systemd\n{shown}\n@@ end\n", "chronyd")
    assert (state.synchronised, state.told_by) == (True, "timedatectl")


def test_accounts_of_centos_7(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/passwd").write_text(public("recorded/centos-7.7/passwd.out"))
    people = {who.name: who for who in parse_passwd(in_root(tmp_path, PASSWD)).identities}
    assert people["root"].can_log_in
    assert not people["sshd"].can_log_in
    assert people["sshd"].is_system
