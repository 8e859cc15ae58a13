"""What was tried on which family of distributions, and by which test: the cells of docs/families.md."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from secaudit.content.folder import content_dir
from secaudit.model.text import Text
from tests.unit.facts.families import EXPECTED

ROOT: Final = content_dir("checks").parent
FACTS: Final = ROOT / "tests" / "unit" / "facts"
# The kinds of proof, the best first.
KINDS: Final = {
    "root": Text("真实系统", "real root"),
    "recording": Text("他人录制", "recording"),
    "format": Text("文档格式", "documented format"),
    "gap": Text("缺口", "gap"),
}
COLUMNS: Final = {
    "debian": Text("Debian 11-13", "Debian 11-13"),
    "ubuntu": Text("Ubuntu 18.04-24.04", "Ubuntu 18.04-24.04"),
    "centos": Text("CentOS 7", "CentOS 7"),
    "rhel": Text("RHEL、Rocky、Alma 8-9", "RHEL, Rocky, Alma 8-9"),
    "chinese": Text("openEuler、Anolis、麒麟、UOS", "openEuler, Anolis, Kylin, UOS"),
    "sles": Text("SLES 15", "SLES 15"),
    "alpine": Text("Alpine", "Alpine"),
}
NOTHING: Final = Text("", "")
# A folder of tests/unit/facts/documented → its column, and its name where the column has several systems.
SYSTEMS: Final = {
    "ubuntu-20.04": ("ubuntu", Text("20.04", "20.04")),
    "ubuntu-22.04": ("ubuntu", Text("22.04", "22.04")),
    "ubuntu-24.04": ("ubuntu", Text("24.04", "24.04")),
    "centos-7": ("centos", NOTHING),
    "rocky-8": ("rhel", Text("Rocky 8", "Rocky 8")),
    "rocky-9": ("rhel", Text("Rocky 9", "Rocky 9")),
    "alma-9": ("rhel", Text("Alma 9", "Alma 9")),
    "anolis-8": ("chinese", Text("Anolis 8", "Anolis 8")),
    "openeuler-20.03": ("chinese", Text("openEuler 20.03", "openEuler 20.03")),
    "openeuler-22.03": ("chinese", Text("openEuler 22.03", "openEuler 22.03")),
    "kylin-v10": ("chinese", Text("麒麟 V10", "Kylin V10")),
    "uos-20": ("chinese", Text("UOS 20", "UOS 20")),
    "sles-15": ("sles", NOTHING),
    "alpine-3": ("alpine", NOTHING),
    "alpine-3-pam": ("alpine", NOTHING),
}


@dataclass(frozen=True, slots=True)
class Proof:
    """Something tried: ``where`` is a file below the root that holds the text ``holds`` (a test, what it reads)."""

    column: str
    kind: str
    where: str
    holds: str
    note: Text = NOTHING


@dataclass(frozen=True, slots=True)
class Topic:
    """A row: the facts whose hosts in documented format count for it, and what else was tried."""

    name: Text
    facts: tuple[str, ...]
    proofs: tuple[Proof, ...]


def _lab(*topics: str, note: Text = NOTHING) -> tuple[Proof, ...]:
    """The lab's truth about real roots of Debian."""
    found = [Proof("debian", "root", f"tests/lab/truth/{topic}.yaml", "default:", note) for topic in topics]
    return tuple(found)


def _test(column: str, kind: str, file: str, holds: str, zh: str = "", en: str = "") -> Proof:
    return Proof(column, kind, f"tests/unit/facts/test_{file}.py", holds, Text(zh, en))


def documented(topic: Topic) -> dict[str, list[Text]]:
    """Column → the systems whose files in documented format a test reads for that topic."""
    found: dict[str, list[Text]] = {}
    for system, (column, name) in SYSTEMS.items():
        if set(EXPECTED.get(system, {})) & set(topic.facts):
            found.setdefault(column, []).append(name)
    return found


def held(proof: Proof) -> bool:
    """Whether the file is there and holds what it is said to hold."""
    file: Path = ROOT / proof.where
    return file.is_file() and proof.holds in file.read_text(encoding="utf-8")


