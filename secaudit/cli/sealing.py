"""What the commands of handover share: agencies, the office's key, the system that is meant."""

import os
from pathlib import Path

import click

from secaudit.cli.wiring import Workspace
from secaudit.content.agencies import load_agencies
from secaudit.content.folder import content_dir
from secaudit.errors import UsageError
from secaudit.handover.certificate import read_certificate
from secaudit.handover.signer import Signer, read_signer
from secaudit.language import _
from secaudit.model.agency import Agency
from secaudit.transport.secrets import PROMPT, read_private

FOLDER = "agencies"


def agencies_of(workspace: Path) -> dict[str, Agency]:
    """Those that ship and those of the workspace; raises ContentError."""
    return load_agencies([content_dir("reports") / FOLDER, workspace / FOLDER])


def agency_of(workspace: Path, agency_id: str) -> Agency:
    """Raises UsageError where there is none of that id."""
    known = agencies_of(workspace)
    if agency_id not in known:
        told = _("{id} is no agency; known: {known}.")
        raise UsageError(
            told.format(id=agency_id, known=", ".join(known)),
            hint=_("Describe another one in the workspace: agencies/{id}.yaml").format(id=agency_id),
        )
    return known[agency_id]


def signer_of(opened: Workspace) -> Signer:
    """The key that seals packages. Raises UsageError."""
    sealing = opened.settings.sealing
    if sealing is None:
        raise UsageError(
            _("No key is set that could seal a package."),
            hint=_(
                "Set handover: in secaudit.yaml; docs/handover.md shows how openssl makes key and certificate."
            ),
        )
    password = password_from(sealing.password, _("Password of the key"))
    return read_signer(sealing.key, read_certificate(sealing.certificate), password)


def password_from(reference: str, asked: str) -> bytes | None:
    """A password from where its reference says; what is ``asked`` where it is to be typed. Raises UsageError."""
    if not reference:
        return None
    if reference == PROMPT:
        return str(click.prompt(asked, hide_input=True, err=True)).encode()
    if reference.startswith("env:"):
        value = os.environ.pop(reference.removeprefix("env:"), "")
        if not value:
            raise UsageError(_("The credential {reference} is not set.").format(reference=reference))
        return value.encode()
    try:
        return read_private(Path(reference.removeprefix("file:")).expanduser()).encode()
    except UsageError as error:
        raise UsageError(f"{reference}: {error}", hint=error.hint) from error
