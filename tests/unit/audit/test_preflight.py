"""Preflight: every failure becomes a finding with its reason and what mends it; nothing else does."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import pytest

from secaudit.audit import Asked, Subject, make_plan
from secaudit.audit.findings import Finding, Topic, Weight, Where
from secaudit.audit.planning import Authorise
from secaudit.audit.preflight import OF_THE_USER, AssetReport, Sounding, look_ahead
from secaudit.audit.root_findings import SUDOERS_FILE
from secaudit.collect import Allow
from secaudit.errors import NotAuthorised
from secaudit.facts.command_timeout import COMMAND_TIMEOUT
from secaudit.facts.os import OS_RELEASE
from secaudit.facts.programs import LOOKED_FOR
from secaudit.facts.readiness import HOST, LINK, LINK_LINE, LINK_LINES, LISTED, ROOT, as_long_as
from secaudit.model.evidence import Gap, GapReason, Observation, Probe, Visit
from secaudit.model.register import Asset, Authorisation, Reach, Sudo
from secaudit.model.run import AssetPlan, Plan
from tests.unit.audit import samples

NOW = samples.NOW
PROBES = (*OF_THE_USER, ROOT, COMMAND_TIMEOUT)
PUBLIC = "ssh-ed25519 AAAAC3Nza"
PROGRAMS = "".join(f"program {name}\n" for name in LOOKED_FOR)
SOUND = {
    OS_RELEASE.id: "ID=debian\n",
    HOST.id: f"{PROGRAMS}proc here\nproc all\nend\n",
    LINK.id: f"{LINK_LINE}\n" * LINK_LINES,
    ROOT.id: "root\n",
    COMMAND_TIMEOUT.id: "",
}
HOST_1 = Asset(
    "oa-1",
    "linux",
    "oa-1",
    "192.0.2.1",
    reach=Reach("ssh", 2222, "audit", key="file:~/keys/my key", sudo=Sudo.ALL),
)


def answer(probe: Probe, answers: Mapping[str, str | Gap]) -> Observation:
    told = answers[probe.id]
    if isinstance(told, Gap):
        return Observation(probe.id, probe.definition_hash, probe.command, told)
    return Observation(probe.id, probe.definition_hash, probe.command, output=told.encode(), exit_status=0)


def visit(gap: Gap | None = None, ahead_s: int | None = 0, **answers: str | Gap) -> Visit:
    """A visit to ``oa-1``; ``HOST``, ``ROOT`` … replace what a sound host answers."""
    ids = {
        "OS": OS_RELEASE.id,
        "HOST": HOST.id,
        "LINK": LINK.id,
        "ROOT": ROOT.id,
        "LIMIT": COMMAND_TIMEOUT.id,
    }
    told = {**SOUND, **{ids[name]: text for name, text in answers.items()}}
    seen = tuple(answer(probe, told) for probe in PROBES)
    channel = {"user": "audit", "uid": "1000", "limiter": "timeout"}
    return Visit("oa-1", NOW, NOW, NOW, "a-1", seen, gap, channel, ahead_s)


def planned(asset: Asset = HOST_1) -> Plan:
    register = samples.register(samples.system("oa", asset))
    made = samples.rules(samples.YOUNG, samples.NAMED)
    return make_plan(register, made.content, samples.FACTS, Asked(), samples.allowed(port_scan=True))


def sounding(*visits: Visit, authorise: Authorise | None = None) -> Sounding:
    """Gives back these visits, and holds that each plan asks what preflight asks and nothing else."""

    def visited(plans: Sequence[AssetPlan], subjects: Mapping[str, Subject], allow: Allow) -> Iterator[Visit]:
        coming = iter(visits)
        for asked in plans:
            plan = allow(asked)
            if plan is None:
                return
            assert isinstance(plan, AssetPlan)
            one = next(coming)
            assert [probe.id for probe in plan.probes] == [seen.probe_id for seen in one.observations]
            assert plan.outside_ports == ()
            assert plan.asset_id in subjects
            yield one

    return Sounding(
        visited,
        authorise or samples.allowed(),
        lambda _asset: PUBLIC,
        lambda arguments: f"secaudit {arguments}",
    )


def report(one: Visit, asset: Asset = HOST_1) -> AssetReport:
    made = samples.rules(samples.YOUNG, samples.NAMED)
    (told,) = look_ahead(planned(asset), made, sounding(one))
    return told


def only(one: Visit, asset: Asset = HOST_1) -> Finding:
    (finding,) = report(one, asset).findings
    return finding


def fixes(finding: Finding, where: Where = Where.ASSET_ROOT) -> list[str]:
    return [fix.text for fix in finding.fixes if fix.where is where]


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


@pytest.mark.parametrize(
    ("reason", "said", "fix"),
    [
        (GapReason.SUDO_REFUSED, "sudo: a password is required", "'audit ALL=(root) NOPASSWD: /bin/sh'"),
        (GapReason.SUDO_REQUIRES_TTY, "must have a tty", "printf '%s\\n' 'Defaults:audit !requiretty'"),
        (GapReason.NO_TOOL, "sudo is not installed on the target", "apt-get install sudo"),
        (GapReason.SUDO_REFUSED, "sudo: Account or password is expired, reset your password", "passwd audit"),
        (GapReason.SUDO_REFUSED, "account validation failure, is your account locked?", "usermod -U audit"),
        (GapReason.FAILED, "ended; does sudoers set intercept or log_subcmds?", "!intercept, !log_subcmds'"),
        (GapReason.FAILED, "the part for root broke off: segmentation fault", "journalctl"),
        (GapReason.SUDO_REFUSED, "the part for root did not run as root", "!requiretty, runas_default=root'"),
        (GapReason.SUDO_REFUSED, "/bin/sh: 1: cat: not found", "!requiretty, secure_path="),
        (GapReason.SUDO_REFUSED, "/bin/sh: line 1: cat: command not found", "!requiretty, secure_path="),
        (GapReason.SUDO_REFUSED, "/bin/sh: 1: cat: Permission denied", "!requiretty, !noexec'"),
    ],
)
def test_root_that_is_not_had(reason: GapReason, said: str, fix: str) -> None:
    told = report(visit(ROOT=Gap(reason, said)))
    assert told.reached
    (finding,) = told.findings
    assert (finding.weight, finding.topic) == (Weight.LACKS, Topic.SUDO)
    assert finding.problem == f"no root: {said}"
    assert fix in fixes(finding)[0]
    assert finding.checks == ("linux.named",)  # linux.young asks nothing of root


def test_a_line_for_sudoers_is_read_by_visudo_and_closed_to_others() -> None:
    (fix,) = fixes(only(visit(ROOT=Gap(GapReason.SUDO_REFUSED, "no"))))
    assert f">{SUDOERS_FILE} && chmod 440 {SUDOERS_FILE} && visudo -c" in fix


def test_the_question_for_root_is_as_long_as_the_longest_of_a_scan() -> None:
    """sudo with intercept or log_subcmds ends only what is long."""
    long = Probe("jobs", "x" * 5000, root=True)
    asked = as_long_as((Probe("other", "y" * 9000), long, Probe("short", "id", root=True)))
    assert (asked.id, len(asked.command)) == (ROOT.id, 5000)
    assert as_long_as(()).command.rstrip("#.\n") == ROOT.command


@pytest.mark.parametrize(
    ("limit", "weight"),
    [("3", Weight.LACKS), ("59", Weight.LACKS), ("1m", Weight.NOTE), ("299", Weight.NOTE), ("5m", None)],
)
@pytest.mark.parametrize("sudo", [Sudo.ALL, Sudo.PASSWORD])
def test_a_limit_of_time_that_a_whole_visit_may_not_keep(
    limit: str, weight: Weight | None, sudo: Sudo
) -> None:
    asset = replace(HOST_1, reach=replace(HOST_1.reach, sudo=sudo))
    told = report(visit(LIMIT=f"Defaults command_timeout={limit}\n"), asset)
    assert told.weight is weight
    for finding in told.findings:
        assert (finding.topic, finding.checks) == (Topic.SUDO, ("linux.named",))
        assert "!command_timeout' 'audit ALL=(root)" in fixes(finding)[0]


def test_a_limit_of_time_does_not_bind_root_that_logs_in_nor_is_it_known_without_an_answer() -> None:
    one = visit(LIMIT="Defaults command_timeout=3\n")
    assert report(replace(one, channel={**one.channel, "uid": "0"})).findings == ()
    assert report(visit(LIMIT=Gap(GapReason.FAILED))).findings == ()


def test_root_that_is_not_declared_is_told_and_no_failure() -> None:
    told = report(visit(ROOT=Gap(GapReason.NEEDS_ROOT, "no sudo is declared")))
    assert told.weight is Weight.NOTE
    assert told.findings[0].checks == ("linux.named",)


def test_root_matters_only_where_something_is_asked_of_it() -> None:
    made = samples.rules(samples.YOUNG)
    plan = make_plan(
        samples.register(samples.system("oa", HOST_1)),
        made.content,
        samples.FACTS,
        Asked(),
        samples.allowed(),
    )
    (told,) = look_ahead(plan, made, sounding(visit(ROOT=Gap(GapReason.SUDO_REFUSED, "no"))))
    assert told.findings == ()


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


def by_list(*, uid: str = "1000", **gaps: Gap) -> tuple[Finding, ...]:
    """The findings of a host with ``sudo: listed`` whose listed commands (of ``name``, one probe) were answered so."""
    name = replace(samples.NAME, as_root=("/usr/bin/cat /name",))
    facts = {**samples.FACTS, "name": replace(samples.FACTS["name"], probes=(name,))}
    made = replace(samples.rules(samples.YOUNG, samples.NAMED), facts=facts)
    listed = replace(HOST_1, reach=replace(HOST_1.reach, sudo=Sudo.LISTED))
    plan = make_plan(
        samples.register(samples.system("oa", listed)), made.content, facts, Asked(), samples.allowed()
    )
    one = visit()
    tried = Observation(LISTED + "name", "", "", gaps.get("name"), exit_status=0)
    seen = (*(o for o in one.observations if o.probe_id not in (ROOT.id, COMMAND_TIMEOUT.id)), tried)
    (told,) = look_ahead(plan, made, sounding(replace(one, observations=seen, channel={"uid": uid})))
    return told.findings


def test_listed_commands_that_sudo_lets_run() -> None:
    assert by_list() == ()


def test_listed_commands_that_sudo_refuses_are_mended_by_the_whole_file() -> None:
    (finding,) = by_list(name=Gap(GapReason.SUDO_REFUSED, "sudo: a password is required"))
    assert (finding.weight, finding.topic, finding.checks) == (Weight.LACKS, Topic.SUDO, ("linux.named",))
    assert finding.problem == "listed commands of name: sudo: a password is required"
    assert fixes(finding, Where.HERE) == ["secaudit preflight --sudoers --asset oa-1 >secaudit.sudoers"]
    assert fixes(finding) == [f"install -m 440 secaudit.sudoers {SUDOERS_FILE} && visudo -c"]


def test_root_itself_needs_no_list() -> None:
    assert by_list(uid="0", name=Gap(GapReason.NOT_COLLECTED)) == ()


def test_what_no_list_can_hold_is_told_and_no_failure() -> None:
    listed = replace(HOST_1, reach=replace(HOST_1.reach, sudo=Sudo.LISTED))
    one = visit()
    finding = only(replace(one, observations=one.observations[:-2]), listed)
    assert (finding.weight, finding.checks) == (Weight.NOTE, ("linux.named",))


@pytest.mark.parametrize(
    ("reason", "where", "fix"),
    [
        (GapReason.SUDO_REFUSED, Where.PERSON, "Is the password right"),
        (GapReason.SUDO_REFUSED, Where.ASSET_ROOT, "audit ALL=(root) PASSWD: /bin/sh"),
        (GapReason.CREDENTIAL_MISSING, Where.PERSON, "under the workspace"),
    ],
)
def test_sudo_with_a_password(reason: GapReason, where: Where, fix: str) -> None:
    asset = replace(HOST_1, reach=replace(HOST_1.reach, sudo=Sudo.PASSWORD))
    finding = only(visit(ROOT=Gap(reason, "sudo did not accept the password")), asset)
    assert any(fix in text for text in fixes(finding, where))


def test_an_asset_that_nobody_allowed_is_not_visited() -> None:
    made = samples.rules(samples.YOUNG)
    register = samples.register(samples.system("oa", HOST_1, replace(HOST_1, id="oa-2")))

    def only_the_first(_system: str, asset: Asset) -> Authorisation | None:
        return samples.authorisation() if asset.id == "oa-1" else None

    plan = make_plan(register, made.content, samples.FACTS, Asked(), only_the_first)
    (report,) = look_ahead(plan, made, sounding(visit()))
    assert report.asset_id == "oa-1"
