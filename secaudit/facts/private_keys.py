"""Private keys of services that everybody can read: looked for without root, so that what is found is open."""

from dataclasses import dataclass

from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

PRIVATE_KEYS = Probe(
    "confidentiality.private_keys",
    r"""set --
for d in /etc/ssl /etc/pki /etc/nginx /etc/apache2 /etc/httpd /etc/haproxy /etc/postgresql /etc/mysql \
  /etc/openvpn /etc/letsencrypt; do
  [ ! -d "$d" ] || set -- "$@" "$d"
done
[ $# -eq 0 ] || find "$@" -xdev -type f -perm -004 '(' -name '*.key' -o -name '*.pem' ')' -size -64k \
  -exec grep -lsE -e '^-----BEGIN ([A-Z]+ )?PRIVATE KEY-----' '{}' + 2>/dev/null
echo end""",
    timeout_s=20,
    reduces=Text("只取文件名，不取内容", "names of files only, never their content"),
)


@dataclass(frozen=True, slots=True)
class OpenKey:
    """A private key without a passphrase that everybody can read, by its path."""

    path: str


def parse_private_keys(text: str) -> tuple[OpenKey, ...]:
    """``/etc/nginx/server.key`` → OpenKey; raises GapFound."""
    lines = text.removesuffix("\n").split("\n")
    if lines[-1] != "end" or not all(line.startswith("/") for line in lines[:-1]):
        raise GapFound(GapReason.UNPARSABLE, "the list of keys is cut off")
    return tuple(OpenKey(path) for path in sorted(lines[:-1]))


def build_private_keys(evidence: Evidence) -> tuple[OpenKey, ...]:
    """The open keys of the asset; none is a value."""
    return parse_private_keys(evidence.text(PRIVATE_KEYS.id))


OPEN_KEYS = Fact(
    "open_private_keys",
    Text("所有人可读的私钥", "Private keys that everybody can read"),
    tuple[OpenKey, ...],
    build_private_keys,
    (PRIVATE_KEYS,),
)
