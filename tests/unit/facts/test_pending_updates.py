"""Pending updates of apt, rpm and apk: what is pending, what is security, how old the metadata is."""

import gzip
import os
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from secaudit.facts.fact import GapFound
from secaudit.facts.pending_updates import STALE_AFTER_DAYS, PendingUpdates, build_pending, parse_updates
from secaudit.facts.update_script import UPDATES
from secaudit.model.evidence import GapReason
from tests.unit.facts.answers import apt_config, evidence
from tests.unit.facts.recordings import recorded

SECURITY = "stable-security\ttrixie-security\tDebian-Security\tMon, 23 Nov 2026 00:00:00 UTC"
MAIN = "stable\ttrixie\tDebian\tMon, 01 Jun 2026 00:00:00 UTC"
DAY = datetime(2026, 11, 23, 1, tzinfo=UTC)


def apt(
    *packages: str,
    release: str = SECURITY,
    total: int = 100,
    held: str = "",
    suites: str = "trixie trixie-security",
) -> str:
    rows = "\n".join(packages)
    named = "\n".join(suites.split())
    lists = f"@@ apt release\n{release}\n{MAIN}\n@@ apt suites\n{named}\n@@ apt packages\n{rows}\n"
    return f"{lists}@@ apt total\n{total}\n@@ held\n{held}\n@@ end\n"


def pending(text: str, now: datetime = DAY) -> PendingUpdates:
    return build_pending(evidence({UPDATES: text}, now=now))


def gap(text: str, now: datetime = DAY) -> GapReason:
    with pytest.raises(GapFound) as found:
        pending(text, now)
    return found.value.gap.reason


@pytest.mark.parametrize(("system", "first"), [("debian-12", "2.6.2"), ("debian-13", "3.0.4")])
def test_recorded_updates(system: str, first: str) -> None:
    updates, metadata = parse_updates(recorded(system, "updates_pending.txt"))
    assert [u.candidate for u in updates if u.name == "apt"] == [first]
    assert all(u.security and not u.held for u in updates)
    assert metadata.date.date() == DAY.date()


def test_recorded_host_without_pending_updates() -> None:
    assert parse_updates(recorded("debian-12", "updates_none.txt"))[0] == ()


def test_no_lists_is_absent_metadata_not_none_pending() -> None:
    assert gap(recorded("debian-11", "updates_no_lists.txt")) is GapReason.METADATA_ABSENT


def test_lists_without_a_security_source_are_absent_metadata() -> None:
    assert gap(apt(release=MAIN)) is GapReason.METADATA_ABSENT


BOOKWORM = SECURITY.replace("trixie", "bookworm").replace("stable", "oldstable")


@pytest.mark.parametrize(
    ("release", "suites", "absent"),
    [
        (SECURITY, "trixie", True),
        (SECURITY, "", True),
        (SECURITY, "stable stable-security", False),
        ("oldoldstable\tbuster\tDebian-Security\tMon, 23 Nov 2026 00:00:00 UTC", "buster/updates", False),
        (SECURITY, "trixie ?", False),
        (SECURITY, "trixie-security", False),
        (BOOKWORM, "trixie bookworm-security", True),
        (BOOKWORM, "bookworm-security", False),
        ("jammy-security\tjammy\tUbuntu\tMon, 23 Nov 2026 00:00:00 UTC", "jammy-security", False),
    ],
)
def test_lists_whose_source_was_taken_away_prove_nothing(release: str, suites: str, absent: bool) -> None:
    text = apt(release=release, suites=suites)
    if absent:
        assert gap(text) is GapReason.METADATA_ABSENT
    else:
        assert pending(text).updates == ()
    assert gap(text.replace("@@ apt suites", "@@ other")) is GapReason.UNPARSABLE


