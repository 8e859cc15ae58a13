"""How a sealed backup is opened: with a passphrase, or with a private key."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from secaudit.cli.sealing import password_from
from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.upkeep.sealed import ByKey, ByPassphrase, Unseal, Unsealing

LIMIT_BYTES = 100_000


def unsealing_from(passphrase: str | None, key: Path | None) -> Unsealing:
    """What opens a sealed file, had once and only where one is: the words are asked for once."""
    had: list[Unseal] = []

    def unsealing() -> Unseal:
        if not had:
            had.append(_unseal(passphrase, key))
        return had[0]

    return unsealing


def _unseal(passphrase: str | None, key: Path | None) -> Unseal:
    if passphrase is None and key is None:
        raise UsageError(
            _("The backup is encrypted."),
            hint=_(
                "Say where its passphrase is (--passphrase-from env:NAME), or name the private key (--key FILE)."
            ),
        )
    words = password_from(passphrase, _("Passphrase of the backup")) if passphrase else None
    if key is None:
        return ByPassphrase(words or b"")
    return ByKey(_private_key(key, words))


def _private_key(file: Path, password: bytes | None) -> rsa.RSAPrivateKey:
    try:
        with file.open("rb") as stream:
            found = load_pem_private_key(stream.read(LIMIT_BYTES), password)
    except OSError as error:
        reason = error.strerror or error
        raise UsageError(_("{path} cannot be read: {reason}.").format(path=file, reason=reason)) from error
    except (
        ValueError,
        TypeError,
    ) as error:  # TypeError: a password where there is none, or none where there is one
        raise UsageError(
            _("{path} is no private key that can be opened.").format(path=file),
            hint=_("A PEM file is expected, and its password with --passphrase-from where it has one."),
        ) from error
    if not isinstance(found, rsa.RSAPrivateKey):
        raise UsageError(_("{path} is no RSA key: nothing is encrypted to others.").format(path=file))
    return found
