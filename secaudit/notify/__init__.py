"""People and systems are told what a night came to: by mail, by a webhook of the own network, by syslog.

``enqueue_night`` puts a night's notices into the queue, ``deliver`` works it off. Neither raises an error of ours
nor waits without an end: a scan never fails and never waits for want of a mail server.
"""

from secaudit.notify.delivering import Delivered, deliver
from secaudit.notify.entering import Entered, enqueue_night
from secaudit.notify.settings import Secrets, load_notices, take_secrets

__all__ = ["Delivered", "Entered", "Secrets", "deliver", "enqueue_night", "load_notices", "take_secrets"]
