"""Keys that come from a program or from an authority of certificates."""

import subprocess
from pathlib import Path

import pytest

from secaudit.facts.fact import GapFound
from secaudit.facts.key_vouchers import KeyVoucher, key_vouchers
from secaudit.facts.sshd_answers import parse_sshd
from secaudit.facts.sshd_probe import SSHD

ASKED = ("pubkeyauthentication yes", "permitrootlogin prohibit-password")
COMMAND = "authorizedkeyscommand /usr/bin/keys"


def told(branch: str, *lines: str) -> str:
    return "\n".join((f"#branch {branch}", *dict.fromkeys((*lines, *ASKED)))) + "\n"


def found(*branches: str) -> tuple[KeyVoucher, ...]:
    return key_vouchers(parse_sshd("".join(branches)), ())


def test_none_is_none() -> None:
    assert found(told("default stranger", "authorizedkeyscommand none", "trustedusercakeys none")) == ()
    assert found(told("default stranger")) == ()


def test_for_root_and_for_others() -> None:
    both = (COMMAND, "trustedusercakeys /etc/ssh/ca.pub")
    assert found(told("default stranger", *both), told("default root", *both)) == (
        KeyVoucher("AuthorizedKeysCommand /usr/bin/keys", True),
        KeyVoucher("TrustedUserCAKeys /etc/ssh/ca.pub", True),
    )


@pytest.mark.parametrize("kept_out", ["permitrootlogin no", "denyusers root", "allowusers ann"])
def test_root_is_kept_out(kept_out: str) -> None:
    (row,) = found(told("default stranger", COMMAND), told("default root", kept_out, COMMAND))
    assert not row.root


def test_a_branch_without_public_keys() -> None:
    assert found("#branch default stranger\npubkeyauthentication no\n" + COMMAND + "\n") == ()


def test_arguments_of_the_program_stay_on_the_target(tmp_path: Path) -> None:
    """They may hold a password."""
    program = tmp_path / "sshd"
    program.write_text(f"#!/bin/sh\nprintf '%s\\n' '{COMMAND} --key CANARY' 'trustedusercakeys /ca 1'\n")
    program.chmod(0o755)
    asked = SSHD.command.replace("running=$(listening)", f"known={program}; running=")
    done = subprocess.run(["/bin/sh", "-c", asked], capture_output=True, text=True, check=True)
    assert "CANARY" not in done.stdout
    assert {COMMAND, "trustedusercakeys /ca 1"} <= set(done.stdout.splitlines())


def test_a_match_block() -> None:
    match = "#match 1 1 0 user=ann,host=x,addr=192.0.2.1 trustedusercakeys Match User ann\n"
    (row,) = found(told("default stranger"), match, told("1 named", "trustedusercakeys /ca"))
    assert row == KeyVoucher("TrustedUserCAKeys /ca", False)


def test_a_match_block_that_could_not_be_asked_is_a_gap() -> None:
    with pytest.raises(GapFound, match="Exec"):
        found(told("default stranger"), "#match 1 0 0 user=x authorizedkeyscommand Match Exec x\n")
