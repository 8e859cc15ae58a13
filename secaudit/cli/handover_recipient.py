"""A package encrypted to whom it is for."""

from pathlib import Path

from secaudit.handover.certificate import read_certificate
from secaudit.handover.envelope import encrypted
from secaudit.model.agency import Agency
from secaudit.report.output import write_bytes


def encrypt_for(workspace: Path, agency: Agency, recipient: Path | None, package: Path) -> list[Path]:
    """The encrypted file beside the package; none where no certificate is named. Raises UsageError."""
    certificate = recipient or (workspace / agency.certificate if agency.certificate else None)
    if certificate is None:
        return []
    closed = package.with_name(f"{package.name}.p7m")
    write_bytes(closed, [encrypted(package, read_certificate(certificate))])
    return [closed]
