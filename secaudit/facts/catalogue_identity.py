"""The facts about identity, access, audit and logging."""

from secaudit.facts.account_ageing import ACCOUNT_AGEING, NEW_ACCOUNT_RULES, USERADD_DEFAULTS
from secaudit.facts.account_sources import ACCOUNT_SOURCES
from secaudit.facts.accounts import ACCOUNTS
from secaudit.facts.administrators import ADMINISTRATOR_ROLES, ADMINISTRATORS
from secaudit.facts.anonymous_access import ANONYMOUS_ACCESS, KEYED_ACCOUNTS
from secaudit.facts.audit import AUDIT_AREAS, AUDIT_DAEMON, AUDIT_GAPS, AUDIT_KERNEL, AUDIT_RULES, AUDIT_START
from secaudit.facts.console import BOOT_LOADER, CONSOLE_KEYS, RESCUE_SHELLS
from secaudit.facts.desktop_lock import DESKTOP_LOCKS
from secaudit.facts.directories import DIRECTORIES
from secaudit.facts.fact import Fact
from secaudit.facts.file_modes import FILE_MODES_FACT, LOG_FILES_FACT, OPEN_FILES
from secaudit.facts.groups import GROUPS
from secaudit.facts.image_passwords import IMAGE_PASSWORDS
from secaudit.facts.kept_facilities import KEPT_FACILITIES
from secaudit.facts.key_vouchers import KEY_VOUCHERS
from secaudit.facts.local_groups import ACCOUNT_FAULTS, DUPLICATE_GROUPS, GROUP_PASSWORDS
from secaudit.facts.log_reception import LOG_RECEPTION
from secaudit.facts.log_records import LOG_SAMPLES
from secaudit.facts.log_retention import LOG_RETENTION
from secaudit.facts.log_seals import LOG_SEALS
from secaudit.facts.logging import LOG_DAEMONS, LOG_TARGETS
from secaudit.facts.login_bypass import AUTOMATIC_LOGINS, TRUST_FILES
from secaudit.facts.login_keys import AUTHORIZED_KEYS, LOGIN_KEYS
from secaudit.facts.login_records import LOGIN_RECORDS_FACT
from secaudit.facts.login_screen import LOGIN_SCREENS
from secaudit.facts.pam_lockout import LOCKOUT
from secaudit.facts.pam_services import LOGIN_SERVICES
from secaudit.facts.passwd_file import DUPLICATE_IDENTITIES, IDENTITIES
from secaudit.facts.password_policy import PASSWORD_POLICY
from secaudit.facts.privileged_programs import PRIVILEGED_PROGRAMS
from secaudit.facts.received_logs import RECEIVED_LOGS
from secaudit.facts.session_idle import SESSION_IDLE, SESSION_IDLE_OVERRIDES
from secaudit.facts.shell_history import SHELL_HISTORY
from secaudit.facts.ssh_keys import CRYPTO_POLICY, SSH_HOST_KEYS
from secaudit.facts.sshd import SSHD_BRANCHES, SSHD_INSTALLED
from secaudit.facts.sshd_limits import SSHD_LIMITS
from secaudit.facts.su import SU_SERVICES
from secaudit.facts.sudo_rules import SUDO_RULES

IDENTITY: tuple[Fact, ...] = (
    IDENTITIES,
    DUPLICATE_IDENTITIES,
    ACCOUNTS,
    ACCOUNT_SOURCES,
    GROUPS,
    ACCOUNT_AGEING,
    NEW_ACCOUNT_RULES,
    USERADD_DEFAULTS,
    IMAGE_PASSWORDS,
    PASSWORD_POLICY,
    LOGIN_SERVICES,
    LOCKOUT,
    SSHD_INSTALLED,
    SSHD_BRANCHES,
    SSHD_LIMITS,
    SSH_HOST_KEYS,
    CRYPTO_POLICY,
    DUPLICATE_GROUPS,
    GROUP_PASSWORDS,
    ACCOUNT_FAULTS,
    SU_SERVICES,
    DIRECTORIES,
    RESCUE_SHELLS,
    CONSOLE_KEYS,
    BOOT_LOADER,
    SESSION_IDLE,
    SESSION_IDLE_OVERRIDES,
    SUDO_RULES,
    ADMINISTRATORS,
    ADMINISTRATOR_ROLES,
    FILE_MODES_FACT,
    OPEN_FILES,
    PRIVILEGED_PROGRAMS,
    AUTOMATIC_LOGINS,
    TRUST_FILES,
    AUTHORIZED_KEYS,
    LOGIN_KEYS,
    KEY_VOUCHERS,
    KEYED_ACCOUNTS,
    ANONYMOUS_ACCESS,
    AUDIT_DAEMON,
    AUDIT_KERNEL,
    AUDIT_RULES,
    AUDIT_AREAS,
    AUDIT_START,
    AUDIT_GAPS,
    LOG_SAMPLES,
    LOG_DAEMONS,
    LOG_TARGETS,
    LOG_RETENTION,
    LOG_FILES_FACT,
    KEPT_FACILITIES,
    LOG_RECEPTION,
    LOG_SEALS,
    RECEIVED_LOGS,
    LOGIN_RECORDS_FACT,
    LOGIN_SCREENS,
    DESKTOP_LOCKS,
    SHELL_HISTORY,
)
