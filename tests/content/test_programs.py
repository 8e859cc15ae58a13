"""Probes are read-only: every command of every probe is held against a reviewed list of programs."""

import re
from pathlib import Path

import pytest

from secaudit.collect.sudoers import COMMAND
from secaudit.facts.catalogue import BUILT_IN
from secaudit.facts.command_timeout import COMMAND_TIMEOUT
from secaudit.facts.readiness import HOST, LINK, ROOT, listed_question
from secaudit.model.evidence import Probe
from secaudit.model.register import Asset, DataSet, Grade, System, Target
from tests.content.shell_text import NotUnderstood, read_shell

PROGRAMS = Path(__file__).with_name("programs.txt")
REFUSED = {
    "find": {"-delete", "-fprint", "-fprintf", "-fprint0", "-fls", "-ok", "-okdir", "-execdir"},
    "sed": {"-i", "--in-place"},
    "sort": {"-o", "--output"},
    "lastlog": {"-C", "-S", "--clear", "--set"},
    "lastlog2": {"-C", "-S", "-i", "-r", "--clear", "--set", "--import", "--rename"},
}
CHANGES = {
    "set-time",
    "set-ntp",
    "set-timezone",
    "install",
    "remove",
    "purge",
    "upgrade",
    "add",
    "del",
    "delete",
}
CHANGES |= {
    "flush",
    "start",
    "stop",
    "restart",
    "reload",
    "enable",
    "disable",
    "mask",
    "unmask",
    "-D",
    "-e",
    "-i",
    "-U",
}
# awk can run programs and write files too; its texts are blanked before this is looked for
AWK_ACTS = re.compile(r"\bsystem\s*\(|\|\s*getline|\|&|\bprintf?\b[^;}\n]*(?:[^|&]\|[^|&]|>)")
AWK_TEXT = re.compile(r'"(?:\\.|[^"\\])*"|/(?:\\.|\[(?:\\.|[^]])*\]|[^/\n\\])+/')
SED_SUBSTITUTION = re.compile(r"s(\W)((?:\\.|(?!\1).)*)\1((?:\\.|(?!\1).)*)\1(\w*)")
SED_WRITES = re.compile(r"(?:^|[;{}\s])[0-9$]*[wWe](?:\s|$)")

# What may run as root with a fixed list of arguments: programs that neither write nor run others, whatever they read.
AS_ROOT = {"auditctl", "cat", "grep", "ls", "netstat", "nft", "ss", "sshd", "tail"}
AS_ROOT |= {f"{v}tables-{kind}save" for v in ("ip", "ip6") for kind in ("", "nft-", "legacy-")}

NASTY = "/backup/$(reboot)/`reboot`/'; reboot; '/\"; reboot; \"/x;reboot\\/*.gz"
ASSET = Asset("db-1", "linux", "Database")
DATA_SETS = (
    DataSet(
        "orders",
        "Orders",
        "business",
        "db-1",
        (NASTY, "/backup/db-*.gz"),
        "dump",
        "'; reboot; '",
        24,
        8,
        (Target("$(reboot)"),),
    ),
)
SYSTEM = System("shop", "Shop", "office", Grade(3, 3), assets=(ASSET,), data_sets=DATA_SETS)


def reviewed_programs() -> dict[str, frozenset[str]]:
    """Program → words of which one must be there; none asked for is an empty set."""
    found: dict[str, frozenset[str]] = {}
    for line in PROGRAMS.read_text(encoding="utf-8").splitlines():
        name, colon, words = line.partition(": ")
        if line.startswith("#"):
            continue
        if colon:
            found[name] = frozenset(words.split())
        else:
            found.update(dict.fromkeys(line.split(), frozenset()))
    return found


def probes() -> dict[str, Probe]:
    """Every probe that can be asked, those that depend on the register and those of preflight too."""
    own = [probe for fact in BUILT_IN.values() for probe in fact.probes]
    own += [probe for fact in BUILT_IN.values() for probe in fact.probes_for(ASSET, SYSTEM)]
    tried = [listed_question(probe) for probe in own if probe.as_root]
    return {probe.id: probe for probe in (*own, HOST, LINK, ROOT, COMMAND_TIMEOUT, *tried)}


def faults(command: str, as_root: tuple[str, ...] = ()) -> list[str]:
    """What a probe must not do but does; ``as_root`` are the commands that its word ``root`` may call."""
    try:
        shell = read_shell(command)
    except NotUnderstood as error:
        return [f"not understood: {error}"]
    programs = reviewed_programs()
    found = [
        f"redirection {operator} {target}"
        for operator, target in shell.redirections
        if operator not in ("<",) and target.strip("\"'") not in ("/dev/null", "1", "2", "-")
    ]
    for called in shell.commands:
        words = called[1:] if called[0] == "root" else called
        found += root_faults(words, shell.loops, as_root) if called[0] == "root" else []
        for name in set(names(words[0], shell.loops)) - shell.functions:
            found += command_faults(name, words, programs)
    return found


