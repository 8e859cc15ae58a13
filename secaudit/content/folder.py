"""Where the content that ships with secaudit lies, installed or in a checkout."""

from pathlib import Path
from typing import Final

from secaudit.errors import UsageError
from secaudit.language import _

PACKAGE: Final = Path(__file__).parent.parent


def content_dir(part: str, package: Path = PACKAGE) -> Path:
    """The folder of ``checks``, ``profiles`` or ``reports``.

    An installed copy holds them in ``_content``; a checkout (plain or editable) beside the package. Raises
    UsageError when neither is there: the installation is broken.
    """
    installed, checkout = package / "_content" / part, package.parent / part
    if installed.is_dir():
        return installed
    if checkout.is_dir() and (package.parent / "setup.cfg").is_file():
        return checkout
    raise UsageError(
        _("The content folder {part} is missing beside {package}.").format(part=part, package=package),
        hint=_("Install secaudit again: this copy is not complete."),
    )
