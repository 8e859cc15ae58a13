"""Frames become observations: every planned probe gets exactly one, a value or a gap with its reason."""

from collections.abc import Sequence
from datetime import UTC, datetime

from secaudit import clock
from secaudit.collect.frames import FrameReader
from secaudit.collect.heard import Answer, Hello, bounded, hello_of, uptime_ms
from secaudit.collect.script import wire_id
from secaudit.collect.sudo import sudo_gap
from secaudit.collect.sudo_talk import SudoTalk
from secaudit.language import _
from secaudit.model.evidence import Gap, GapReason, Observation, Probe
from secaudit.model.register import Sudo

REPORT_LIMIT_BYTES = 16_384
PROBE_OVERHEAD_BYTES = 20_480
NOISE_LIMIT_BYTES = 4_194_304
# what a frame may hold beside the output of a probe; of any other kind nothing
_ROOMS = dict.fromkeys("ESHO", REPORT_LIMIT_BYTES)
# how exact the durations are: /proc/uptime counts hundredths
CLOCK_MS = 100
# less is the time that a frame travels and the part of a second that the target leaves out
CLOCKS_APART_S = 2


class Answers:
    """Collects the stream of one visit; ``observations`` closes it. Holds no more than the probes' limits."""

    def __init__(self, nonce: str, probes: Sequence[Probe], sudo: Sudo) -> None:
        self._probes = {wire_id(probe.id): probe for probe in probes}
        self._sudo = sudo
        most_bytes = max((probe.limit_bytes for probe in probes), default=0)
        self._reader = FrameReader(nonce, {**_ROOMS, "B": most_bytes + 1}, self._take)
        self._room_bytes = NOISE_LIMIT_BYTES + sum(p.limit_bytes + PROBE_OVERHEAD_BYTES for p in probes)
        self._hellos: dict[str, Hello] = {}
        self._answers: dict[str, Answer] = {}
        self._is_root = False
        self._begun: str | None = None
        self._skipped: set[str] = set()
        self.sudo = SudoTalk()
        self._parts_done: set[str] = set()
        self._started_at: datetime | None = None

    def feed(self, chunk: bytes) -> bool:
        """Take the next bytes; False once the script is through, or has said more than all its probes may."""
        self._room_bytes -= len(chunk)
        if not self.too_much:
            self._reader.feed(chunk)
        if self._started_at is None and self._reader.started:
            self._started_at = clock.now()
        return not self.too_much and not self.complete

    @property
    def started(self) -> bool:
        """Whether the first bytes of the script's first frame have arrived."""
        return self._started_at is not None

    @property
    def begun(self) -> bool:
        """Whether the script ran at all."""
        return "user" in self._hellos

    @property
    def complete(self) -> bool:
        """Whether the script ran to its end, or to where sudo does not let it go on."""
        if not self.begun or "user" not in self._parts_done:
            return False
        return "sudo" in self._parts_done or self.sudo.refusal is not None or not self._asks_with_password

    @property
    def too_much(self) -> bool:
        """Whether the visit said more than all its probes may."""
        return self._room_bytes < 0

    @property
    def noise(self) -> str:
        """The end of what came before the first frame."""
        return self._reader.noise.decode("utf-8", "backslashreplace").strip()

    @property
    def target_time(self) -> datetime | None:
        """The target's clock when the script began; None when it did not say."""
        hello = self._hellos.get("user")
        return datetime.fromtimestamp(hello.epoch_s, UTC) if hello and hello.epoch_s > 0 else None

    @property
    def clock_ahead_s(self) -> int | None:
        """Seconds that the target's clock is ahead of ours, from when its first frame came; None when unknown.

        The target says whole seconds: less than two apart is 0.
        """
        if self.target_time is None or self._started_at is None:
            return None
        ahead = (self.target_time - self._started_at).total_seconds()
        return round(ahead) if abs(ahead) >= CLOCKS_APART_S else 0

    @property
    def _user_name(self) -> str:
        return self._hellos["user"].user if self.begun else ""

    @property
    def _asks_with_password(self) -> bool:
        """Whether sudo is to be answered: not where root logs in, nor where nothing needs root."""
        as_root = any(probe.root for probe in self._probes.values())
        return self._sudo is Sudo.PASSWORD and as_root and self._hellos["user"].uid != 0

    @property
    def login(self) -> dict[str, str]:
        """Who asked, for the description of the visit; how much the login shell said before, if anything."""
        hello = self._hellos.get("user")
        if hello is None:
            return {}
        said = {"noise_bytes": str(self._reader.noise_bytes)} if self._reader.noise_bytes else {}
        who = {"user": hello.user, "uid": str(hello.uid), "limiter": hello.limiter}
        password = {"sudo_password": self.sudo.password} if self.sudo.password else {}
        return {**who, **said, **password}

    def observations(self, ended: Gap | None) -> tuple[Observation, ...]:
        """One observation for each planned probe; ``ended`` is why the stream ended early, None when it did not."""
        self._reader.finish()
        hello = self._hellos.get("user")
        start_ms = hello.uptime_ms if hello else None
        return tuple(self._observation(wire, probe, ended, start_ms) for wire, probe in self._probes.items())

    def _take(self, words: Sequence[str], body: bytes) -> None:
        """Put a frame where it belongs; an end belongs to the beginning before it, whatever it claims.

        The two that each probe has come first, without a pattern: matching one costs as much as all the rest.
        """
        begun, self._begun = self._begun, None
        kind = words[0]
        if kind == "E":
            if begun is not None and len(words) == 4 and words[1] == begun:
                self._answers[begun].end(words[2], words[3], body)
        elif kind == "B":
            if len(words) == 3 and (probe := self._probes.get(words[1])) and words[1] not in self._answers:
                self._begun = words[1]
                self._answers[self._begun] = Answer(
                    uptime_ms(words[2]), body[: probe.limit_bytes + 1], self._is_root
                )
        else:
            self._take_another(words, body)

    def _take_another(self, words: Sequence[str], body: bytes) -> None:
        match words:
            case "H", (("user" | "root") as part), uptime, limiter, epoch:
                hello = self._hellos.setdefault(part, hello_of(uptime, limiter, epoch, body))
                self._is_root |= hello.uid == 0
                if part == "root":
                    self.sudo.let_in()
            case "X", wire, *_rest:
                self._skipped.add(wire)
            case ("P", *_rest):
                self.sudo.start()
            case ("O", *_rest):
                self.sudo.hear(body)
            case ("S", *_rest):
                self.sudo.end(body)
            case "Z", part:
                self._parts_done.add(part)

    def _observation(self, wire: str, probe: Probe, ended: Gap | None, start_ms: int | None) -> Observation:
        answer = self._answers.get(wire)
        if answer is None:
            untold = self._why_not_asked(wire, probe, ended)
            return Observation(probe.id, probe.definition_hash, probe.command, untold)
        gap = self._why_not_answered(answer, probe, ended)
        offset_ms = 0 if start_ms is None else bounded(answer.begun_ms - start_ms)
        return Observation(
            *(probe.id, probe.definition_hash, probe.command, gap),
            *(answer.output[: probe.limit_bytes], answer.errors, answer.exit_status, answer.root),
            *(offset_ms, bounded(answer.duration_ms)),
        )

    def _why_not_answered(self, answer: Answer, probe: Probe, ended: Gap | None) -> Gap | None:
        if answer.refused:
            return sudo_gap(b"e" + answer.errors.replace(b"\n", b"\ne"), self._user_name, began=False)
        if probe.root and not answer.root and not (self._sudo is Sudo.LISTED and probe.as_root):
            return Gap(GapReason.SUDO_REFUSED, _("the part for root did not run as root"))
        if answer.ended_ms is None:
            return ended or Gap(GapReason.LINK_LOST, _("the answer broke off"))
        if len(answer.output) > probe.limit_bytes:
            return Gap(GapReason.TRUNCATED, _("more than {limit} bytes").format(limit=probe.limit_bytes))
        if answer.timed_out and answer.duration_ms < 1000 * probe.timeout_s - CLOCK_MS:
            return Gap(GapReason.VISIT_TIMEOUT, _("the time for the visit was over"))
        if answer.timed_out or (answer.exit_status is None and answer.duration_ms >= 1000 * probe.timeout_s):
            return Gap(GapReason.PROBE_TIMEOUT, _("no answer in {seconds} s").format(seconds=probe.timeout_s))
        if answer.exit_status is None:
            return Gap(GapReason.FAILED, self._why_ended(answer))
        return None

    def _why_ended(self, answer: Answer) -> str:
        ended = _("the probe was ended with status {status}").format(status=answer.limiter_status)
        if not answer.root or (self.begun and self._hellos["user"].uid == 0):
            return ended
        # sudo ends what it cannot trace: a long command with one of these (sudoers(5))
        return f"{ended}; " + _("does sudoers set intercept or log_subcmds?")

    def _why_not_asked(self, wire: str, probe: Probe, ended: Gap | None) -> Gap:
        user = self._hellos.get("user")
        if user is None:
            return ended or Gap(GapReason.NOT_COLLECTED, _("the script did not run"))
        if wire in self._skipped:
            return Gap(GapReason.VISIT_TIMEOUT, _("the time for the visit was over"))
        if user.limiter == "-":
            return Gap(GapReason.NO_TOOL, _("head -c is missing on the target"))
        if probe.root and user.uid != 0 and (gap := self._why_not_as_root(probe)):
            return gap
        if "user" in self._parts_done:
            return Gap(GapReason.NOT_COLLECTED, _("the script did not ask"))
        return ended or Gap(GapReason.LINK_LOST, _("the answers broke off"))

    def _why_not_as_root(self, probe: Probe) -> Gap | None:
        if refused := self.sudo.why_refused():
            return refused
        if self._sudo is Sudo.NONE:
            return Gap(GapReason.NEEDS_ROOT, _("no sudo is declared for this asset"))
        if self._sudo is Sudo.LISTED and not probe.as_root:
            return Gap(GapReason.NEEDS_ROOT, _("it cannot be asked with listed commands (sudo: listed)"))
        return None if "root" in self._parts_done else self.sudo.why_ended(self._user_name)
