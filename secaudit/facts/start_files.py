"""The files that a login shell reads, in its order: which commands of them are run."""

from collections.abc import Iterator, Mapping, Sequence

from secaudit.facts.config_files import ConfigFile

# /etc/profile and its kin pass over what the person may not read: such a file sets something for root alone.
CLOSED_START_FILES = """echo '#= closed'
find -L /etc/profile /etc/profile.d /etc/bash.bashrc /etc/bashrc -maxdepth 1 -type f ! -perm -0004 2>/dev/null |
  sed 's/^/ /'"""

# In awk, before all other rules: what a here-document holds is text, no command; what stands in quotes begins none.
HERE_DOCUMENTS = r"""FNR == 1 { document = "" }
document != "" { text = $0; if (tabs) sub(/^\t+/, "", text); if (text == document) document = ""; next }
/<</ && !/<<<|[(][(]/ {
  text = $0; sub(/^[ \t]*#.*/, "", text); sub(/[ \t]#.*/, "", text)
  gsub(/<<-[ \t]*["\047]/, "<<-", text); gsub(/<<[ \t]*["\047]/, "<<", text)
  gsub(/"[^"]*"|\047[^\047]*\047/, " ", text)
  if (match(text, /<<-?[ \t]*[^A-Za-z0-9_< \t]?[A-Za-z_][A-Za-z0-9_]*/)) {
    document = substr(text, RSTART + 2, RLENGTH - 2); tabs = document ~ /^-/; gsub(/[^A-Za-z0-9_]/, "", document)
  }
}
"""

# In awk: whether a command runs in every session that a person sits at. ``asks`` holds for each open block, to
# ``depth``, whether it runs for some only. What follows a return of all is ``over``; one that some take ``leaves``.
WAYS = r"""function interactive(text) {
  if (text ~ /!/ || $0 ~ /&&|[|][|]/) return 0
  return text ~ /^[ \t]*if[ \t]+\[\[?[ \t]+(-n[ \t]+)?"?\$[{]?PS1-?[}]?"?[ \t]+\]/ ||
    text ~ /^[ \t]*if[ \t]+\[\[[ \t]+"?\$-"?[ \t]+(=~|==?)[ \t]+"?[*]?i[*]?"?[ \t]+\]\]/
}
function within(what,  k) {
  for (k = 1; k <= depth; k++) if (asks[k] == what || (what == 1 && asks[k])) return 1
  return 0
}
function leaving(word, chained) {
  if (word !~ /^(return|exit)$/ || within("function")) return
  if (!depth && !chained) over = 1
  else if ($0 !~ /PS1|\$-/) leaves = 1
}
function brackets(text,  more) { more = gsub(/[(]/, "", text); return more - gsub(/[)]/, "", text) }
"""

# In awk: other files that a line takes in by their whole path. What ``source:`` names already is left out, and what
# packages keep in /usr.
TAKEN_IN = r"""function also_read(line,   path) {
  sub(/^[ \t]*#.*/, "", line); sub(/[ \t]#.*/, "", line)
  while (match(line, /(^|[ \t;&|({])([.]|source)[ \t]+["]?\/[A-Za-z0-9_.\/-]+/)) {
    path = substr(line, RSTART, RLENGTH); sub(/.*[ \t]["]?/, "", path); line = substr(line, RSTART + RLENGTH)
    if (path !~ /profile\.d|bash\.bashrc|\/bashrc$|^\/usr\/(lib|share)\//) print BEFORE "source:" path
  }
}
"""
# In sh: the same for ``print_files``, each once.
ALSO_READ = (
    """also=$(set --
for f in /etc/profile /etc/profile.d/*.sh /etc/bash.bashrc /etc/bashrc /etc/profile.local; do
  [ ! -f "$f" ] || [ ! -r "$f" ] || set -- "$@" "$f"
done
[ $# -eq 0 ] || awk '"""
    + TAKEN_IN
    + """{ also_read($0) }' "$@" | sort -u | while IFS=: read -r _ f; do [ ! -f "$f" ] || echo "$f"; done)
"""
)


def read_by(accounts: Sequence[str], files: Mapping[str, ConfigFile]) -> Mapping[str, ConfigFile]:
    """The files that these people may read, by path."""
    closed = files["closed"].lines if "closed" in files else ()
    if set(accounts) <= {"root"}:
        return files
    return {path: file for path, file in files.items() if path not in closed}


def commands_run(
    shell: str, first: Sequence[str], files: Mapping[str, ConfigFile]
) -> Iterator[tuple[str, str]]:
    """(file, line) of a kind of shell, each file once; ``first`` are the files that it reads by itself.

    A line ``source:/etc/bash.bashrc`` takes in another file, ``source:/etc/profile.d`` all of that folder. csh reads
    its own of the folder before.
    """
    seen: set[str] = set()

    def read(path: str) -> Iterator[tuple[str, str]]:
        if path in seen or path not in files:
            return
        seen.add(path)
        for line in files[path].lines:
            if line == "source:/etc/profile.d":
                for name in _of_folder(files, ".sh"):
                    yield from read(name)
            elif line.startswith("source:"):
                yield from read(line.removeprefix("source:"))
            else:
                yield path, line

    for path in (*(_of_folder(files, ".csh") if shell == "csh" else ()), *first):
        yield from read(path)


def _of_folder(files: Mapping[str, ConfigFile], ending: str) -> list[str]:
    return sorted(path for path in files if path.startswith("/etc/profile.d/") and path.endswith(ending))
