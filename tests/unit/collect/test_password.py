"""``sudo: password``: answered once, only when it asks, into nothing else; a stub stands in for sudo(8)."""

import re
from pathlib import Path

import pytest

from secaudit.collect.password import Scan
from secaudit.errors import TransportError, TransportReason
from secaudit.model.evidence import Gap, GapReason, Observation, Probe
from secaudit.transport.protocol import Limits
from tests.unit.collect.running import alive, run_with_password
from tests.unit.collect.test_script import stub, with_path

PASSWORD = "Geheim %s 'x' \\n $(reboot)"
PLAIN, ROOT = Probe("plain", "echo plain"), Probe("root", "id -u; echo more", root=True)
ASKS = 'printf %s "$4" >&2; IFS= read -r given'
LETS = 'shift 4; STUB_UID=0; export STUB_UID; exec "$@"'
WRONG = 'echo "Sorry, try again." >&2'


class Told:
    """A visit and what was sent during it."""

    def __init__(self, folder: Path, sudo: str, *probes: Probe, limits: Limits | None = None) -> None:
        stub(folder, "id", 'case $1 in -u) echo "${STUB_UID:-1000}";; *) echo audit;; esac')
        stub(folder, "sudo", sudo)
        self.asked = 0
        self.visit, self.sent = run_with_password(
            *(probes or (PLAIN, ROOT)),
            password=self.password,
            edit=lambda script: with_path(script, folder),
            limits=limits,
        )

    def password(self) -> str:
        self.asked += 1
        return PASSWORD

    def __getitem__(self, probe_id: str) -> Observation:
        return next(o for o in self.visit.observations if o.probe_id == probe_id)

    def gap(self) -> Gap:
        """The gap of the root probe; what needs no root is there in any case."""
        assert (self["plain"].output, self["plain"].gap) == (b"plain\n", None)
        gap = self["root"].gap
        assert gap is not None, self["root"]
        return gap

    @property
    def answers_sent(self) -> int:
        return self.sent.count(PASSWORD.encode() + b"\n")


@pytest.mark.parametrize("noise", ["", "echo lecture >&2", "yes lecture | head -n 3000", "printf '\\n\\n'"])
def test_the_password_is_sent_once_and_root_is_asked(noise: str, tmp_path: Path) -> None:
    got = tmp_path / "got"
    told = Told(tmp_path, f'{noise}\n{ASKS}\nprintf "%s" "$given" > {got}\n{LETS}')
    assert (told["root"].output, told["root"].root, told["root"].gap) == (b"0\nmore\n", True, None)
    assert (told["plain"].output, told["plain"].root) == (b"plain\n", False)
    assert told.visit.gap is None
    assert got.read_text() == PASSWORD
    assert (told.asked, told.answers_sent) == (1, 1)


def test_a_sudo_that_does_not_ask_gets_no_password(tmp_path: Path) -> None:
    """NOPASSWD: what is sent then would be the script of a root shell."""
    told = Told(tmp_path, LETS)
    assert told["root"].output == b"0\nmore\n"
    assert (told.asked, told.answers_sent) == (0, 0)


def test_a_password_that_sudo_did_not_read_is_no_script(tmp_path: Path) -> None:
    """It asks and lets in by another way (a fingerprint): the line is dropped before the script."""
    trace = tmp_path / "trace"
    told = Told(
        tmp_path, f'printf %s "$4" >&2\nsleep 0.3\n{LETS}', PLAIN, Probe("root", f"cat {trace}", root=True)
    )
    assert told.answers_sent == 1
    assert told["root"].gap is None
    assert PASSWORD.encode() not in told["root"].output + told["root"].errors


def test_a_wrong_password_is_not_tried_again(tmp_path: Path) -> None:
    tries = tmp_path / "tries"
    told = Told(tmp_path, f"for i in 1 2 3; do {ASKS} || exit 1; echo try >> {tries}; {WRONG}; done; exit 1")
    assert told.gap().reason is GapReason.SUDO_REFUSED
    assert told.gap().detail == "sudo did not accept the password: Sorry, try again."
    assert tries.read_text() == "try\n"
    assert (told.asked, told.answers_sent) == (1, 1)


@pytest.mark.parametrize(
    ("sudo", "told"),
    [
        (f"{ASKS}\n{LETS}", "accepted"),
        (f"for i in 1 2; do {ASKS} || exit 1; {WRONG}; done; exit 1", "refused"),
        (f"{ASKS}; echo 'sudo: 1 incorrect password attempt' >&2; exit 1", "refused"),
        (f"{ASKS}; exit 1", "refused"),
        (f"{ASKS}; echo 'audit is not in the sudoers file.' >&2; exit 1", "accepted"),
        ("exit 1", None),
        (LETS, None),
    ],
)
def test_what_became_of_the_password(sudo: str, told: str | None, tmp_path: Path) -> None:
    assert Told(tmp_path, sudo).visit.channel.get("sudo_password") == told


