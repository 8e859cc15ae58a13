"""Keys by which accounts are entered and which lie in no file of the account: sshd_config(5).

AuthorizedKeysCommand asks a program for keys; with TrustedUserCAKeys whoever has a certificate of the authority gets
in. Whose keys these are is not known here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from secaudit.facts.accounts_probe import PASSWD
from secaudit.facts.fact import Evidence, Fact
from secaudit.facts.groups import GROUP, Group
from secaudit.facts.sshd_answers import Answer, Settings, SshdAnswers, answers_of, bearing_on
from secaudit.facts.sshd_probe import SSHD, VOUCHING
from secaudit.facts.sshd_root import root_login
from secaudit.model.text import Text

_NAMES = {"authorizedkeyscommand": "AuthorizedKeysCommand", "trustedusercakeys": "TrustedUserCAKeys"}


@dataclass(frozen=True, slots=True)
class KeyVoucher:
    """``setting``: the keyword and its program or file; ``root``: root, too, gets in by it."""

    setting: str
    root: bool


def key_vouchers(found: SshdAnswers, groups: Sequence[Group]) -> tuple[KeyVoucher, ...]:
    """One row for each program and file; raises GapFound for a Match block that sets one and means nobody knows whom.

    A branch without public keys has none, nor one for root that keeps root out.
    """
    bearing_on(found, VOUCHING)
    of_root = {group.name for group in groups if "root" in group.members}
    let_in: dict[str, bool] = {}
    for answer in found.answers:
        for setting, root in _of(answer, of_root):
            let_in[setting] = let_in.get(setting, False) or root
    return tuple(KeyVoucher(setting, root) for setting, root in let_in.items())


def _of(answer: Answer, root_groups: set[str]) -> Iterable[tuple[str, bool]]:
    seen = Settings(answer)
    root = answer.kind == "root"
    settings = [f"{_NAMES[key]} {value}" for key in VOUCHING for value in seen.all(key) if value != "none"]
    if settings and seen.yes("pubkeyauthentication") and not (root and _kept_out(seen, root_groups)):
        yield from ((setting, root) for setting in settings)


def _kept_out(seen: Settings, root_groups: set[str]) -> bool:
    return root_login(seen, False, root_groups) == "no"


def build_key_vouchers(evidence: Evidence) -> tuple[KeyVoucher, ...]:
    """Usually there is none."""
    return key_vouchers(answers_of(evidence), evidence.fact("groups"))


KEY_VOUCHERS = Fact(
    "key_vouchers",
    Text("authorized_keys之外的登录公钥来源", "Sources of login keys other than files of accounts"),
    tuple[KeyVoucher, ...],
    build_key_vouchers,
    (SSHD, PASSWD, GROUP),
    uses=("groups",),
)
