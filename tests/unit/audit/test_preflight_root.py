"""Root and sudo before a scan: what stands in the way, and the exact line that mends it."""

from dataclasses import replace

import pytest

from secaudit.audit import Asked, make_plan
from secaudit.audit.findings import Finding, Topic, Weight, Where
from secaudit.audit.preflight import look_ahead
from secaudit.audit.root_findings import SUDOERS_FILE
from secaudit.facts.command_timeout import COMMAND_TIMEOUT
from secaudit.facts.readiness import LISTED, ROOT, as_long_as
from secaudit.model.evidence import Gap, GapReason, Observation, Probe
from secaudit.model.register import Sudo
from tests.unit.audit import samples
from tests.unit.audit.preflights import HOST_1, fixes, only, report, sounding, visit


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
