"""Which TLS the library of a host allows."""

from pathlib import Path

import pytest

from secaudit.facts.crypto_policy import POLICY, CryptoPolicy, crypto_policy
from secaudit.facts.fact import GapFound
from secaudit.facts.packages import Package
from tests.unit.facts.answers import in_root

THREE = (Package("libssl3", "3.0.15-1", "amd64", "dpkg"),)
ONE = (Package("openssl-libs", "1:1.0.2k-26.el7", "x86_64", "rpm"),)
CHAIN = "openssl_conf=a\n[a]\nssl_conf=b\n[b]\nsystem_default=c\n[c]\n"


def old(openssl: str = "", policy: str = "", packages: tuple[Package, ...] = THREE) -> tuple[bool, str]:
    found = crypto_policy(policy or "none", f"@@ openssl\n{openssl}\n@@ end\n", packages)
    return found.old_protocols, found.why


@pytest.mark.parametrize(
    ("openssl", "expected"),
    [
        ("", (False, "OpenSSL 3")),
        (CHAIN + "MinProtocol=TLSv1.2", (False, "MinProtocol TLSv1.2")),
        (CHAIN + "MinProtocol=TLSv1", (True, "MinProtocol TLSv1")),
        (CHAIN + "MinProtocol=TLSv1\nMinProtocol=TLSv1.3", (False, "MinProtocol TLSv1.3")),
        (CHAIN + "CipherString=DEFAULT@SECLEVEL=0", (True, "DEFAULT@SECLEVEL=0")),
        ("[c]\nMinProtocol=TLSv1", (False, "OpenSSL 3")),
        (CHAIN.replace("[b]", "[other]") + "MinProtocol=TLSv1", (False, "OpenSSL 3")),
        (CHAIN + "minprotocol=TLSv1", (False, "OpenSSL 3")),
    ],
)
def test_what_openssl_cnf_brings_into_force(openssl: str, expected: tuple[bool, str]) -> None:
    assert old(openssl) == expected


TAKEN = "policy=taken"


@pytest.mark.parametrize(
    ("policy", "openssl", "expected"),
    [
        ("DEFAULT", CHAIN + "MinProtocol=TLSv1.2\n" + TAKEN, (False, "DEFAULT")),
        ("DEFAULT:NO-SHA1", CHAIN + TAKEN, (False, "DEFAULT:NO-SHA1")),
        ("LEGACY", CHAIN + "MinProtocol=TLSv1\n" + TAKEN, (True, "LEGACY")),
        ("LEGACY:AD-SUPPORT", "", (True, "LEGACY:AD-SUPPORT")),
        # a part of the policy that the office wrote itself lowers what its name promises
        ("DEFAULT:OLD-PARTNERS", CHAIN + "MinProtocol=TLSv1\n" + TAKEN, (True, "MinProtocol TLSv1")),
        ("FIPS", CHAIN + "CipherString=ALL@SECLEVEL=0\n" + TAKEN, (True, "ALL@SECLEVEL=0")),
        # the section that takes it in is named by nothing, or no line does: the library follows no policy
        ("DEFAULT", "[c]\n" + TAKEN, (True, "OpenSSL 1")),
        ("FUTURE", "", (True, "OpenSSL 1")),
    ],
)
def test_the_policy_of_the_system_binds_where_it_is_taken_in(
    policy: str, openssl: str, expected: tuple[bool, str]
) -> None:
    assert old(openssl, policy, ONE) == expected


def test_the_file_of_the_policy_is_read_where_it_is_taken_in(tmp_path: Path) -> None:
    policy = tmp_path / "etc" / "crypto-policies" / "back-ends"
    policy.mkdir(parents=True)
    lines = "CipherString = @SECLEVEL=2:kEECDH\nTLS.MinProtocol = TLSv1.2\nDTLS.MinProtocol = DTLSv1.0\n"
    (policy / "opensslcnf.config").write_text(lines)
    settings = tmp_path / "etc" / "pki" / "tls"
    settings.mkdir(parents=True)
    chain = CHAIN.replace("\n", " # why\n").replace("=", " = ")
    taking = ".include = /etc/crypto-policies/back-ends/opensslcnf.config\n"
    (settings / "openssl.cnf").write_text(chain + taking + "[other]\nMinProtocol = TLSv1\n")
    printed = in_root(tmp_path, POLICY)
    assert crypto_policy("DEFAULT", printed, ONE) == CryptoPolicy("DEFAULT", "TLSv1.2", False, "DEFAULT")
    (settings / "openssl.cnf").write_text(chain)
    assert crypto_policy("DEFAULT", in_root(tmp_path, POLICY), ONE).old_protocols


def test_the_library_decides_where_nothing_is_said() -> None:
    assert old(packages=ONE) == (True, "OpenSSL 1")
    assert old(packages=(*ONE, *THREE)) == (False, "OpenSSL 3")


def test_no_library_is_a_gap() -> None:
    with pytest.raises(GapFound):
        old(packages=())


def test_what_is_cut_off_is_a_gap() -> None:
    with pytest.raises(GapFound):
        crypto_policy("none", "@@ openssl\n", THREE)
