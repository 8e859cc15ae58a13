"""Which TLS the library of a host allows."""

import pytest

from secaudit.facts.crypto_policy import crypto_policy
from secaudit.facts.fact import GapFound
from secaudit.facts.packages import Package

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


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("DEFAULT", False),
        ("LEGACY", True),
        ("LEGACY:AD-SUPPORT", True),
        ("FIPS", False),
        ("DEFAULT:NO-SHA1", False),
    ],
)
def test_the_policy_of_the_system_comes_first(policy: str, expected: bool) -> None:
    assert old("", policy, ONE) == (expected, policy)


def test_the_library_decides_where_nothing_is_said() -> None:
    assert old(packages=ONE) == (True, "OpenSSL 1")
    assert old(packages=(*ONE, *THREE)) == (False, "OpenSSL 3")


def test_no_library_is_a_gap() -> None:
    with pytest.raises(GapFound):
        old(packages=())


def test_what_is_cut_off_is_a_gap() -> None:
    with pytest.raises(GapFound):
        crypto_policy("none", "@@ openssl\n", THREE)