def test_the_suites_that_the_sources_of_apt_name(tmp_path: Path) -> None:
    """One line a source, deb822 with more than one suite, what is switched off, what is for sources only."""
    (tmp_path / "own.d").mkdir()
    (tmp_path / "own.list").write_text(
        "# deb http://h one main\ndeb [arch=amd64 signed-by=/k] http://u:HIDE@h two main\ndeb-src http://h three main\n"
    )
    (tmp_path / "own.d/a.sources").write_text(
        "Types: deb deb-src\nURIs: http://h\nSuites: four\n five\nComponents: main\n\n"
        "Enabled: no\nTypes: deb\nSuites: six\n\nTypes: deb-src\nSuites: seven\n"
    )
    script = UPDATES.command.partition("echo '@@ apt suites'")[2].partition("echo '@@ apt packages'")[0]
    done = subprocess.run(
        ["/bin/sh", "-c", script],
        capture_output=True,
        text=True,
        env=apt_config(tmp_path, sourcelist=f"{tmp_path}/own.list", sourceparts=f"{tmp_path}/own.d/"),
        check=True,
    )
    assert done.stdout.split() == ["two", "four", "five"]


def test_stale_metadata_still_proves_what_it_knows() -> None:
    fact = pending(recorded("debian-12", "updates_stale.txt"))
    assert fact.metadata_date == "2026-09-24"
    assert fact.metadata_age_days > STALE_AFTER_DAYS
    assert fact.updates


@pytest.mark.parametrize(("days", "stale"), [(STALE_AFTER_DAYS, False), (STALE_AFTER_DAYS + 1, True)])
def test_stale_metadata_that_knows_nothing_is_a_gap(days: int, stale: bool) -> None:
    now = DAY + timedelta(days=days)
    text = apt("bash\t5.1\t5.2\ttrixie/main")
    if stale:
        assert gap(text, now) is GapReason.METADATA_STALE
    else:
        assert pending(text, now).metadata_age_days == days


def test_metadata_from_the_future_is_a_gap() -> None:
    assert gap(apt(), DAY - timedelta(days=3)) is GapReason.METADATA_STALE


def test_a_security_update_below_a_newer_version_from_elsewhere_counts() -> None:
    fact = pending(apt("vim\t9.0\t9.2\ttrixie-backports/main", "vim\t9.0\t9.1\ttrixie-security/main"))
    (update,) = fact.updates
    assert (update.candidate, update.security) == ("9.2", True)


def test_buster_writes_its_security_suite_otherwise() -> None:
    assert pending(apt("vim\t8.1\t8.2\tbuster/updates/main")).updates[0].security


def test_an_ordinary_update_is_no_security_update() -> None:
    assert not pending(apt("vim\t9.0\t9.1\ttrixie/main,trixie-updates/main")).updates[0].security


def test_an_older_version_on_offer_is_no_update() -> None:
    assert pending(apt("vim\t1:9.0\t9.1\ttrixie-security/main")).updates == ()


def test_held_packages_are_marked() -> None:
    assert pending(apt("vim\t9.0\t9.1\ttrixie-security/main", held="vim")).updates[0].held


def test_an_apt_that_lists_nothing_has_failed() -> None:
    assert gap(apt(total=0)) is GapReason.FAILED


def test_an_answer_that_is_cut_off_is_a_gap() -> None:
    assert gap(apt().replace("@@ end", "")) is GapReason.UNPARSABLE


@pytest.mark.parametrize("row", ["vim", "vim\t9.0\tnonsense\tx", "vim\t9.0\té\tx"])
def test_nonsense_is_a_gap(row: str) -> None:
    assert gap(apt(row)) is GapReason.UNPARSABLE


RPM = """@@ rpm metadata
{metadata}
@@ rpm installed
bash\tx86_64\t0:5.1.8-6.el9
kernel-core\tx86_64\t0:5.14.0-70.el9
kernel-core\tx86_64\t0:5.14.0-503.11.1.el9_5
nodejs\tx86_64\t1:16.20-1.module
@@ rpm errata
{errata}
@@ modules
nodejs:18
@@ end
"""


def rpm(*errata: str, metadata: str = "1795392000 errata baseos") -> str:
    return RPM.format(metadata=metadata, errata="\n".join(errata))


