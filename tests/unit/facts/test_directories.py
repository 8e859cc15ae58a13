"""How directories are asked: sssd, nslcd, the libraries of old."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.facts.config_files import config_files
from secaudit.facts.directories import DIRECTORIES_PROBE, Directory, directories
from secaudit.facts.fact import GapFound
from secaudit.model.evidence import GapReason
from tests.unit.facts.answers import in_root

LDAP = """[sssd]
domains = corp
[domain/corp]
id_provider = ldap
ldap_default_authtok = CANARY
"""


def ask(root: Path, files: dict[str, str], *central: str) -> tuple[Directory, ...]:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    printed = in_root(root, DIRECTORIES_PROBE)
    assert "CANARY" not in printed
    return directories(config_files(printed), central)


@pytest.mark.parametrize(
    ("more", "encrypted", "checked", "keeps"),
    [
        ("ldap_uri = ldap://10.0.0.9\n", False, True, False),
        ("ldap_uri = ldaps://10.0.0.9\n", True, True, False),
        ("ldap_uri = ldaps://10.0.0.9, ldap://10.0.0.8\n", False, True, False),
        ("\tLDAP_URI = LDAPS://10.0.0.9\n", True, True, False),
        ("ldap_uri = ldap://10.0.0.9\nldap_id_use_start_tls = True\n", True, True, False),
        ("ldap_uri = ldap://10.0.0.9\n# ldap_id_use_start_tls = true\n", False, True, False),
        ("ldap_uri = ldaps://x\nldap_tls_reqcert = never\n", True, False, False),
        ("ldap_uri = ldaps://x\nldap_auth_disable_tls_never_use_in_production = true\n", False, True, False),
        ("ldap_uri = ldaps://x\nldap_uri = ldap://x\n", False, True, False),
        ("ldap_uri = ldaps://x\ncache_credentials = True\n", True, True, True),
    ],
)
def test_a_domain_of_sssd(tmp_path: Path, more: str, encrypted: bool, checked: bool, keeps: bool) -> None:
    (row,) = ask(tmp_path, {"etc/sssd/sssd.conf": LDAP + more}, "sss")
    assert (row.name, row.encrypted, row.certificate_checked, row.keeps_passwords) == (
        "sssd corp",
        encrypted,
        checked,
        keeps,
    )


def test_tickets_seal_and_a_domain_that_is_not_enabled_counts_for_nothing(tmp_path: Path) -> None:
    text = "[sssd]\ndomains = ad\n[domain/ad]\nid_provider = ad\n[domain/old]\nid_provider = ldap\n[pam]\n"
    (row,) = ask(tmp_path, {"etc/sssd/sssd.conf": text + "offline_credentials_expiration = 7\n"}, "sss")
    assert (row.name, row.encrypted, row.keeps_days) == ("sssd ad", True, 7)


def test_a_drop_in_of_sssd_wins(tmp_path: Path) -> None:
    files = {
        "etc/sssd/sssd.conf": LDAP + "ldap_uri = ldaps://x\n",
        "etc/sssd/conf.d/99.conf": "[domain/corp]\nldap_uri = ldap://x\n",
    }
    assert not ask(tmp_path, files, "sss")[0].encrypted


@pytest.mark.parametrize(
    ("text", "encrypted", "checked"),
    [
        ("uri ldap://10.0.0.9/\nbindpw CANARY\n", False, True),
        ("uri ldap://10.0.0.9/\nssl start_tls\ntls_reqcert never\n", True, False),
        ("uri ldaps://10.0.0.9/\n", True, True),
        ("host 10.0.0.9\n", False, True),
    ],
)
def test_nslcd(tmp_path: Path, text: str, encrypted: bool, checked: bool) -> None:
    (row,) = ask(tmp_path, {"etc/nslcd.conf": text}, "ldap")
    assert (row.encrypted, row.certificate_checked) == (encrypted, checked)


def test_a_directory_without_its_file_is_a_gap(tmp_path: Path) -> None:
    with pytest.raises(GapFound) as found:
        ask(tmp_path, {}, "ldap")
    assert found.value.gap.reason is GapReason.NOT_COLLECTED


WORDS = [
    "#+ /etc/sssd/sssd.conf",
    "#= /etc/sssd/sssd.conf",
    " [sssd]",
    " domains=a",
    " [domain/a]",
    " [pam]",
    " x",
]


@given(
    st.lists(
        st.sampled_from([*WORDS, " offline_credentials_expiration=x", " id_provider="]) | st.text(max_size=20)
    )
)
def test_any_text_gives_a_value_or_a_gap(lines: list[str]) -> None:
    with suppress(GapFound):
        directories(config_files("\n".join(lines)), ("sss", "ldap"))
