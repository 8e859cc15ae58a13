"""The facts about patching, ports, services, the network, time, jobs and backups."""

from secaudit.facts.backup_artefacts import BACKUP_ARTEFACTS
from secaudit.facts.backups import DATA_SET_BACKUPS
from secaudit.facts.container_interfaces import CONTAINER_INTERFACES
from secaudit.facts.cpu_flaws import CPU_FLAWS
from secaudit.facts.crypto_policy import CRYPTO_POLICY
from secaudit.facts.data_stores import DATA_STORES
from secaudit.facts.fact import Fact
from secaudit.facts.firewall import FIREWALL
from secaudit.facts.interfaces import INTERFACES_FACT
from secaudit.facts.kernel import KERNEL_FACT
from secaudit.facts.kernel_modules import KERNEL_MODULES
from secaudit.facts.kernel_parameters import KERNEL_PARAMETERS
from secaudit.facts.known_flaws import KNOWN_FLAWS
from secaudit.facts.listeners import LISTENERS
from secaudit.facts.management_access import MANAGEMENT_ACCESS
from secaudit.facts.monitoring import MONITORING_AGENTS
from secaudit.facts.mounts import MOUNTS_FACT
from secaudit.facts.name_servers import NAME_SERVERS_FACT
from secaudit.facts.outside import OUTSIDE_FACT, OUTSIDE_LOOK
from secaudit.facts.package_sources import PACKAGE_SOURCES
from secaudit.facts.packages import PACKAGE_NAMES, PACKAGES_FACT
from secaudit.facts.pending_updates import PENDING_UPDATES
from secaudit.facts.ports import HIGH_RISK_PORTS, PORTS
from secaudit.facts.processes import PROCESSES_FACT
from secaudit.facts.proxies import PROXIES_FACT
from secaudit.facts.scheduled_jobs import SCHEDULED_JOBS, SYSTEM_JOBS_FACT, USER_JOBS_FACT
from secaudit.facts.services import SERVICES_ACTIVE, SERVICES_ENABLED
from secaudit.facts.shares import SHARES_FACT
from secaudit.facts.software_support import SOFTWARE_SUPPORT
from secaudit.facts.source_places import SOURCE_PLACES
from secaudit.facts.stale_programs import STALE_PROGRAMS
from secaudit.facts.support import SUPPORT
from secaudit.facts.time_places import TIME_SOURCES
from secaudit.facts.time_sync import TIME_SYNC, TIME_SYNCHRONISED
from secaudit.facts.time_zone import TIME_ZONE
from secaudit.facts.update_settings import UPDATE_SETTINGS

OPERATIONS: tuple[Fact, ...] = (
    PACKAGES_FACT,
    PACKAGE_NAMES,
    PACKAGE_SOURCES,
    UPDATE_SETTINGS,
    PENDING_UPDATES,
    SUPPORT,
    SOFTWARE_SUPPORT,
    KERNEL_FACT,
    PROCESSES_FACT,
    SERVICES_ENABLED,
    SERVICES_ACTIVE,
    LISTENERS,
    OUTSIDE_FACT,
    OUTSIDE_LOOK,
    PORTS,
    HIGH_RISK_PORTS,
    FIREWALL,
    MANAGEMENT_ACCESS,
    KERNEL_PARAMETERS,
    KERNEL_MODULES,
    CPU_FLAWS,
    CONTAINER_INTERFACES,
    CRYPTO_POLICY,
    DATA_STORES,
    KNOWN_FLAWS,
    STALE_PROGRAMS,
    SHARES_FACT,
    MOUNTS_FACT,
    INTERFACES_FACT,
    NAME_SERVERS_FACT,
    PROXIES_FACT,
    TIME_SYNC,
    TIME_SYNCHRONISED,
    TIME_SOURCES,
    TIME_ZONE,
    MONITORING_AGENTS,
    SOURCE_PLACES,
    SYSTEM_JOBS_FACT,
    USER_JOBS_FACT,
    SCHEDULED_JOBS,
    BACKUP_ARTEFACTS,
    DATA_SET_BACKUPS,
)