def test_rpm_errata_above_the_installed_version_are_pending() -> None:
    fact = pending(rpm("bash\tx86_64\t0:5.1.8-9.el9\t-", "bash\tx86_64\t0:5.1.8-2.el9\t-"))
    assert [(u.name, u.candidate) for u in fact.updates] == [("bash", "0:5.1.8-9.el9")]
    assert fact.metadata_date == "2026-11-23"


def test_the_newest_of_several_installed_kernels_counts() -> None:
    assert pending(rpm("kernel-core\tx86_64\t0:5.14.0-503.el9\t-")).updates == ()


@pytest.mark.parametrize(("stream", "count"), [("nodejs:18", 1), ("nodejs:20", 0)])
def test_errata_of_a_module_count_for_its_enabled_stream(stream: str, count: int) -> None:
    assert len(pending(rpm(f"nodejs\tx86_64\t1:18.1-1.module\t{stream}")).updates) == count


def test_repositories_without_errata_tell_nothing() -> None:
    assert gap(rpm(metadata="1795392000 none base")) is GapReason.METADATA_ABSENT


@pytest.mark.parametrize(
    ("enabled", "silent"),
    [
        ("baseos\nepel", ("baseos",)),
        ("epel", ()),
        ("", ("baseos",)),
        ("epel\nnever-fetched", ("never-fetched",)),
    ],
)
def test_errata_of_one_repository_do_not_vouch_for_another(enabled: str, silent: tuple[str, ...]) -> None:
    text = rpm(metadata=f"1795392000 none baseos\n1795392000 errata epel\n@@ rpm enabled\n{enabled}")
    assert pending(text).silent_sources == silent


@pytest.mark.parametrize(
    ("released", "updates", "silent"),
    [
        ("OS\neverything\nsource\nEPOL", "update", ("EPOL",)),
        ("b:SLE-Module-Basesystem15-SP5-Pool", "b:SLE-Module-Basesystem15-SP5-Updates", ()),
        (
            "b:SLE-Module-Basesystem15-SP5-Pool",
            "s:SLE-Module-Server15-SP5-Updates",
            ("b:SLE-Module-Basesystem15-SP5-Pool",),
        ),
        ("ks10-adv-os\nks10-adv-addon", "ks10-adv-updates", ("ks10-adv-addon",)),
        ("OS", "epel", ("OS",)),
    ],
)
def test_what_stays_as_released_has_its_errata_beside_it(
    released: str, updates: str, silent: tuple[str, ...]
) -> None:
    none = "".join(f"1795392000 none {name}\n" for name in released.split())
    text = rpm(metadata=f"{none}1795392000 errata {updates}\n@@ rpm enabled\n{released}\n{updates}")
    assert pending(text).silent_sources == silent


def test_errata_of_a_repository_that_is_off_do_not_count() -> None:
    text = rpm(metadata="1795392000 none baseos\n1795392000 errata epel\n@@ rpm enabled\nbaseos")
    assert gap(text) is GapReason.METADATA_ABSENT


def test_errata_that_cannot_be_unpacked_are_a_gap() -> None:
    assert gap(rpm("unreadable")) is GapReason.UNPARSABLE


APK = "@@ apk index\n{index}\n@@ apk packages\nInstalled:      Available:\n{rows}\n@@ end\n"


def test_every_pending_update_of_alpine_counts_as_security() -> None:
    fact = pending(APK.format(index="1795392000", rows="musl-1.2.4-r2   < 1.2.4-r3"))
    assert [(u.name, u.installed, u.candidate, u.security) for u in fact.updates] == [
        ("musl", "1.2.4-r2", "1.2.4-r3", True)
    ]


def test_an_update_of_a_tagged_repository_of_alpine() -> None:
    fact = pending(APK.format(index="1795392000", rows="nginx-1.26.0-r1   < 1.27.3-r0 @edge"))
    assert [(u.name, u.candidate) for u in fact.updates] == [("nginx", "1.27.3-r0")]


def test_a_line_that_alpine_never_printed_is_a_gap() -> None:
    assert gap(APK.format(index="1795392000", rows="-1-r1" * 10_000)) is GapReason.UNPARSABLE


