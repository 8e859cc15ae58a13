"""The release and family of every distribution that the content is written for."""

import pytest

from secaudit.facts.fact import GapFound
from secaudit.facts.os import parse_os_release
from secaudit.facts.programs import ALPINE, DEBIAN, RED_HAT, SUSE, family_of
from secaudit.facts.support import support_of
from tests.unit.facts.recordings import public

RECORDED = {
    DEBIAN: ("debian/11", "debian/12", "debian/13", "ubuntu/20.04", "ubuntu/22.04", "ubuntu/24.04"),
    RED_HAT: (
        "centos/7",
        "rhel/8.10",
        "rhel/9.4",
        "rocky/8.9",
        "rocky/9.4",
        "almalinux/8.10",
        "almalinux/9.4",
    )
    + ("openEuler/24.03",),
    SUSE: ("sles/15.3", "sles/15.6", "sles/15.7"),
    ALPINE: ("alpine/3.16.9", "alpine/3.20.7"),
}
# Documented format: no file of these is among the recordings.
WRITTEN = (
    (
        'NAME="Kylin Linux Advanced Server"\nVERSION="V10 (Lance)"\nID="kylin"\nVERSION_ID="V10"\n',
        "kylin",
        RED_HAT,
    ),
    (
        'NAME="openEuler"\nVERSION="20.03 (LTS-SP3)"\nID="openEuler"\nVERSION_ID="20.03"\n',
        "openeuler",
        RED_HAT,
    ),
    ('NAME="openEuler"\nVERSION="22.03 (LTS)"\nID="openEuler"\nVERSION_ID="22.03"\n', "openeuler", RED_HAT),
    ('NAME="Anolis OS"\nID="anolis"\nID_LIKE="rhel fedora centos"\nVERSION_ID="8.8"\n', "anolis", RED_HAT),
    ('NAME="Anolis OS"\nID="anolis"\nVERSION_ID="23"\n', "anolis", RED_HAT),
    # Its editions install by rpm or by apt; newer ones of rpm name their platform.
    ('PRETTY_NAME="UnionTech OS Server 20"\nID=uos\nVERSION_ID="20"\n', "uos", ""),
    ('ID="uos"\nVERSION_ID="20"\nPLATFORM_ID="platform:uel20"\n', "uos", RED_HAT),
)


@pytest.mark.parametrize(
    ("family", "path"), [(name, path) for name, paths in RECORDED.items() for path in paths]
)
def test_a_recorded_release_belongs_to_its_family(family: str, path: str) -> None:
    found = parse_os_release(public(f"os-release/{path}"))
    assert (found.id, family_of(found)) == (path.partition("/")[0].lower(), family)
    assert found.version == path.partition("/")[2]


@pytest.mark.parametrize(("text", "id_", "family"), WRITTEN)
def test_a_release_in_its_documented_format(text: str, id_: str, family: str) -> None:
    found = parse_os_release(text)
    assert (found.id, family_of(found)) == (id_, family)
    with pytest.raises(GapFound):
        support_of(found, ())
