"""A remedy, done as its text says, heals its check, and those who may still get in."""

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from secaudit.model.result import Verdict
from tests.content import inventory
from tests.lab import remedies
from tests.lab.audits import scan
from tests.lab.hosts import PASSWORD, USER, Lab, LabError
from tests.lab.workspace import write
from tests.left_out import reasons

REMEDIES = remedies.read()
TRIED = [(host, check) for host, checks in REMEDIES.items() for check in sorted(checks)]
WRONG = (Verdict.FAIL, Verdict.PARTIAL)
Verdicts = Mapping[str, Mapping[str, Verdict]]

# What sshd read at its start it keeps; its process stays the child of init.
RELOAD = "sshd -t && pkill -HUP -o -x sshd && until ss -Hltn sport = :22 | grep -q .; do :; done"


@dataclass(frozen=True, slots=True)
class Healed:
    """Host → check → verdict, before and after; the second scan logs in as the remedies left it."""

    before: Verdicts
    after: Verdicts


@pytest.fixture(scope="module")
def healed(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Healed:
    """On each host all its remedies one after the other."""
    before = _verdicts(lab, tmp_path_factory)
    for host, tried in REMEDIES.items():
        for commands in dict.fromkeys(tried.values()):
            lab.exec(host, "sh", "-c", f"exec </dev/null >/tmp/remedy 2>&1\n{commands}")
        lab.exec(host, "sh", "-c", RELOAD)
    return Healed(before, _verdicts(lab, tmp_path_factory))


def _verdicts(lab: Lab, folders: pytest.TempPathFactory) -> Verdicts:
    """Of level 4, whose checks are those of all levels."""
    workspace = write(folders.mktemp("remedies") / "workspace", lab, REMEDIES, grade="S4A4G4")
    records = scan(workspace).records
    return {host: {r.check_id: r.verdict for r in record.results} for host, record in records.items()}


def test_every_remedy_is_tried_or_there_is_a_reason() -> None:
    """A new check has its remedy in remedies.yaml, or its place in tests/left_out/remedy_not_tried.yaml."""
    checks, tried = inventory.of_linux(), {check for _, check in TRIED}
    assert reasons.read("remedy_not_tried").undecided(checks, tried) == {}
    assert tried <= checks


@pytest.mark.parametrize(("host", "check"), TRIED)
def test_a_remedy_heals_its_check(healed: Healed, host: str, check: str) -> None:
    assert healed.before[host][check] in (*WRONG, Verdict.MANUAL)
    assert healed.after[host][check] == Verdict.PASS


@pytest.mark.parametrize("host", REMEDIES)
def test_no_remedy_spoils_another_check(healed: Healed, host: str) -> None:
    before, after = healed.before[host], healed.after[host]
    assert {check for check in after if after[check] in WRONG and before[check] is Verdict.PASS} == set()


def test_administrators_alone_become_root_by_su(healed: Healed, lab: Lab) -> None:
    _give_root_a_password(lab)
    assert _su(lab, USER, "id -u") == "0"
    assert _su(lab, "zhang", "id -u") == ""


def test_guesses_lock_root_and_what_the_remedy_says_unlocks_it(healed: Healed, lab: Lab) -> None:
    _give_root_a_password(lab)
    guess = "for guess in 1 2 3 4 5; do echo $guess | su -c true & done; wait"
    lab.exec("h61", "setpriv", "--reuid", USER, "--init-groups", "sh", "-c", guess)
    assert _su(lab, USER, "id -u") == ""
    lab.exec("h61", "faillock", "--user", "root", "--reset")
    assert _su(lab, USER, "id -u") == "0"


def _give_root_a_password(lab: Lab) -> None:
    hashed = lab.exec("h61", "openssl", "passwd", "-6", PASSWORD).decode().strip()
    lab.exec("h61", "usermod", "-p", hashed, "root")


def _su(lab: Lab, who: str, command: str) -> str:
    """What a command of root prints that an account of h61 runs by su with the right password; "" where su refuses."""
    by = ("setpriv", "--reuid", who, "--init-groups", "su", "-c", command)
    try:
        return lab.exec("h61", *by, given=f"{PASSWORD}\n".encode()).decode().strip()
    except LabError:
        return ""