def test_two_prompts_at_once_get_no_password(tmp_path: Path) -> None:
    told = Told(tmp_path, 'printf "%s%s" "$4" "$4" >&2; IFS= read -r given; exit 1')
    assert told.gap().reason is GapReason.SUDO_REFUSED
    assert told.answers_sent == 0


@pytest.mark.parametrize(
    ("sudo", "reason", "detail"),
    [
        (f"{ASKS}; {WRONG}; exit 1", GapReason.SUDO_REFUSED, "Sorry, try again."),
        (
            f"{ASKS}; echo 'audit is not in the sudoers file.' >&2; exit 1",
            GapReason.SUDO_REFUSED,
            "sudoers file",
        ),
        (
            "echo 'sudo: you must have a tty to run sudo' >&2; exit 1",
            GapReason.SUDO_REQUIRES_TTY,
            "!requiretty",
        ),
        ("exit 127", GapReason.NO_TOOL, "not installed"),
        ("exit 1", GapReason.SUDO_REFUSED, "gave no reason"),
        (f'{ASKS}; shift 4; exec "$@"', GapReason.SUDO_REFUSED, "did not run as root"),
        (f'{ASKS}; echo "you said $given" >&2; exit 1', GapReason.SUDO_REFUSED, ""),
        # the command in its complaint holds what lets in, but not as it is said
        (
            f'{ASKS}; shift 4; echo "Sorry, user audit may not run $*" >&2; exit 1',
            GapReason.SUDO_REFUSED,
            "may not",
        ),
    ],
)
def test_why_root_was_not_had(sudo: str, reason: GapReason, detail: str, tmp_path: Path) -> None:
    told = Told(tmp_path, sudo)
    assert told.gap().reason is reason
    assert detail in told.gap().detail
    assert PASSWORD not in told.gap().detail
    assert told.answers_sent <= 1


def test_a_sudo_that_never_asks_is_not_waited_for_as_long_as_a_visit(tmp_path: Path) -> None:
    """Another prompt than ours: of a module that knows its own mind. It gets the end of its input."""
    told = Told(tmp_path, "echo 'Token: ' >&2; cat; exit 1", limits=Limits(start_s=1, visit_s=300))
    assert told.gap().reason is GapReason.SUDO_REFUSED
    assert "neither asked for the password nor let" in told.gap().detail
    assert "Token:" in told.gap().detail
    assert told.answers_sent == 0


def test_a_password_that_cannot_be_had_is_told(tmp_path: Path) -> None:
    def nothing() -> str:
        raise TransportError(TransportReason.CREDENTIAL_MISSING, "me", "me: credential env:P: it is not set.")

    stub(tmp_path, "id", 'case $1 in -u) echo "${STUB_UID:-1000}";; *) echo audit;; esac')
    stub(tmp_path, "sudo", f"{ASKS}; exit 1")
    visit, _sent = run_with_password(
        PLAIN, ROOT, password=nothing, edit=lambda script: with_path(script, tmp_path)
    )
    plain, root = visit.observations
    assert plain.output == b"plain\n"
    assert root.gap == Gap(GapReason.CREDENTIAL_MISSING, "me: credential env:P: it is not set.")


def test_the_password_reaches_no_argument_environment_or_answer(tmp_path: Path) -> None:
    look = "cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n'"
    told = Told(
        tmp_path,
        f"{ASKS}\nunset given\n{LETS}",
        PLAIN,
        Probe("root", look, root=True, limit_bytes=50_000_000),
    )
    assert b"/bin/sh" in told["root"].output
    assert PASSWORD.encode() not in told["root"].output
    assert PASSWORD not in repr(told.visit)
    nonce = re.search(rb"\bn=([0-9a-f]{32})", told.sent[0])
    assert nonce is not None
    assert nonce[1] not in told["root"].output


def test_root_itself_and_probes_without_root_need_no_sudo(tmp_path: Path) -> None:
    never = "echo asked >&2; exit 1"
    told = Told(tmp_path, never, PLAIN)
    assert told["plain"].output == b"plain\n"
    assert told.visit.gap is None
    stub(tmp_path, "id", "case $1 in -u) echo 0;; *) echo root;; esac")
    visit, _sent = run_with_password(
        PLAIN, ROOT, password=told.password, edit=lambda script: with_path(script, tmp_path)
    )
    assert [(o.output, o.gap) for o in visit.observations] == [(b"plain\n", None), (b"0\nmore\n", None)]


def test_nothing_of_ours_stays_where_sudo_hangs(tmp_path: Path) -> None:
    marker = f"hangs-{tmp_path.name}"
    Told(tmp_path, f"exec /bin/sh -c 'trap \"\" TERM; sleep 20' {marker}", limits=Limits(start_s=1))
    assert alive(marker) == []


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_a_text_is_counted_however_it_is_cut(size: int) -> None:
    stream = b"..abcab..abcabc" * 3
    scan = Scan(b"abca")
    assert sum(scan.feed(stream[at : at + size]) for at in range(0, len(stream), size)) == 6
