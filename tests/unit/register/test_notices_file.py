"""The settings of notices: what a person may write, and what is said of everything else, with its line."""

from pathlib import Path

import pytest

from secaudit.register import load_register, load_settings
from secaudit.register.notice_settings import Channel, Security
from tests.unit.register.workspaces import SYSTEM, WORKSPACE, make, problems_in

MAIL = "  mail: {host: mail.example.gov.cn, sender: audit@example.gov.cn}\n"
HOOK = '  webhook: {url: "https://10.0.0.9/x", key: "file:/etc/secaudit/hook.key"}\n'
RULES = "  rules:\n    - {roles: [leader]}\n"


def settings(notices: str) -> str:
    return WORKSPACE + "notices:\n" + notices


def test_what_is_not_said_has_a_safe_default(tmp_path: Path) -> None:
    read = load_settings(make(tmp_path, SYSTEM, settings=settings(MAIL + RULES))).notices
    assert read is not None
    assert read.mail is not None
    assert (read.mail.security, read.mail.port, read.language) == (Security.STARTTLS, 587, "zh")
    assert (read.digest_days, read.give_up_days, read.quiet) == (1, 3, ())
    assert (read.remind_days, read.escalate_days) == ((1, 3, 7), (1, 7, 14, 30))
    (rule,) = read.rules
    assert (rule.channel, len(rule.events)) == (Channel.MAIL, 8)


def test_organisations_have_responsible_people(tmp_path: Path) -> None:
    text = WORKSPACE.replace(
        "name: 测试单位}",
        "name: 测试单位, contacts: [{role: leader, name: 负责人, email: a@example.gov.cn}]}",
    )
    (office,) = load_register(make(tmp_path, SYSTEM, settings=text)).organisations
    assert [person.email for person in office.contacts] == ["a@example.gov.cn"]


PLAIN = "  mail: {{host: {}, security: none, sender: a@example.gov.cn{}}}\n"


@pytest.mark.parametrize(
    "notices",
    [
        PLAIN.format("127.0.0.1", ""),
        PLAIN.format("localhost", ""),
        PLAIN.format("mail.example.gov.cn", ", allow_plain: true"),
    ],
)
def test_mail_without_tls_is_for_this_machine_or_asked_for(tmp_path: Path, notices: str) -> None:
    assert problems_in(make(tmp_path, SYSTEM, settings=settings(notices + RULES))) == ()


BAD = {
    PLAIN.format("mail.example.gov.cn", ""): ("notices.mail", "only with allow_plain: true"),
    PLAIN.format("'::1'", ", user: a, password: 'env:A'"): ("notices.mail", "by tls or starttls only"),
    "  mail: {host: a.example, sender: a@b.cn, user: a}\n": ("notices.mail", "belong together"),
    "  mail: {host: a.example, sender: a@b.cn, password: hunter2, user: a}\n": (
        "notices.mail.password",
        "reference",
    ),
    "  mail: {host: a.example, sender: a@b.cn, password: prompt, user: a}\n": (
        "notices.mail.password",
        "reference",
    ),
    "  mail: {host: 'a b', sender: a@b.cn}\n": ("notices.mail.host", "a host name expected"),
    "  mail: {host: a.example, sender: 'A <a@b.cn>'}\n": ("notices.mail.sender", "an e-mail address"),
    '  mail: {host: a.example, sender: "a@b.cn\\nBcc: x@y.cn"}\n': (
        "notices.mail.sender",
        "an e-mail address",
    ),
    "  mail: {host: a.example, sender: a@b.cn, security: ssl}\n": (
        "notices.mail.security",
        "tls, starttls, none",
    ),
    "  mail: {host: a.example, sender: a@b.cn, port: 0}\n": ("notices.mail.port", "a port"),
    MAIL + "  webhook: {url: 'http://10.0.0.9/', key: 'env:A'}\n": ("notices.webhook", "https expected"),
    MAIL + "  webhook: {url: 'https://u:p@10.0.0.9/', key: 'env:A'}\n": (
        "notices.webhook.url",
        "without user",
    ),
    MAIL + "  webhook: {url: 'https://10.0.0.9/?token=1', key: 'env:A'}\n": ("notices.webhook.url", "query"),
    MAIL + "  webhook: {url: 'https://10.0.0.9:99999/', key: 'env:A'}\n": ("notices.webhook.url", "a URL"),
    MAIL + "  webhook: {url: 'ftp://10.0.0.9/', key: 'env:A'}\n": ("notices.webhook.url", "a URL"),
    MAIL + "  webhook: {url: 'https://10.0.0.9/'}\n": ("notices.webhook.key", "is required"),
    MAIL + "  webhook: {url: 'https://10.0.0.9/', key: 'env:A', own_networks: [x]}\n": (
        "notices.webhook.own_networks[0]",
        "a network",
    ),
    MAIL + "  syslog: {address: log.example}\n": ("notices.syslog.address", "HOST:PORT"),
    MAIL + "  syslog: {address: 'log.example:x'}\n": ("notices.syslog.address", "HOST:PORT"),
    MAIL + "  syslog: {facility: local9}\n": ("notices.syslog.facility", "local5"),
    MAIL + "  quiet: [whenever]\n": ("notices.quiet[0]", "days and hours"),
    MAIL + "  digest_days: 0\n": ("notices.digest_days", "from 1 to 31"),
    MAIL + "  remind_days: []\n": ("notices.remind_days", "at least 1 item"),
    MAIL + "  wechat: true\n": ("notices.wechat", "unknown field"),
}


@pytest.mark.parametrize(("notices", "told"), BAD.items())
def test_mistakes_are_named_with_their_line(tmp_path: Path, notices: str, told: tuple[str, str]) -> None:
    (problem,) = problems_in(make(tmp_path, SYSTEM, settings=settings(notices + RULES)))
    assert problem.field == told[0]
    assert told[1] in problem.expected
    assert problem.line > 3
    assert "hunter2" not in str(problem)


BAD_RULES = {
    "{events: [party], roles: [leader]}": "notices.rules[0].events[0]",
    "{events: [test], roles: [leader]}": "notices.rules[0].events[0]",
    "{events: [digest]}": "notices.rules[0]",
    "{channel: webhook, roles: [leader]}": "notices.rules[0]",
    "{channel: syslog}": "notices.rules[0].channel",
    "{channel: pigeon}": "notices.rules[0].channel",
    "{roles: [boss]}": "notices.rules[0].roles[0]",
    "{to: [nobody]}": "notices.rules[0].to[0]",
    "{roles: [leader], systems: [portl]}": "notices.rules[0].systems[0]",
    "{roles: [leader], organisations: [offce]}": "notices.rules[0].organisations[0]",
}


@pytest.mark.parametrize(("rule", "field"), BAD_RULES.items())
def test_rules_that_reach_nobody_are_named(tmp_path: Path, rule: str, field: str) -> None:
    text = settings(MAIL + HOOK + f"  rules:\n    - {rule}\n")
    (problem,) = problems_in(make(tmp_path, SYSTEM, settings=text))
    assert (problem.field, problem.line) == (field, 8)


def test_anything_in_the_place_of_settings_is_a_complaint(tmp_path: Path) -> None:
    for text in (
        "notices: []\n",
        "notices: 3\n",
        "notices: {rules: 3}\n",
        "notices: {rules: [3], mail: 3}\n",
    ):
        assert problems_in(make(tmp_path, SYSTEM, settings=WORKSPACE + text))
