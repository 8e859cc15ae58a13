"""The facts about malicious code, intrusion, trust, integrity, what stays behind and redundancy."""

from secaudit.facts.alarm_channels import ALARM_CHANNELS
from secaudit.facts.bonds import BONDS_FACT
from secaudit.facts.core_dumps import CORE_DUMPS_FACT
from secaudit.facts.execution_control import EXECUTION_CONTROL
from secaudit.facts.fact import Fact
from secaudit.facts.freed_memory import FREED_MEMORY
from secaudit.facts.integrity_monitor import INTEGRITY_MONITOR
from secaudit.facts.mail_delivery import MAIL_DELIVERY
from secaudit.facts.malware_protection import MALWARE_PROTECTION
from secaudit.facts.malware_updates import MALWARE_UPDATES
from secaudit.facts.private_keys import OPEN_KEYS
from secaudit.facts.protection import PROTECTIONS
from secaudit.facts.selinux_booleans import SELINUX_BOOLEANS
from secaudit.facts.service_certificates import SERVICE_CERTIFICATES
from secaudit.facts.standby import STANDBY_FACT
from secaudit.facts.storage import STORAGE_FACT
from secaudit.facts.temporary_folders import TEMPORARY_FOLDERS
from secaudit.facts.trust import TRUST_FACT
from secaudit.facts.watched_files import WATCHED_FILES
from secaudit.facts.web_servers import WEB_SERVERS

PROTECTION: tuple[Fact, ...] = (
    PROTECTIONS,
    MALWARE_PROTECTION,
    MALWARE_UPDATES,
    MAIL_DELIVERY,
    ALARM_CHANNELS,
    TRUST_FACT,
    EXECUTION_CONTROL,
    INTEGRITY_MONITOR,
    WATCHED_FILES,
    CORE_DUMPS_FACT,
    STANDBY_FACT,
    SERVICE_CERTIFICATES,
    STORAGE_FACT,
    FREED_MEMORY,
    TEMPORARY_FOLDERS,
    SELINUX_BOOLEANS,
    WEB_SERVERS,
    OPEN_KEYS,
    BONDS_FACT,
)
