"""Whether the kernel wipes memory when it is freed: init_on_free of the kernel's parameters."""

from dataclasses import dataclass

from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.sections import whole_sections
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

FREED = Probe(
    "memory.freed",
    r"""echo '@@ start'
tr ' ' '\n' </proc/cmdline | grep -E '^init_on_free=[01a-z]*$'
echo '@@ built'
f=/boot/config-$(cat /proc/sys/kernel/osrelease)
[ -r "$f" ] || f=/lib/modules/$(cat /proc/sys/kernel/osrelease)/config
if [ -r "$f" ]; then
  echo known
  grep -E '^CONFIG_INIT_ON_FREE_DEFAULT_ON=' "$f"
fi
echo '@@ end'""",
    reduces=Text(
        "内核参数中只取释放内存的词", "of the kernel's command line only the words about freed memory"
    ),
)


@dataclass(frozen=True, slots=True)
class FreedMemory:
    """``wiped``: memory is overwritten when it is freed; ``by`` ``command line``, ``build`` or ``nothing``."""

    wiped: bool
    by: str


def parse_freed(text: str) -> FreedMemory:
    """``init_on_free=1``, ``CONFIG_INIT_ON_FREE_DEFAULT_ON=y`` → FreedMemory; raises GapFound.

    Without a word on the command line the build decides, and where nothing shows it, that is a gap.
    """
    parts = whole_sections(text, "the look at freed memory is cut off")
    said = [line.partition("=")[2] for line in parts.get("start", []) if line.startswith("init_on_free=")]
    if said and said[-1] in ("0", "1", "y", "n", "on", "off"):
        return FreedMemory(said[-1] in ("1", "y", "on"), "command line")
    built = parts.get("built", [])
    if "known" not in built:
        raise GapFound(GapReason.NOT_SUPPORTED, "how the kernel was built is not told")
    on = "CONFIG_INIT_ON_FREE_DEFAULT_ON=y" in built
    return FreedMemory(on, "build" if on else "nothing")


def build_freed(evidence: Evidence) -> FreedMemory:
    """What becomes of memory that programs of the asset give back."""
    return parse_freed(evidence.text(FREED.id))


FREED_MEMORY = Fact(
    "freed_memory", Text("释放内存的清除", "Wiping of freed memory"), FreedMemory, build_freed, (FREED,)
)
