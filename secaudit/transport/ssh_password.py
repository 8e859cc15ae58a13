"""Logging in with a password: by the method of that name, or as the answer to the one question of PAM."""

import paramiko

from secaudit.errors import TransportReason
from secaudit.language import _
from secaudit.transport.ssh_address import Address
from secaudit.transport.ssh_link import Link


class Answers:
    """Answers one hidden question with the password; whatever else is asked (a code, a new password) gets nothing."""

    def __init__(self, password: str) -> None:
        self._password = password
        self._answered = False
        self.more_asked = False

    def __repr__(self) -> str:
        return "Answers(…)"

    def __call__(self, _title: str, _instructions: str, prompts: list[tuple[str, bool]]) -> list[str]:
        """See RFC 4256 3.2; a prompt is a text and whether what is typed is shown."""
        if not prompts:
            return []
        if self._answered or len(prompts) > 1 or prompts[0][1]:
            self.more_asked = True
            return [""] * len(prompts)
        self._answered = True
        return [self._password]


def by_password(link: Link, address: Address, user: str, password: str) -> list[str]:
    """What the server still wants afterwards; keyboard-interactive only where it takes no plain password.

    Raises what paramiko raises, TransportError when more than the password is asked for.
    """
    try:
        return link.auth_password(user, password, fallback=False)
    except paramiko.BadAuthenticationType as error:
        if "keyboard-interactive" not in error.allowed_types:
            raise
    answers = Answers(password)
    try:
        return link.auth_interactive(user, answers)
    except paramiko.AuthenticationException as error:
        if not answers.more_asked:
            raise
        why = _("it asks for more than a password (a code, a new password)")
        hint = _("Log in by hand once, or use a key: ssh -p {port} {user}@{host}")
        hint = hint.format(port=address.port, user=user, host=address.host)
        raise address.error(TransportReason.AUTH_FAILED, why, hint) from error
