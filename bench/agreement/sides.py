"""What OpenSCAP and Lynis say on a host: their own words, and whether a question is answered well or ill."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

from bench.agreement.tools import PLACE
from secaudit.model.result import Verdict
from tests.lab.hosts import Lab, LabHost

RULE = "xccdf_org.ssgproject.content_rule_"
# the content whose rules fit a release; there is none for Debian 13
CONTENT = {"bullseye": "ssg-debian11-ds.xml", "bookworm": "ssg-debian12-ds.xml"}
_XCCDF = "{http://checklists.nist.gov/xccdf/1.2}"
_WELL = {Verdict.PASS: True, Verdict.FAIL: False, Verdict.PARTIAL: False}
_SOLVED = {"pass": True, "fixed": True, "fail": False}


def ours(verdict: Verdict) -> bool | None:
    """None: secaudit does not decide (a person must, something is not known, it does not apply)."""
    return _WELL.get(verdict)


@dataclass(frozen=True, slots=True)
class Lynis:
    """Tests that ran, and what each remarked: ``SSH-7408`` → lines."""

    ran: frozenset[str]
    remarks: Mapping[str, tuple[str, ...]]

    def answer(self, asked: Sequence[str]) -> bool | None:
        """Of ``ID`` or ``ID:text that the remark holds``; None when none of them ran."""
        wanted = [one.partition(":")[::2] for one in asked]
        told = [any(text in line for line in self.remarks.get(test, ())) for test, text in wanted]
        return not any(told) if any(test in self.ran for test, _text in wanted) else None


def oscap_answer(results: Mapping[str, str], rules: Sequence[str]) -> bool | None:
    """One rule that fails fails the question; None when one of the others did not decide."""
    said = [_SOLVED.get(results.get(rule, "")) for rule in rules]
    return False if False in said else None if None in said or not said else True


def run_oscap(lab: Lab, host: LabHost) -> dict[str, str]:
    """Rule → ``pass``, ``fail``, ``notapplicable`` …; none at all where there is no content for the release."""
    if host.release not in CONTENT:
        return {}
    options = "xccdf eval --profile '(all)' --results /tmp/oscap.xml"
    command = f"sh /{PLACE}/run {options} /{PLACE}/usr/share/xml/scap/ssg/content/{CONTENT[host.release]}"
    lab.exec(host.name, "sh", "-c", f"{command} >/tmp/oscap.txt 2>&1; [ $? = 2 ] || [ $? = 0 ]")
    return parse_oscap(lab.exec(host.name, "cat", "/tmp/oscap.xml"))


def parse_oscap(text: bytes) -> dict[str, str]:
    """``<rule-result idref="…rule_X"><result>pass</result>`` → {"X": "pass"}"""
    found = ElementTree.fromstring(text).iter(f"{_XCCDF}rule-result")
    return {one.get("idref", "").removeprefix(RULE): one.findtext(f"{_XCCDF}result", "") for one in found}


def run_lynis(lab: Lab, host: LabHost) -> Lynis:
    """The whole audit."""
    lab.exec(
        host.name, "sh", "-c", "lynis audit system --quick --no-colors </dev/null >/tmp/lynis.txt 2>&1; :"
    )
    return parse_lynis(lab.exec(host.name, "cat", "/var/log/lynis-report.dat").decode(errors="replace"))


def parse_lynis(report: str) -> Lynis:
    """``warning[]=ID|text|…``, ``details[]=ID|…`` with another value than preferred, ``tests_executed=ID|…``"""
    remarks: dict[str, list[str]] = {}
    for test, line in re.findall(r"^(?:warning|suggestion)\[\]=([A-Z]+-\d+)\|(.*)$", report, re.MULTILINE):
        remarks.setdefault(test, []).append(line)
    for test, line in re.findall(r"^details\[\]=([A-Z]+-\d+)\|(.*)$", report, re.MULTILINE):
        if _differs(line):
            remarks.setdefault(test, []).append(line)
    ran = re.search(r"^tests_executed=(.*)$", report, re.MULTILINE)
    return Lynis(
        frozenset(filter(None, ran[1].split("|"))) if ran else frozenset(),
        {test: tuple(lines) for test, lines in remarks.items()},
    )


def _differs(line: str) -> bool:
    """``…;prefval:0;value:1;|`` is a remark, the same value twice is none."""
    parts = dict(re.findall(r"(prefval|value):([^;]*);", line))
    return bool(parts) and parts.get("value") not in re.split(r"[|, ]+", parts.get("prefval", ""))
