"""Whether credentials can be had, without contacting anybody."""

from pathlib import Path

from secaudit.model.register import Asset, Reach, Sudo
from secaudit.transport import Secrets
from secaudit.transport.credentials import credential_faults, public_key
from tests.transport.sshd import make_key


def asset(**reach: str | bool) -> Asset:
    return Asset("a", "linux", "a", "192.0.2.1", reach=Reach("ssh", **reach))  # type: ignore[arg-type]


def kinds(one: Asset, environ: dict[str, str] | None = None) -> list[str]:
    faults = credential_faults(one.id, one.reach, Secrets([one], environ or {}))
    return [kind for kind, _error in faults]


def test_a_key_that_can_be_had(tmp_path: Path) -> None:
    line = make_key(tmp_path / "k")
    one = asset(key=f"file:{tmp_path}/k")
    assert kinds(one) == []
    assert public_key(one, Secrets([one], {})) == " ".join(line.split()[:2])


def test_a_key_out_of_the_environment(tmp_path: Path) -> None:
    line = make_key(tmp_path / "k")
    one = asset(key="env:KEY")
    assert public_key(one, Secrets([one], {"KEY": (tmp_path / "k").read_text()})) == " ".join(
        line.split()[:2]
    )


def test_a_passphrase_that_is_wrong_or_missing(tmp_path: Path) -> None:
    make_key(tmp_path / "k", passphrase="right")
    one = asset(key=f"file:{tmp_path}/k", passphrase="env:PP")
    assert kinds(one, {"PP": "right"}) == []
    assert kinds(one, {"PP": "wrong"}) == kinds(one) == ["key"]
    assert public_key(one, Secrets([one], {"PP": "wrong"})) == ""


def test_every_credential_is_looked_at() -> None:
    assert kinds(asset(key="env:KEY", password="env:PW")) == ["key", "password"]
    assert kinds(asset(key="env:KEY", password="env:PW"), {"PW": "x"}) == ["key"]


def test_an_asset_without_a_key_has_no_public_one() -> None:
    one = asset(password="env:PW")
    assert public_key(one, Secrets([one], {"PW": "x"})) == ""


def test_the_password_for_sudo_is_looked_at_where_it_is_declared() -> None:
    assert kinds(asset(sudo=Sudo.PASSWORD, sudo_password="env:PW")) == ["sudo password"]
    assert kinds(asset(sudo=Sudo.PASSWORD, sudo_password="env:PW"), {"PW": "x"}) == []
    assert kinds(asset(sudo=Sudo.ALL, sudo_password="env:PW")) == []