def test_alpine_without_a_cached_index_tells_nothing() -> None:
    assert gap(APK.format(index="", rows="")) is GapReason.METADATA_ABSENT


UPDATEINFO = """<?xml version="1.0" encoding="UTF-8"?>
<updates>
  <update from="x" status="final" type="Security" version="1">
    <id>SA-1</id>
    <pkglist><collection short="x"><name>x</name>
      <package arch="x86_64" name="bash" release="9.el9" version="5.1.8"><filename>b</filename></package>
      <package name="bash-doc" version="5.1.8" release="9.el9" epoch="0" arch="noarch"/>
    </collection></pkglist>
  </update>
  <update type="bugfix"><pkglist><collection>
      <package name="kernel-core" version="9" release="9" epoch="0" arch="x86_64"/>
  </collection></pkglist></update>
  <update type="security"><pkglist><collection>
      <module name="nodejs" stream="18" version="1" arch="x86_64"/>
      <package name="nodejs" version="18.1" release="1.module" epoch="1" arch="x86_64"/>
  </collection></pkglist></update>
</updates>
"""
FAKE_RPM = """#!/bin/sh
case "$3" in
  *'<have'*) printf '<have bash.x86_64>\\n<have kernel-core.x86_64>\\n<have nodejs.x86_64>\\n';;
  *) printf 'bash\\tx86_64\\t0:5.1.8-6.el9\\nkernel-core\\tx86_64\\t0:5.14.0-70.el9\\n'
    printf 'nodejs\\tx86_64\\t1:16.20-1.module\\n';;
esac
"""


def on_rpm_root(root: Path, packed: bytes) -> str:
    """What the probe prints on a root with dnf's cache of one repository."""
    repository = root / "var/cache/dnf/updates-0123456789abcdef/repodata"
    repository.mkdir(parents=True)
    (repository / "repomd.xml").write_text("<repomd/>")
    os.utime(repository / "repomd.xml", (1_795_392_000, 1_795_392_000))
    (repository / "1-updateinfo.xml.gz").write_bytes(packed)
    (root / "etc/dnf/modules.d").mkdir(parents=True)
    (root / "etc/dnf/modules.d/nodejs.module").write_text("[nodejs]\nname=nodejs\nstream=18\nstate=enabled\n")
    (root / "etc/yum.repos.d").mkdir()
    (root / "etc/yum.repos.d/all.repo").write_text(
        "[updates]\nname=x\nbaseurl=http://u:HIDE@h/\n[extra]\nenabled = 1\n[off]\nenabled=0\n"
    )
    (root / "bin").mkdir()
    (root / "bin/rpm").write_text(FAKE_RPM)
    (root / "bin/rpm").chmod(0o755)
    script = UPDATES.command
    for folder in ("/var/cache/", "/var/lib/dpkg/", "/lib/apk/", "/etc/dnf/", "/etc/yum.repos.d/"):
        script = script.replace(f" {folder}", f" {root}{folder}")
    path = {"PATH": f"{root}/bin:/usr/bin:/bin", "LC_ALL": "C"}
    return subprocess.run(
        ["/bin/sh", "-c", script], capture_output=True, text=True, check=True, env=path
    ).stdout


@pytest.mark.parametrize("text", [UPDATEINFO, UPDATEINFO.replace("\n", " ")], ids=["lines", "one line"])
def test_the_errata_in_the_cache_of_dnf(tmp_path: Path, text: str) -> None:
    fact = pending(on_rpm_root(tmp_path, gzip.compress(text.encode())))
    assert [(u.name, u.candidate) for u in fact.updates] == [
        ("bash", "0:5.1.8-9.el9"),
        ("nodejs", "1:18.1-1.module"),
    ]
    assert fact.metadata_date == "2026-11-23"
    assert fact.silent_sources == ("extra",)


def test_a_broken_cache_is_a_gap(tmp_path: Path) -> None:
    assert gap(on_rpm_root(tmp_path, b"not gzip")) is GapReason.UNPARSABLE
