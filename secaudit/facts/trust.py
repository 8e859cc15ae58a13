"""Roots of trust and what is verified from them: TPM and TCM, secure boot, IMA, lockdown, signed modules."""

from dataclasses import dataclass

from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.sections import whole_sections
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

# A variable of the firmware is four bytes of attributes and its value. IMA's policy is shown to root alone, and only
# where the kernel was built for it; the number of measurements is not: one stands for the boot itself.
TRUST = Probe(
    "trust.state",
    r"""echo '@@ roots'
for d in /sys/class/tpm/tpm[0-9]* /sys/class/tcm/tcm[0-9]* /dev/tcm[0-9]*; do [ ! -e "$d" ] || echo "${d##*/}"; done
echo '@@ secure boot'
for f in /sys/firmware/efi/efivars/SecureBoot-*; do [ ! -e "$f" ] || tail -c 1 "$f" | tr '\000\001' 01; done
echo
echo '@@ shim'
for f in /sys/firmware/efi/efivars/MokSBStateRT-*; do [ ! -e "$f" ] || tail -c 1 "$f" | tr '\000\001' 01; done
echo
echo '@@ boot log'
ls -d /sys/kernel/security/t[pc]m*/binary_bios_measurements 2>/dev/null
echo '@@ measured'
[ ! -e /sys/kernel/security/ima ] || cat /sys/kernel/security/ima/runtime_measurements_count || exit 1
echo '@@ policy'
if [ -e /sys/kernel/security/ima/policy ]; then
  grep -E '^(dont_)?(measure|appraise)' /sys/kernel/security/ima/policy 2>/dev/null
  [ $? -gt 1 ] || echo shown
fi
[ ! -e /etc/ima/ima-policy ] || echo file
echo '@@ start'
tr ' ' '\n' </proc/cmdline | grep -E '^(ima_[a-z]*|lockdown|module\.sig_enforce)(=[a-z0-9_|]*)?$'
echo '@@ lockdown'
cat /sys/kernel/security/lockdown 2>/dev/null
echo
echo '@@ modules'
cat /sys/module/module/parameters/sig_enforce 2>/dev/null
echo
echo '@@ listed'
[ ! -f /etc/fapolicyd/fapolicyd.conf ] || awk '{ sub(/#.*/, ""); gsub(/[ \t\r]/, "") }
  /^(permissive|integrity)=/' /etc/fapolicyd/fapolicyd.conf || exit 1
echo '@@ end'""",
    root=True,
    reduces=Text(
        "内核命令行只取与可信验证有关的参数",
        "of the kernel's command line only the words that bear on verification",
    ),
)

Word = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Trust:
    """``roots``: TPM and TCM by device. ``secure_boot``: the firmware verifies what starts, and the loader the kernel.

    ``boot_measured``: the firmware kept a log. ``measures`` and ``appraises``: IMA does so with programs before they
    run (``programs``), with something else (``some``), with nothing (``none``), or is active with a policy that is not
    shown (``untold``); ``enforced``: what fails appraisal does not run. ``lockdown`` is ``none``, ``integrity`` or
    ``confidentiality``. ``signed_modules``: the kernel takes no other. ``listed_only``: fapolicyd, where it runs,
    refuses programs that are not listed; ``hashes``: it compares their content too.
    """

    roots: tuple[str, ...]
    secure_boot: bool
    boot_measured: bool
    measures: str
    appraises: str
    enforced: bool
    lockdown: str
    signed_modules: bool
    listed_only: bool
    hashes: bool


def parse_trust(text: str) -> Trust:
    """Sections of the probe → Trust; raises GapFound."""
    parts = whole_sections(text, "the look at trust is cut off")
    start = {_word(line) for line in parts.get("start", [])}
    count = _first(parts, "measured")
    policy = parts.get("policy", [])
    lockdown = _lockdown(_first(parts, "lockdown"))
    listed = dict(_word(line) for line in parts.get("listed", []))
    return Trust(
        roots=tuple(dict.fromkeys(line.strip() for line in parts.get("roots", []))),
        secure_boot=_variable(parts, "secure boot") and not _variable(parts, "shim"),
        boot_measured=bool(parts.get("boot log")),
        measures=_measures(count, policy, start),
        appraises=_appraises(count, policy, start),
        enforced=not {("ima_appraise", word) for word in ("fix", "log", "off")} & start,
        lockdown=lockdown,
        signed_modules=_first(parts, "modules") == "Y" or lockdown != "none",
        listed_only=listed.get("permissive", "0") == "0",
        hashes=listed.get("integrity", "none") in ("sha256", "ima"),
    )


def _word(text: str) -> Word:
    name, _, value = text.strip().partition("=")
    return name, value


def _first(parts: dict[str, list[str]], name: str) -> str:
    lines = parts.get(name) or [""]
    return lines[0].strip()


def _variable(parts: dict[str, list[str]], name: str) -> bool:
    value = _first(parts, name)
    if value not in ("", "0", "1"):
        raise GapFound(GapReason.UNPARSABLE, f"{name}: {value[:20]!r}")
    return value == "1"


def _lockdown(told: str) -> str:
    """``none [integrity] confidentiality`` → ``integrity``; a kernel without it tells nothing."""
    chosen = [word[1:-1] for word in told.split() if word.startswith("[") and word.endswith("]")]
    if told and (len(chosen) != 1 or chosen[0] not in ("none", "integrity", "confidentiality")):
        raise GapFound(GapReason.UNPARSABLE, f"lockdown: {told[:40]!r}")
    return chosen[0] if chosen else "none"


def _measures(count: str, policy: list[str], start: set[Word]) -> str:
    """More than the one measurement of the boot means that some rule measures."""
    if count and not (count.isascii() and count.isdigit() and len(count) < 12):
        raise GapFound(GapReason.UNPARSABLE, f"number of measurements: {count[:20]!r}")
    if not count or int(count) <= 1:
        return "none"
    if "shown" in policy:
        return _reach([line for line in policy if line.startswith("measure")])
    return "programs" if "tcb" in _built_in(start) or ("ima_tcb", "") in start else "untold"


def _appraises(count: str, policy: list[str], start: set[Word]) -> str:
    if not count:
        return "none"
    if "shown" in policy:
        return _reach([line for line in policy if line.startswith("appraise")])
    if "appraise_tcb" in _built_in(start) or ("ima_appraise_tcb", "") in start:
        return "programs"
    return "untold" if _built_in(start) or "file" in policy or int(count) > 1 else "none"


def _built_in(start: set[Word]) -> set[str]:
    return {word for name, value in start if name == "ima_policy" for word in value.split("|")}


def _reach(rules: list[str]) -> str:
    if not rules:
        return "none"
    return "programs" if any("func=BPRM_CHECK" in rule.split() for rule in rules) else "some"


def build_trust(evidence: Evidence) -> Trust:
    """What the asset verifies, and from which root."""
    return parse_trust(evidence.text(TRUST.id))


TRUST_FACT = Fact("trust", Text("可信验证状态", "Trusted verification"), Trust, build_trust, (TRUST,))
