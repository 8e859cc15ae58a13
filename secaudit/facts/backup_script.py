"""Probes that look for the declared backups of an asset: patterns of artefacts, texts of jobs."""

import re

from secaudit.facts.job_script import REDUCES, quoted, system_jobs_script, user_jobs_script
from secaudit.model.evidence import Probe
from secaudit.model.register import DataSet

LIMIT_FILES = 500

# What the shell shall expand: * and ?, and classes such as [0-9]; everything else is quoted.
_GLOB = re.compile(r"\*|\?|\[[A-Za-z0-9-]+\]")


def glob_word(pattern: str) -> str:
    """``/backup/db $(x)-*.gz`` → ``'/backup/db $(x)-'*'.gz'``: one word of sh in which only wildcards are alive."""
    out, position = [], 0
    for match in _GLOB.finditer(pattern):
        if match.start() > position:
            out.append(quoted(pattern[position : match.start()]))
        out.append(match[0])
        position = match.end()
    if position < len(pattern):
        out.append(quoted(pattern[position:]))
    return "".join(out)


def artefacts_probe(data_set: DataSet) -> Probe:
    """Newest first: seconds TAB bytes TAB path, at most 500; then the number of all.

    A folder counts as one artefact: the newest time and the sum of its files, on its own file system only.
    """
    patterns = " ".join(glob_word(p) for p in data_set.artefacts if p.startswith("/"))
    command = f"""for f in {patterns}; do
  if [ -f "$f" ]; then stat -L -c '%Y %s %n' "$f" || echo 'unreadable'
  elif [ -d "$f" ]; then
    find "$f" -xdev -type f -exec stat -c '%Y %s' {{}} + 2>/dev/null | awk '
      {{ n++; b += $2; if ($1 > m) m = $1 }}
      END {{ if (!n) exit 1; printf "%d %.0f ", m, b }}' && printf '%s\\n' "$f"
  fi
done | sort -rn | awk '!seen[$0]++ {{ if (++n <= {LIMIT_FILES}) print }} END {{ print "total " n + 0 }}'"""
    return Probe(
        f"backup.artefacts.{data_set.id}",
        command,
        root=True,
        timeout_s=30,
        limit_bytes=262_144,
        reduces="names, sizes and times of the declared artefacts, never their content",
    )


def job_texts(data_sets: tuple[DataSet, ...]) -> tuple[str, ...]:
    """What is looked for in jobs: declared jobs and addresses of targets, each once, in a fixed order."""
    texts = {text for d in data_sets for text in (d.job, *(t.address for t in d.targets)) if text}
    return tuple(sorted(texts))


def jobs_probes(data_sets: tuple[DataSet, ...]) -> tuple[Probe, ...]:
    """The jobs of system and users, each with the texts that stand in it; none when nothing is to be looked for."""
    texts = job_texts(data_sets)
    if not texts:
        return ()
    system, users = system_jobs_script(texts), user_jobs_script(texts)
    return (
        Probe("backup.jobs.system", system, root=True, timeout_s=15, reduces=REDUCES),
        Probe("backup.jobs.users", users, root=True, timeout_s=15, reduces=REDUCES),
    )