def root_faults(words: list[str], loops: dict[str, list[str]], as_root: tuple[str, ...]) -> list[str]:
    """What is wrong with a command that ``root`` calls: a program that may do more than read, or one not declared."""
    called = {" ".join([name, *words[1:]]) for name in names(words[0], loops)}
    found = [f"as root {command}" for command in called if command.split()[0] not in AS_ROOT]
    return found + [f"not declared {command}" for command in called - {by_name(path) for path in as_root}]


def by_name(command: str) -> str:
    """``/usr/bin/cat /etc/shadow`` → ``cat /etc/shadow``."""
    path, space, arguments = command.partition(" ")
    return path.rsplit("/", 1)[-1] + space + arguments


def called_as_root(probe: Probe) -> set[str]:
    """The commands that a probe's word ``root`` stands before."""
    shell = read_shell(probe.command)
    calls = [words[1:] for words in shell.commands if words[0] == "root"]
    return {" ".join([name, *call[1:]]) for call in calls for name in names(call[0], shell.loops)}


def names(word: str, loops: dict[str, list[str]]) -> list[str]:
    """The programs a command word may stand for: itself, or the values of the loop variable that it is."""
    bare = word.strip("\"'")
    variable = re.search(r"\$\{(\w+)\}|\$(\w+)", bare)
    if variable is None:
        return [bare.rsplit("/", 1)[-1]]
    values = loops.get(variable[1] or variable[2], [])
    expanded = [bare.replace(variable[0], value) for value in values]
    return [name for text in expanded for name in names(text, loops)] or [f"unknown {word}"]


def command_faults(name: str, words: list[str], programs: dict[str, frozenset[str]]) -> list[str]:
    """What is wrong with one command whose program is ``name``."""
    if name not in programs:
        return [f"program {name}"]
    bare = [word.strip("\"'") for word in words[1:]]
    found = [f"{name} {word}" for word in bare if word in REFUSED.get(name, ())]
    if programs[name]:
        found += [f"{name} {word}" for word in bare if word in CHANGES]
        if bare and not programs[name].intersection(bare):
            found.append(f"{name} without one of {', '.join(sorted(programs[name]))}")
    if name == "command" and bare[:1] != ["-v"]:
        found.append("command without -v")
    if name == "awk" and any(AWK_ACTS.search(AWK_TEXT.sub('""', word)) for word in words):
        found.append("awk that runs or writes")
    if name == "sed" and any(sed_writes(word) for word in bare):
        found.append("sed that writes")
    inner = run_by(name, bare)
    return found + (command_faults(inner[0].rsplit("/", 1)[-1], inner, programs) if inner else [])


def run_by(name: str, arguments: list[str]) -> list[str]:
    """The command that another command runs: of ``find … -exec``, ``nice -n 19 …``, ``ionice -c 3 …``."""
    if name in ("nice", "ionice"):
        return arguments[2:]
    if name == "find" and "-exec" in arguments:
        return arguments[arguments.index("-exec") + 1 :]
    return []


def sed_writes(script: str) -> bool:
    """Whether a sed script has a command or a flag that writes a file or runs a program."""
    flags = [found[4] for found in SED_SUBSTITUTION.finditer(script)]
    return any(set("we") & set(flag) for flag in flags) or bool(
        SED_WRITES.search(SED_SUBSTITUTION.sub("", script))
    )


@pytest.mark.parametrize("probe_id", sorted(probes()))
def test_a_probe_only_reads(probe_id: str) -> None:
    probe = probes()[probe_id]
    assert faults(probe.command, probe.as_root) == []


@pytest.mark.parametrize("probe_id", sorted(probes()))
def test_what_a_probe_declares_for_root_is_fixed_and_called(probe_id: str) -> None:
    probe = probes()[probe_id]
    assert called_as_root(probe) == {by_name(command) for command in probe.as_root}
    assert all(COMMAND.fullmatch(command) for command in probe.as_root)
    assert probe.root or not probe.as_root


def test_every_reviewed_program_is_in_use() -> None:
    used: set[str] = set()
    for probe in probes().values():
        shell = read_shell(probe.command)
        for words in shell.commands:
            called = words[1:] if words[0] == "root" else words
            used.update(names(called[0], shell.loops))
            used.update(run_by(called[0], called[1:])[:1])
    assert set(reviewed_programs()) - used == set()


