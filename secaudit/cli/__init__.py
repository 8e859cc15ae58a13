"""The command line: arguments, wiring, printing, exit codes. The only place that prints.

``commands`` lists the commands; a group is ``GROUP``, each of its commands ``GROUP_COMMAND``. ``wiring`` puts the parts
together once, ``recorded`` enters what a command changed into the ledger, ``show`` prints tables, ``words`` and
``*_words`` name verdicts and states.
"""

from secaudit.cli.main import main

__all__ = ["main"]
