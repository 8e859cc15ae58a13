"""Probes that look for the declared backups of an asset: patterns of artefacts, texts of jobs."""

import re

from secaudit.facts.job_script import (
    REDUCES,
    USER_JOBS_AS_ROOT,
    quoted,
    system_jobs_as_root,
    system_jobs_script,
    user_jobs_script,
)
from secaudit.model.evidence import Probe
from secaudit.model.register import DataSet, System, Target
from secaudit.model.text import Text

LIMIT_FILES = 500

# The wildcards of a pattern: * and ?, and classes such as [0-9]; everything else is meant as it stands.
_WILD = re.compile(r"\*|\?|\[[A-Za-z0-9-]+\]")


def find_words(pattern: str) -> str:
    """``/backup/db $(x)-*.gz`` → the words of find(1) that name what matches, wildcards alive, all else quoted.

    find is asked instead of the shell: a process for every file would take minutes where there are many. As many levels
    down as the pattern has, so that ``*`` cannot cross a slash; like the shell it leaves hidden names out.
    """
    parts = [part for part in pattern.split("/") if part]
    fixed = next((i for i, part in enumerate(parts) if _WILD.search(part)), len(parts))
    depth = len(parts) - fixed
    words = f"find -L {quoted('/' + '/'.join(parts[:fixed]))} -mindepth {depth} -maxdepth {depth}"
    if not depth:
        return words
    hidden = "" if parts[-1].startswith(".") else " ! -name '.*'"
    return f"{words} -path {quoted('/' + '/'.join(map(_matched, parts)))}{hidden}"


def _matched(part: str) -> str:
    """A part as fnmatch(3) shall read it."""
    position, out = 0, []
    for match in (*_WILD.finditer(part), None):
        end = match.start() if match else len(part)
        out += [re.sub(r"([\\\[\]*?])", r"\\\1", part[position:end]), match[0] if match else ""]
        position = match.end() if match else end
    return "".join(out)


def artefacts_probe(data_set: DataSet) -> Probe:
    """Newest first: seconds, bytes and path, at most 500; then the number of all.

    A folder counts as one artefact: the newest time and the sum of its files, on its own file system only. Links, hard
    and symbolic, are told apart by device and inode: of several names of one artefact one is shown.
    """
    asked = [find_words(pattern) for pattern in data_set.artefacts if pattern.startswith("/")]
    files = "".join(
        f"  {words} -type f -exec stat -L -c '%Y %s %d:%i %n' {{}} + 2>/dev/null\n" for words in asked
    )
    folders = "".join(f"    {words} -type d 2>/dev/null\n" for words in asked)
    command = f"""{{
{files}  {{
{folders}  }} | while IFS= read -r f; do
    {{ stat -L -c '%d:%i' "$f"; find -H "$f" -xdev -type f -exec stat -c '%Y %s' {{}} +; }} 2>/dev/null | awk '
      NR == 1 {{ id = $1; next }}
      {{ n++; b += $2; if ($1 > m) m = $1 }}
      END {{ if (!n) exit 1; printf "%d %.0f %s ", m, b, id }}' && printf '%s\\n' "$f"
  done
}} | sort -rn | awk '
  $3 !~ /^[0-9]+:[0-9]+$/ {{ print "unreadable"; next }}
  !seen[$3]++ {{ if (++n <= {LIMIT_FILES}) print $1, $2, substr($0, length($1 $2 $3) + 4) }}
  END {{ print "total " n + 0 }}'"""
    return Probe(
        f"backup.artefacts.{data_set.id}",
        command if asked else "echo 'total 0'",
        root=True,
        timeout_s=30,
        limit_bytes=262_144,
        reduces=Text(
            "只输出所登记备份文件的名称、大小与时间，不含其内容",
            "names, sizes and times of the declared artefacts, never their content",
        ),
    )


def address_of(target: Target, system: System) -> str:
    """Where a copy goes: the address of the target or of the registered asset it names, "" when neither is known."""
    if target.address:
        return target.address
    return next((asset.address for asset in system.assets if asset.id == target.asset), "")


def job_texts(data_sets: tuple[DataSet, ...], system: System) -> tuple[str, ...]:
    """What is looked for in jobs: declared jobs and addresses of targets, each once, in a fixed order."""
    texts = {text for d in data_sets for text in (d.job, *(address_of(t, system) for t in d.targets))}
    return tuple(sorted(texts - {""}))


def jobs_probes(data_sets: tuple[DataSet, ...], system: System) -> tuple[Probe, ...]:
    """The jobs of system and users, each with the texts that stand in it; none when nothing is to be looked for."""
    texts = job_texts(data_sets, system)
    if not texts:
        return ()
    of_system, of_users = system_jobs_script(texts), user_jobs_script(texts)
    return (
        Probe(
            "backup.jobs.system",
            of_system,
            root=True,
            timeout_s=15,
            reduces=REDUCES,
            as_root=system_jobs_as_root(texts),
        ),
        Probe(
            "backup.jobs.users",
            of_users,
            root=True,
            timeout_s=15,
            reduces=REDUCES,
            as_root=USER_JOBS_AS_ROOT,
        ),
    )
