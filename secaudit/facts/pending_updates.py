"""Which updates the asset's own metadata knows and has not installed; no network, nothing written."""

from dataclasses import dataclass

from secaudit.facts.apk_updates import parse_apk
from secaudit.facts.apt_updates import parse_apt
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.rpm_updates import parse_rpm
from secaudit.facts.sections import sections
from secaudit.facts.update import Metadata, Update
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

STALE_AFTER_DAYS = 14

# apt: `apt-get -s` writes the package cache as root and reports nothing pending without lists, so `apt list` with both caches
# off; with -a, because a newer version from elsewhere hides the security update in between, and installed packages, because a
# pin hides the candidate.
# rpm: the errata that dnf, yum and zypper keep are read from their caches: dnf itself writes logs and, for ordinary users, a cache.
UPDATES = Probe(
    "pending_updates.metadata",
    r"""if [ -s /var/lib/dpkg/status ]; then
  echo '@@ apt release'
  for f in /var/lib/apt/lists/*InRelease /var/lib/apt/lists/*_Release; do
    [ -f "$f" ] && awk '/^Suite:/ { s = $2 } /^Codename:/ { c = $2 } /^Date:/ { sub(/^Date: */, ""); d = $0 } /^(MD5Sum|SHA1|SHA256):/ { exit } END { print s "\t" c "\t" d }' "$f"
  done
  echo '@@ apt packages'
  command -v apt >/dev/null 2>&1 || exit 127
  apt -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= list -a --installed 2>/dev/null |
    awk 'BEGIN { RS = "" } { n++; sub(/^Listing[^\n]*\n/, "") } /upgradable/ || /-security/ { print } END { print "@@ apt total"; print n + 0 }'
  echo '@@ held'
  apt-mark -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= showhold 2>/dev/null
elif [ -s /lib/apk/db/installed ]; then
  echo '@@ apk index'
  for f in /var/cache/apk/APKINDEX.*.tar.gz /etc/apk/cache/APKINDEX.*.tar.gz; do [ -f "$f" ] && stat -c %Y "$f"; done
  echo '@@ apk packages'
  apk --no-network version -l '<' || exit 1
elif command -v rpm >/dev/null 2>&1; then
  echo '@@ rpm metadata'
  for r in /var/cache/dnf/*/repodata /var/cache/libdnf5/*/repodata /var/cache/yum/*/*/* /var/cache/zypp/raw/*/repodata; do
    for m in "$r/repomd.xml"; do [ -f "$m" ] || continue
      e=none
      for u in "$r"/*updateinfo.xml* "$r"/gen/updateinfo.xml; do if [ -f "$u" ]; then e=errata; fi; done
      echo "$(stat -c %Y "$m") $e"
    done
  done
  echo '@@ rpm installed'
  rpm -qa --qf '%{NAME}\t%{ARCH}\t%|EPOCH?{%{EPOCH}}:{0}|:%{VERSION}-%{RELEASE}\n' || exit 1
  echo '@@ rpm errata'
  { rpm -qa --qf '<have %{NAME}.%{ARCH}>\n'
  for u in /var/cache/dnf/*/repodata/*updateinfo.xml* /var/cache/libdnf5/*/repodata/*updateinfo.xml* /var/cache/yum/*/*/*/*updateinfo.xml* /var/cache/yum/*/*/*/gen/updateinfo.xml /var/cache/zypp/raw/*/repodata/*updateinfo.xml*; do
    [ -f "$u" ] || continue
    case $u in
      *.gz) zcat "$u" || echo "<unreadable>";;
      *.xz) xzcat "$u" || echo "<unreadable>";;
      *.bz2) bzcat "$u" || echo "<unreadable>";;
      *.zst) zstdcat "$u" || echo "<unreadable>";;
      *.zck) unzck -c "$u" || echo "<unreadable>";;
      *.xml) cat "$u" || echo "<unreadable>";;
    esac
  done; } | awk '
    function attr(k) { return match($0, " " k "=\"[^\"]*\"") ? substr($0, RSTART + length(k) + 3, RLENGTH - length(k) - 4) : "" }
    /^<have / { have[substr($2, 1, length($2) - 1)] = 1; next }
    /^<unreadable>/ { print "unreadable" }
    /<update / { t = attr("type"); m = "" }
    /<collection/ { m = "" }
    /<module / { m = attr("name") ":" attr("stream") }
    /<package / {
      k = attr("name") "\t" attr("arch")
      if (t == "security" && have[attr("name") "." attr("arch")]) {
        e = attr("epoch"); if (e == "") e = 0
        row = k "\t" e ":" attr("version") "-" attr("release") "\t" (m == "" ? "-" : m)
        if (!(row in seen)) { seen[row] = 1; print row }
      }
    }'
  echo '@@ modules'
  for f in /etc/dnf/modules.d/*.module; do [ -f "$f" ] && awk -F= '/^name=/ { n = $2 } /^stream=/ { s = $2 } /^state=enabled/ { e = 1 } END { if (e) print n ":" s }' "$f"; done
else
  exit 127
fi
echo '@@ end'""",
    timeout_s=60,
    limit_bytes=2_097_152,
)


@dataclass(frozen=True, slots=True)
class PendingUpdates:
    """Updates that are known and not installed.

    ``metadata_date`` (ISO) is that of the security metadata, the oldest where there are several sources, and
    ``metadata_age_days`` its age at the visit. Metadata older than 14 days that knows nothing pending is a gap: it proves
    nothing; what it does know as pending stays pending.
    """

    updates: tuple[Update, ...]
    metadata_date: str
    metadata_age_days: int


def parse_updates(text: str) -> tuple[tuple[Update, ...], Metadata]:
    """The answer of any family → updates, sorted by name, and the state of the metadata; raises GapFound."""
    parts = sections(text)
    if "end" not in parts:
        raise GapFound(GapReason.UNPARSABLE, "the list of updates is cut off")
    if "apt release" in parts:
        return parse_apt(parts)
    if "apk index" in parts:
        return parse_apk(parts)
    if "rpm metadata" in parts:
        return parse_rpm(parts)
    raise GapFound(GapReason.NOT_SUPPORTED, "neither apt, apk nor rpm")


def build_pending(evidence: Evidence) -> PendingUpdates:
    """The pending updates; raises GapFound for metadata that is absent, or stale and silent."""
    updates, metadata = parse_updates(evidence.text(UPDATES.id))
    # A date from the future is a clock that is wrong on one side: the age cannot be told.
    age_days = (evidence.now - metadata.date).days
    if age_days < -1:
        raise GapFound(
            GapReason.METADATA_STALE, f"metadata of {metadata.date.date()} is newer than the target's clock"
        )
    if age_days > STALE_AFTER_DAYS and not any(u.security for u in updates):
        raise GapFound(
            GapReason.METADATA_STALE, f"metadata of {metadata.date.date()}, {age_days} days before the visit"
        )
    return PendingUpdates(updates, metadata.date.date().isoformat(), max(age_days, 0))


PENDING_UPDATES = Fact(
    "pending_updates", Text("待安装更新", "Pending updates"), PendingUpdates, build_pending, (UPDATES,)
)
