"""Why something was not answered, as a gap that also tells what to do next."""

from secaudit.errors import TransportError
from secaudit.model.evidence import Gap, GapReason


def gap_of(error: TransportError) -> Gap:
    """``web-1 (10.0.0.7 port 22): no login was accepted. → Try: ssh -p 22 audit@10.0.0.7``"""
    # a plug-in may have put anything there
    hint = error.hint if isinstance(error.hint, str) else ""
    return Gap(GapReason(error.reason.value), f"{error} → {hint}" if hint else str(error))
