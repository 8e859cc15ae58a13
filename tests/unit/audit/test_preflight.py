"""Preflight: every failure becomes a finding with its reason and what mends it; nothing else does."""

import shlex
from dataclasses import replace

import pytest

from secaudit.audit import Asked, make_plan
from secaudit.audit.findings import Finding, Topic, Weight, Where
from secaudit.audit.preflight import AssetReport, look_ahead
from secaudit.errors import NotAuthorised
from secaudit.facts.readiness import HOST
from secaudit.model.evidence import Gap, GapReason
from secaudit.model.register import Asset, Authorisation
from tests.unit.audit import samples
from tests.unit.audit.preflights import HOST_1, PROGRAMS, PUBLIC, SOUND, fixes, only, report, sounding, visit


def test_a_sound_host_has_no_finding() -> None:
    told = report(visit())
    assert told == AssetReport("oa", "oa-1", True, ())
    assert told.weight is None


def refused(reason: GapReason, detail: str = "") -> Finding:
    told = report(visit(Gap(reason, detail or f"oa-1 (192.0.2.1 port 2222): {reason}.")))
    assert not told.reached
    assert told.weight is Weight.BLOCKS
    (finding,) = told.findings
    return finding


@pytest.mark.parametrize(
    ("reason", "topic", "where", "fix"),
    [
        (GapReason.HOST_KEY_UNKNOWN, Topic.HOST_KEY, Where.HERE, "secaudit hostkeys trust oa-1"),
        (GapReason.HOST_KEY_MISMATCH, Topic.HOST_KEY, Where.HERE, "secaudit hostkeys trust oa-1 --replace"),
        (GapReason.REFUSED, Topic.REACH, Where.ASSET_ROOT, "systemctl enable --now sshd"),
        (GapReason.CONNECT_TIMEOUT, Topic.REACH, Where.PERSON, "TCP port 2222"),
        (GapReason.UNREACHABLE, Topic.REACH, Where.HERE, "getent hosts 192.0.2.1"),
        (
            GapReason.AUTH_FAILED,
            Topic.LOGIN,
            Where.HERE,
            "ssh-copy-id -i ~/'keys/my key' -p 2222 audit@192.0.2.1",
        ),
        (
            GapReason.AUTH_FAILED,
            Topic.LOGIN,
            Where.ASSET_ROOT,
            f"echo '{PUBLIC}' >>~audit/.ssh/authorized_keys",
        ),
        (GapReason.CREDENTIAL_MISSING, Topic.LOGIN, Where.PERSON, "credential"),
        (GapReason.NO_COMMON_ALGORITHM, Topic.REACH, Where.ASSET_ROOT, "sshd -T"),
        (GapReason.LINK_LOST, Topic.LINK, Where.ASSET_ROOT, "journalctl"),
        (GapReason.VISIT_TIMEOUT, Topic.SHELL, Where.ASSET_ROOT, "getent passwd audit"),
        (GapReason.ZONE_STOPPED, Topic.REACH, Where.HERE, "secaudit preflight --asset oa-1"),
        (GapReason.CREDENTIAL_STOPPED, Topic.LOGIN, Where.ASSET_ROOT, "passwd -S audit"),
        (GapReason.INTERNAL, Topic.REACH, Where.HERE, "secaudit --verbose preflight --asset oa-1"),
        (GapReason.PLUGIN_BROKEN, Topic.REACH, Where.HERE, "secaudit plugins list"),
    ],
)
def test_an_asset_that_is_not_entered(reason: GapReason, topic: Topic, where: Where, fix: str) -> None:
    finding = refused(reason)
    assert finding.topic is topic
    assert any(fix in text for text in fixes(finding, where)), finding
    assert finding.problem == f"oa-1 (192.0.2.1 port 2222): {reason}"


