"""Package sources of every family: what is verified, what keeps updates away, what comes by itself."""

import subprocess
from pathlib import Path

import pytest

from secaudit.facts.fact import GapFound
from secaudit.facts.package_sources import PackageSource, parse_sources
from secaudit.facts.package_sources_probe import SOURCES
from secaudit.facts.packages import PACKAGES
from secaudit.facts.update_settings import (
    Blocked,
    build_update_settings,
    held_packages,
    parse_update_settings,
)
from tests.unit.facts.answers import apt_config, evidence

NONE: frozenset[str] = frozenset()


def apt(sources: str = "", settings: str = "", pins: str = "", timers: str = "") -> str:
    return f"@@ apt settings\n{settings}\n@@ apt sources\n{sources}\n@@ apt pins\n{pins}\n@@ timers\n{timers}\n@@ end\n"


def places(folder: Path) -> dict[str, str]:
    return {
        "sourcelist": f"{folder}/sources.list",
        "sourceparts": f"{folder}/sources.list.d/",
        "preferences": f"{folder}/preferences",
        "preferencesparts": f"{folder}/preferences.d/",
    }


def asked(folder: Path, told: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """The probe where apt-config says ``told``; apt's part alone, so that the machine may be of any family."""
    start = SOURCES.command.index("  echo '@@ apt settings'")
    script = SOURCES.command[start : SOURCES.command.index("elif [")] + "echo '@@ end'"
    return subprocess.run(
        ["/bin/sh", "-c", script],
        capture_output=True,
        text=True,
        env=apt_config(folder, **told),
        check=False,
    )


def rpm(*settings: str, locks: str = "", timers: str = "") -> str:
    rows = "\n".join(setting.replace("|", "\t") for setting in settings)
    return f"@@ rpm settings\n{rows}\n@@ rpm locks\n{locks}\n@@ timers\n{timers}\n@@ end\n"


def test_apt_sources_are_signed_unless_something_says_otherwise() -> None:
    text = apt("/etc/apt/a.list\thttps\tdeb.example.org\t-\n/etc/apt/b.list\thttp\tother\ttrusted=yes")
    assert parse_sources(text) == (
        PackageSource("/etc/apt/a.list", "deb.example.org", True, True, "signed"),
        PackageSource("/etc/apt/b.list", "other", False, False, "trusted=yes"),
    )


@pytest.mark.parametrize(
    ("setting", "verified"),
    [
        ('Acquire::AllowInsecureRepositories "0";', True),
        ('Acquire::AllowInsecureRepositories "true";', False),
        ('acquire::allowinsecurerepositories "1";', False),
        ('APT::Get::AllowUnauthenticated "yes";', False),
        ('Acquire::AllowInsecureRepositories "";', True),
    ],
)
def test_settings_of_apt_hold_for_every_source(setting: str, verified: bool) -> None:
    (source,) = parse_sources(apt("/etc/apt/a.list\thttp\tx\t-", setting))
    assert source.verified is verified


@pytest.mark.parametrize(
    ("main", "own", "verified"),
    [
        ("1", "", True),
        ("0", "1", True),
        ("1", "0", False),
        ("", "", False),
        ("", "yes", True),
        ("True", "", True),
    ],
)
def test_dnf_checks_nothing_where_nothing_says_so(main: str, own: str, verified: bool) -> None:
    rows = ["/etc/yum.repos.d/a.repo|base|address|https mirror.example.org"]
    rows += [f"/etc/dnf/dnf.conf|main|gpgcheck|{main}"] if main else []
    rows += [f"/etc/yum.repos.d/a.repo|base|gpgcheck|{own}"] if own else []
    (source,) = parse_sources(rpm(*rows))
    assert (source.name, source.host, source.verified) == ("base", "mirror.example.org", verified)


def test_a_repository_that_is_off_does_not_count() -> None:
    assert (
        parse_sources(
            rpm("/etc/yum.repos.d/a.repo|debug|enabled|0", "/etc/yum.repos.d/a.repo|debug|gpgcheck|0")
        )
        == ()
    )


@pytest.mark.parametrize(
    ("rows", "verified"),
    [
        (("gpgcheck|0",), False),
        (("gpgcheck|0", "pkg_gpgcheck|1"), True),
        (("enabled|1",), True),
        (("gpgcheck|off",), False),
    ],
)
def test_zypper_checks_unless_told_not_to(rows: tuple[str, ...], verified: bool) -> None:
    (source,) = parse_sources(rpm(*(f"/etc/zypp/repos.d/a.repo|oss|{row}" for row in rows)))
    assert source.verified is verified


def test_apk_always_verifies() -> None:
    text = "@@ apk sources\nhttps\tdl.example.org\n/media/cdrom/apks\t/media/cdrom/apks\n@@ timers\n@@ end\n"
    assert [(s.name, s.verified, s.encrypted) for s in parse_sources(text)] == [
        ("/media/cdrom/apks", True, True),
        ("dl.example.org", True, True),
    ]


def blocked(text: str, held: tuple[str, ...] = (), installed: frozenset[str] = NONE) -> list[str]:
    return [f"{b.name}: {b.how}" for b in parse_update_settings(text, held, installed).blocked]


@pytest.mark.parametrize(
    ("pin", "priority", "kept_away"),
    [
        ("release l=Debian-Security", "-1", True),
        ("release o=Debian", "90", True),
        ("release a=trixie-security", "0", True),
        ("release o=Debian", "500", False),
        ("release o=Debian,n=trixie-backports", "50", False),
        ("release o=Debian,a=unstable", "10", False),
        ("release o=Docker", "50", False),
        ("version 1.2*", "1001", True),
    ],
)
def test_pins_under_which_nothing_is_replaced(
    tmp_path: Path, pin: str, priority: str, kept_away: bool
) -> None:
    """apt_preferences(5), and tried with apt 3.0: below 100, what is installed stays."""
    (tmp_path / "preferences").write_text(f"Package: *\nPin: {pin}\nPin-Priority: {priority}\n")
    done = asked(tmp_path, places(tmp_path))
    assert bool(blocked(done.stdout)) is kept_away


def test_what_keeps_updates_away() -> None:
    pins = "openssl\t1\t1001\nabsent\t1\t1001\nlibc*\t1\t900"
    assert blocked(apt(pins=pins), ("vim",), frozenset({"openssl"})) == [
        "libc*: pin",
        "openssl: pin",
        "vim: hold",
    ]
    rows = ("/etc/dnf/dnf.conf|main|exclude|kernel*, java", "/etc/yum.repos.d/a.repo|base|excludepkgs|nginx")
    assert blocked(rpm(*rows, locks="versionlock\tbash-0:5.1-2.el9.*")) == [
        "bash-0:5.1-2.el9.*: versionlock",
        "java: exclude [main]",
        "kernel*: exclude [main]",
        "nginx: exclude [base]",
    ]
    assert blocked("@@ apk sources\n@@ apk world\nbusybox=1.36.1-r5\n@@ end\n") == [
        "busybox=1.36.1-r5: apk world"
    ]


def test_held_packages_of_dpkg() -> None:
    text = "@@ dpkg\nii \tbash\t5.2\tamd64\nhi \tvim\t9\tamd64\nhc \tgone\t1\tamd64\n"
    assert held_packages(text) == ("vim",)
    found = build_update_settings(
        evidence({SOURCES: apt(), PACKAGES: text}, {"package_names": ("bash", "vim")})
    )
    assert found.blocked == (Blocked("vim", "hold"),)


ON = 'APT::Periodic::Update-Package-Lists "1";\nAPT::Periodic::Unattended-Upgrade "1";'
TIMERS = "apt-daily.timer\napt-daily-upgrade.timer"


@pytest.mark.parametrize(
    ("text", "automatic"),
    [
        (apt(settings=ON, timers=TIMERS), "installs"),
        (apt(settings=ON, timers="apt-daily.timer"), "looks"),
        (apt(settings=ON), "none"),
        (apt(settings=ON + '\nAPT::Periodic::Enable "0";', timers=TIMERS), "none"),
        (apt(settings=ON.replace('"1"', '"0"'), timers=TIMERS), "none"),
        (apt(timers=TIMERS), "none"),
        (rpm(timers="dnf-automatic-install.timer"), "installs"),
        (rpm(timers="dnf-automatic.timer"), "looks"),
        (rpm("/etc/dnf/automatic.conf|commands|apply_updates|yes", timers="dnf-automatic.timer"), "installs"),
        (rpm("/etc/yum/yum-cron.conf|commands|apply_updates|no", timers="0yum-daily.cron"), "looks"),
        (rpm(timers="dnf-makecache.timer"), "looks"),
        (rpm(), "none"),
    ],
)
def test_what_comes_by_itself(text: str, automatic: str) -> None:
    assert parse_update_settings(text, (), frozenset({"unattended-upgrades"})).automatic == automatic


def test_without_the_package_nothing_is_installed_by_itself() -> None:
    assert parse_update_settings(apt(settings=ON, timers=TIMERS), (), NONE).automatic == "looks"


@pytest.mark.parametrize("text", ["", "@@ end\n", "@@ apt sources\n", "@@ apt sources\nx\n@@ end\n"])
def test_what_is_cut_off_is_a_gap(text: str) -> None:
    with pytest.raises(GapFound):
        parse_sources(text)


def test_sources_and_pins_are_read_where_apt_reads_them(tmp_path: Path) -> None:
    """Dir::Etc::sourcelist, sourceparts and preferences name files of their own: apt.conf(5)."""
    (tmp_path / "own.d").mkdir()
    (tmp_path / "own.txt").write_text("deb [trusted=yes] http://one.example.org/ a main\n")
    (tmp_path / "own.d/two.list").write_text("deb https://two.example.org/ a main\n")
    (tmp_path / "sources.list").write_text("deb https://never.read/ a main\n")
    (tmp_path / "pins").write_text("Package: openssl\nPin: version 1.0\nPin-Priority: 1001\n")
    told = places(tmp_path) | {
        "sourcelist": f"{tmp_path}/own.txt",
        "sourceparts": f"{tmp_path}/own.d/",
        "preferences": f"{tmp_path}/pins",
    }
    done = asked(tmp_path, told)
    assert {(s.host, s.verified) for s in parse_sources(done.stdout)} == {
        ("one.example.org", False),
        ("two.example.org", True),
    }
    assert "openssl\t1\t1001" in done.stdout


@pytest.mark.parametrize("path", ["", "../sources.list", r"/srv/o'\''s.list"])
def test_a_place_of_apt_that_cannot_be_told_ends_the_probe(path: str, tmp_path: Path) -> None:
    done = asked(tmp_path, places(tmp_path) | {"sourcelist": path})
    assert done.returncode == 1
    assert "@@ end" not in done.stdout


def test_the_probe_shows_no_password_of_a_source(tmp_path: Path) -> None:
    folder = tmp_path / "sources.list.d"
    folder.mkdir()
    (tmp_path / "sources.list").write_text(
        "# deb http://commented/ a main\ndeb-src http://source/ a main\n"
        "deb [ arch=amd64 Trusted=Yes ] http://user:CANARY@mirror.example.org/debian a main\n"
    )
    (folder / "one.sources").write_text(
        "Types: deb deb-src\nURIs: https://ann:CANARY@deb.example.org/x\n https://second.example.org/\nSuites: a\n"
        "Trusted: no\n\nTypes: deb\nURIs: http://off.example.org/\nEnabled: no\n\n"
        "Types: deb\nURIs: file:/srv/r\nTrusted: yes"
    )
    done = asked(tmp_path, places(tmp_path))
    assert "CANARY" not in done.stdout
    assert [(s.host, s.verified) for s in parse_sources(done.stdout)] == [
        ("mirror.example.org", False),
        ("-", False),
        ("deb.example.org", True),
        ("second.example.org", True),
    ]