TOPICS: Final = (
    Topic(
        Text("发行版（`os`）", "release (`os`)"),
        (),
        (
            *_lab("patching"),
            _test("ubuntu", "recording", "os_families", '"ubuntu/20.04", "ubuntu/22.04", "ubuntu/24.04"'),
            _test("centos", "recording", "os_families", '"centos/7"'),
            _test("rhel", "recording", "os_families", '"rhel/8.10"'),
            _test(
                "chinese", "recording", "os_families", "openEuler/24.03", "openEuler 24.03", "openEuler 24.03"
            ),
            _test("chinese", "format", "os_families", 'ID="kylin"', "其余", "others"),
            _test("sles", "recording", "os_families", '"sles/15.3"'),
            _test("alpine", "recording", "os_families", '"alpine/3.16.9"'),
        ),
    ),
    Topic(
        Text("支持期限", "end of support"),
        (),
        (
            *_lab("patching"),
            _test("ubuntu", "recording", "support", '"ubuntu/22.04", "22.04"', "22.04", "22.04"),
            _test("centos", "recording", "support", '"centos/7", "7"'),
            _test("rhel", "recording", "support", '"rocky/8.9", "8"', "Rocky 8", "Rocky 8"),
            _test("rhel", "recording", "support", '"almalinux/9.4", "9"', "Alma 9", "Alma 9"),
            _test(
                "chinese",
                "recording",
                "support",
                '"openEuler/24.03", "24.03-lts-sp2"',
                "openEuler 24.03",
                "openEuler 24.03",
            ),
            _test("chinese", "format", "support", "test_anolis_by_its_first_number", "Anolis 8", "Anolis 8"),
            _test(
                "chinese",
                "gap",
                "support",
                '("kylin", "V10")',
                "麒麟、UOS、Anolis 7 与 23：没有公布的表",
                "Kylin, UOS, Anolis 7 and 23: no published table",
            ),
            _test("sles", "recording", "support", '"sles/15.6", "15.6"'),
            _test("alpine", "recording", "support", '"alpine/3.20.7", "3.20"'),
        ),
    ),
    Topic(
        Text("账户、口令期限", "accounts, ageing"),
        ("account_sources", "new_account_rules"),
        (
            *_lab("identity"),
            _test("centos", "recording", "public_recordings", "recorded/centos-7.7/passwd.out"),
        ),
    ),
    Topic(
        Text("PAM", "PAM"),
        ("lockout", "password_policy", "login_services", "su_services"),
        (*_lab("identity"),),
    ),
    Topic(
        Text("登录会话：umask、空闲超时", "sessions: umask, idle time"),
        ("login_umasks", "session_idle"),
        (*_lab("access"),),
    ),
    Topic(
        Text("sshd", "sshd"),
        ("sshd_branches",),
        (
            *_lab("ssh"),
            _test(
                "ubuntu", "recording", "public_recordings", "recorded/generic/sshd-T.out", "22.04", "22.04"
            ),
            _test("centos", "recording", "public_recordings", "recorded/generic/sshd-T-2.out"),
        ),
    ),
    Topic(Text("sudo", "sudo"), ("sudo_rules", "sudo_defaults"), (*_lab("access"),)),
    Topic(
        Text("审计", "audit"),
        ("audit_daemon", "audit_kernel", "audit_rules"),
        (*_lab("audit", note=Text("守护进程未运行", "no daemon running")),),
    ),
    Topic(Text("日志、轮转", "logging, rotation"), ("log_targets", "log_retention"), (*_lab("logging"),)),
    Topic(
        Text("时间", "time"),
        ("time_sync", "time_synchronised"),
        (
            *_lab("time"),
            _test(
                "ubuntu",
                "recording",
                "time_sync",
                "recorded/ubuntu-18.04/timedatectl.out",
                "timedatectl",
                "timedatectl",
            ),
            _test("centos", "recording", "time_sync", "recorded/centos-7.7/ntpq-pn.out", "ntpq", "ntpq"),
            _test(
                "centos",
                "recording",
                "public_recordings",
                "recorded/centos-7.7/timedatectl.out",
                "timedatectl",
                "timedatectl",
            ),
        ),
    ),
    Topic(
        Text("监听端口", "listeners"),
        ("listeners",),
        (
            *_lab("ports"),
            _test(
                "ubuntu",
                "recording",
                "listeners",
                "recorded/ubuntu-18.04/ss-sudo-tulpen.out",
                "18.04 的 ss",
                "ss of 18.04",
            ),
            _test(
                "centos",
                "recording",
                "listeners",
                '"centos-7.7"',
                "netstat 的进程名",
                "process names of netstat",
            ),
        ),
    ),
    Topic(
        Text("防火墙", "firewall"),
        ("firewall",),
        (
            *_lab("network"),
            _test(
                "centos",
                "gap",
                "firewall",
                "recorded/centos-7.7/iptables-filter.out",
                "iptables -L 的录制",
                "a recording of iptables -L",
            ),
        ),
    ),
    Topic(
        Text("服务", "services"),
        ("services_active", "services_enabled"),
        (
            *_lab("services", note=Text("systemd 未运行", "systemd not running")),
            _test(
                "centos",
                "recording",
                "public_recordings",
                "recorded/centos-7.7/systemctl.out",
                "systemd 219",
                "systemd 219",
            ),
        ),
    ),
    Topic(
        Text("软件包、更新", "packages, updates"),
        ("packages",),
        (
            *_lab("patching"),
            _test("rhel", "format", "pending_updates", "test_the_errata_in_the_cache_of_dnf", "dnf", "dnf"),
            _test(
                "sles",
                "format",
                "package_sources",
                "test_zypper_checks_unless_told_not_to",
                "zypper，仅软件源",
                "zypper, sources only",
            ),
            _test(
                "alpine",
                "format",
                "pending_updates",
                "test_every_pending_update_of_alpine_counts_as_security",
                "apk",
                "apk",
            ),
        ),
    ),
    Topic(
        Text("内核、参数", "kernel, parameters"),
        ("kernel_parameters",),
        (*_lab("kernel", note=Text("内核是宿主机的", "kernel of the host machine")),),
    ),
    Topic(
        Text("系统密码策略", "crypto policies"),
        ("system_crypto_policy", "crypto_policy"),
        (*_lab("network"),),
    ),
    Topic(
        Text("安全标记", "security labels"),
        ("mandatory_access",),
        (_test("debian", "format", "mandatory_access", "def test_what_decides"),),
    ),
)