@pytest.mark.parametrize(
    ("said", "fix"),
    [
        (
            "WARNING: Your password has expired. Password change required but no TTY available.",
            "passwd audit",
        ),
        ("This account is currently not available.", "usermod -s /bin/sh audit"),
        ("fish: Unknown command", "getent passwd audit"),
    ],
)
def test_a_login_shell_that_ends_by_itself(said: str, fix: str) -> None:
    finding = refused(
        GapReason.FAILED, f"the login shell ended with status 1 before the script began: {said}"
    )
    assert finding.topic is Topic.SHELL
    assert fix in fixes(finding)


def test_a_password_that_is_refused_and_an_agent() -> None:
    gap = Gap(GapReason.AUTH_FAILED, "oa-1: login as audit refused")
    by_password = replace(HOST_1, reach=replace(HOST_1.reach, key="", password="env:PW"))
    assert "passwd audit" in fixes(only(visit(gap), by_password))
    by_agent = replace(HOST_1, reach=replace(HOST_1.reach, key="", agent=True))
    assert fixes(only(visit(gap), by_agent), Where.HERE) == ["ssh-copy-id -p 2222 audit@192.0.2.1"]


def test_no_text_of_a_register_becomes_a_command() -> None:
    nasty = replace(
        HOST_1, address="$(reboot)", reach=replace(HOST_1.reach, user="a\\b", key="file:/k'$(reboot)")
    )
    finding = only(visit(Gap(GapReason.AUTH_FAILED, "x")), nasty)
    copy = shlex.split(fixes(finding, Where.HERE)[0])
    assert copy == ["ssh-copy-id", "-i", "/k'$(reboot)", "-p", "2222", "a\\b@$(reboot)"]
    assert not any("authorized_keys" in text for text in fixes(finding))


def test_a_program_that_is_missing_names_its_package_and_what_is_lost() -> None:
    finding = only(visit(HOST=SOUND[HOST.id].replace("program cat\n", "")))
    assert (finding.weight, finding.topic, finding.problem) == (
        Weight.LACKS,
        Topic.PROGRAMS,
        "cat is missing",
    )
    assert fixes(finding) == ["apt-get install coreutils"]
    assert finding.checks == ("linux.named", "linux.young")


def test_a_program_that_no_check_needs_is_not_missed() -> None:
    assert report(visit(HOST=SOUND[HOST.id].replace("program stat\n", ""))).findings == ()


def test_where_the_distribution_is_not_known_a_person_installs() -> None:
    finding = only(visit(OS="", HOST=SOUND[HOST.id].replace("program cat\n", "")))
    assert fixes(finding, Where.PERSON) == ["Install coreutils."]


def test_a_host_without_proc() -> None:
    finding = only(visit(HOST=f"{PROGRAMS}end\n"))
    assert (finding.weight, finding.problem) == (Weight.LACKS, "/proc cannot be read")


def test_hidden_processes_are_told() -> None:
    assert only(visit(HOST=f"{PROGRAMS}proc here\nend\n")).weight is Weight.NOTE


def test_files_that_would_stall_a_scan() -> None:
    finding = only(visit(HOST=f"{SOUND[HOST.id]}odd /etc/cron.d/a b\n"))
    assert (finding.weight, finding.topic) == (Weight.LACKS, Topic.FILES)
    assert fixes(finding) == ["ls -lL '/etc/cron.d/a b'"]


@pytest.mark.parametrize(
    ("seconds", "weight"),
    [
        (0, None),
        (59, None),
        (-60, Weight.NOTE),
        (3_599, Weight.NOTE),
        (3_600, Weight.LACKS),
        (-(10**8), Weight.LACKS),
    ],
)
def test_a_clock_that_is_apart(seconds: int, weight: Weight | None) -> None:
    told = report(visit(ahead_s=seconds))
    assert told.weight is weight
    if weight:
        assert ("ahead" if seconds > 0 else "behind") in told.findings[0].problem
        assert fixes(told.findings[0]) == ["chronyc makestep && chronyc tracking"]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(90, "90 s"), (-600, "10 min"), (7_300, "2 h"), (-172_799, "48 h"), (1_795_887_828, "20786 days")],
)
def test_how_far_a_clock_is_apart_is_said_in_a_unit_that_is_read(seconds: int, words: str) -> None:
    way = "ahead of" if seconds > 0 else "behind"
    assert only(visit(ahead_s=seconds)).problem == f"its clock is {words} {way} ours"


