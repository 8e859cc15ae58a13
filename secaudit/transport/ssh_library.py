"""paramiko, imported without ``invoke``: a sixth of the start of the program.

The library wants it only to run commands that an ssh_config(5) names (``Match exec``), a file that is never read here.
"""

import sys

if "invoke" not in sys.modules:
    sys.modules["invoke"] = None  # type: ignore[assignment]  # "not to be had": paramiko goes on without it
    try:
        import paramiko  # noqa: F401
    finally:
        del sys.modules["invoke"]