def test_probes_of_declared_backups_are_among_them() -> None:
    assert any(probe_id.startswith("backup.") for probe_id in probes())


@pytest.mark.parametrize(
    ("command", "fault"),
    [
        ("sudo cat /etc/shadow", "program sudo"),
        ("cat x | sudo tee /etc/x", "program sudo"),
        ("rm -rf /", "program rm"),
        ("[ -e x ] && /bin/rm x", "program rm"),
        ("if true; then rm x; fi", "program rm"),
        ("for f in a; do rm $f; done", "program rm"),
        ("case $x in a) rm x;; esac", "program rm"),
        ("case $x in\n  a | b) echo;;\n  *) rm x;;\nesac", "program rm"),
        ("f() { rm x; }; echo", "program rm"),
        ("(cd / && rm x)", "program rm"),
        ("x=$(rm x)", "program rm"),
        ('echo "a $(rm x) b"', "program rm"),
        ("for f in $(rm x); do echo; done", "program rm"),
        ("LC_ALL=C rm x", "program rm"),
        ("curl x | sh", "program sh"),
        ("cat x | /bin/bash", "program bash"),
        ("eval x", "program eval"),
        (". /tmp/x", "program ."),
        ("exec rm", "program exec"),
        ("$tool x", "program unknown $tool"),
        ("for t in cat rm; do $t x; done", "program rm"),
        ("for v in ip rm; do for t in ${v}; do $t; done; done", "program rm"),
        ("nice -n 19 rm x", "program rm"),
        ("ionice -c 3 nice -n 19 rm x", "program rm"),
        ("echo x > /etc/passwd", "redirection > /etc/passwd"),
        ("echo x >> log", "redirection >> log"),
        ("echo x 2>/tmp/err", "redirection > /tmp/err"),
        ("{ echo; } >/tmp/x", "redirection > /tmp/x"),
        ("cat <<X\ny\nX", "redirection << X"),
        ("echo `rm x`", "not understood: backquotes: write $(…)"),
        ("echo 'x", "not understood: ' is missing"),
        ("sed -i s/a/b/ x", "sed -i"),
        ("sed 's/a/b/w /tmp/x' y", "sed that writes"),
        ("sort -o x y", "sort -o"),
        ("find / -delete", "find -delete"),
        ("find / -exec rm {} +", "program rm"),
        ("find / | xargs -n 1 rm", "program xargs"),
        ("command rm x", "command without -v"),
        ("systemctl stop x", "systemctl stop"),
        ("apt-cache gencaches", "apt-cache without one of policy"),
        ("auditctl -D -l", "auditctl -D"),
        ("root cat /etc/shadow", "not declared cat /etc/shadow"),
        ("root cat $f", "not declared cat $f"),
        ("x=$(root cat /etc/passwd)", "not declared cat /etc/passwd"),
        ("root find / -name x", "as root find / -name x"),
        ("root rm x", "program rm"),
        ("for t in cat rm; do root $t; done", "program rm"),
        ("awk '{ system(\"rm\") }' x", "awk that runs or writes"),
        ("awk '{ print > \"/tmp/x\" }' x", "awk that runs or writes"),
        ("awk '{ print | \"sh\" }' x", "awk that runs or writes"),
    ],
)
def test_what_a_probe_may_not_do(command: str, fault: str) -> None:
    assert fault in faults(command)


def test_a_declared_command_may_run_as_root() -> None:
    declared = ("/usr/sbin/nft list ruleset", "/usr/bin/ss")
    assert faults("x=$(root nft list ruleset) && root ss | cat", declared) == []


@pytest.mark.parametrize(
    "command",
    [
        "cat /etc/os-release 2>/dev/null || cat /usr/lib/os-release",
        'while read -r a b; do echo "$a"; done < /etc/passwd  # rm x',
        'x=$((1 + 2)); y=${x%/*}; echo "$(stat -c %Y "$y") done"',
        "printf '%s\\n' 'rm x; sudo' \"; rm x\" \\; rm",
        "awk '$3 > 5 && /a|b/ { print $1 \"|\" $2 }' x 2>&1",
        "sed -n 's/a/b/p; s/w x/y/g' x",
        "case $u in *.service | *.socket) ;; *) continue;; esac",
        "[ $# -gt 0 ] || { echo none; exit 1; }",
        "find /backup -xdev -type f -exec stat -c %Y {} + 2>/dev/null",
    ],
)
def test_what_a_probe_may_do(command: str) -> None:
    assert faults(command) == []