@pytest.mark.parametrize(
    ("gone", "fix"),
    [
        (("chronyc",), "systemctl restart ntpd"),
        (("chronyc", "ntpq"), "timedatectl set-ntp true"),
        (("chronyc", "ntpq", "timedatectl"), "apt-get install chrony"),
    ],
)
def test_a_clock_is_set_by_what_is_there(gone: tuple[str, ...], fix: str) -> None:
    answers = SOUND[HOST.id]
    for name in gone:
        answers = answers.replace(f"program {name}\n", "")
    assert fix in fixes(only(visit(ahead_s=90, HOST=answers)))[0]


def test_a_clock_that_is_not_known_is_no_finding() -> None:
    assert report(visit(ahead_s=None)).findings == ()


def test_a_link_that_breaks_is_told_once() -> None:
    gap = Gap(GapReason.LINK_LOST, "the connection ended before the last answer")
    finding = only(visit(LINK=gap, ROOT=gap))
    assert (finding.weight, finding.topic) == (Weight.LACKS, Topic.LINK)


def test_a_long_answer_that_is_changed_on_the_way() -> None:
    assert only(visit(LINK="short")).topic is Topic.LINK


@pytest.mark.parametrize(
    ("channel", "weight", "fix"),
    [
        ({"limiter": "none"}, Weight.NOTE, "apt-get install coreutils"),
        ({"limiter": "-"}, Weight.BLOCKS, "apt-get install coreutils"),
    ],
)
def test_what_limits_a_command(channel: dict[str, str], weight: Weight, fix: str) -> None:
    finding = only(replace(visit(), channel=channel))
    assert finding.weight is weight
    assert fixes(finding) == [fix]


def test_noise_of_the_login_shell_is_told_and_no_failure() -> None:
    finding = only(replace(visit(), channel={"limiter": "setsid", "noise_bytes": "45"}))
    assert (finding.weight, finding.topic) == (Weight.NOTE, Topic.SHELL)
    assert "45 bytes" in finding.problem


def test_an_asset_whose_permission_ended_meanwhile_is_not_left_out() -> None:
    asked: list[str] = []

    def authorise(_system: str, asset: Asset) -> Authorisation:
        asked.append(asset.id)
        if len(asked) > 1:
            raise NotAuthorised("the window is closed")
        return samples.authorisation()

    made = samples.rules(samples.YOUNG)
    register = samples.register(samples.system("oa", HOST_1, replace(HOST_1, id="oa-2")))
    plan = make_plan(register, made.content, samples.FACTS, Asked(), samples.allowed())
    first, second = look_ahead(plan, made, sounding(visit(), authorise=authorise))
    assert (first.asset_id, first.weight) == ("oa-1", None)
    assert (second.asset_id, second.reached, second.weight) == ("oa-2", False, Weight.BLOCKS)
    assert second.findings[0].problem == "the window is closed"


def test_an_asset_that_nobody_allowed_is_not_visited() -> None:
    made = samples.rules(samples.YOUNG)
    register = samples.register(samples.system("oa", HOST_1, replace(HOST_1, id="oa-2")))

    def only_the_first(_system: str, asset: Asset) -> Authorisation | None:
        return samples.authorisation() if asset.id == "oa-1" else None

    plan = make_plan(register, made.content, samples.FACTS, Asked(), only_the_first)
    (report,) = look_ahead(plan, made, sounding(visit()))
    assert report.asset_id == "oa-1"
