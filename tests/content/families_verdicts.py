"""What checks say of the hosts in documented format at level 3, system → verdict → checks: reviewed one by one.

What does not apply there is not written.
"""

from collections.abc import Mapping

VERDICTS: Mapping[str, Mapping[str, str]] = {
    "alma-9": {
        "PASS": (
            "access.sudo_environment access.sudo_pty access.sudo_secure_path access.sudo_timestamp "
            "audit.audit_backlog audit.audit_covers_users audit.audit_rules_immutable audit.audit_rules_loaded "
            "audit.audit_running audit.auditd_enabled audit.auditd_writes audit.log_forwarding "
            "identity.lockout_configured identity.lockout_threshold identity.new_account_min_age "
            "identity.new_account_rules identity.new_account_warning identity.new_password_hash "
            "identity.no_nullok identity.password_complexity identity.password_dictionary "
            "identity.password_history identity.password_user_name identity.su_asks_password "
            "identity.su_restricted kernel.address_randomisation kernel.addresses_hidden kernel.magic_keys "
            "labels.selinux_next_start logging.forwarding_encrypted logging.forwarding_reliable "
            "network.firewall_at_boot network.firewall_default_deny network.old_tls_refused network.reverse_path "
            "patching.release_supported services.needless_services ssh.crypto_policy time.one_daemon "
            "time.synchronised"
        ),
        "PARTIAL": "audit.auditd_disk_actions",
        "FAIL": (
            "access.sudo_log access.umask audit.audit_stoppable identity.password_repeats labels.labels_enforced "
            "labels.security_labels time.authenticated"
        ),
        "MANUAL": (
            "access.sudo_least_privilege audit.audit_copies audit.audit_process_protected audit.log_retention "
            "logging.audit_records_forwarded time.one_clock_source"
        ),
    },
    "alpine-3": {
        "PASS": (
            "access.sudo_environment access.sudo_pty access.sudo_secure_path access.sudo_timestamp "
            "audit.audit_backlog audit.audit_rules_loaded audit.audit_running audit.auditd_enabled "
            "audit.auditd_writes audit.log_forwarding identity.new_account_warning identity.new_password_hash "
            "identity.password_user_name kernel.bpf_restricted kernel.links_protected "
            "network.firewall_default_deny network.old_tls_refused network.redirects_not_sent time.one_daemon"
        ),
        "PARTIAL": "audit.auditd_disk_actions",
        "FAIL": (
            "access.sudo_log access.umask audit.audit_rules_immutable audit.audit_stoppable "
            "identity.lockout_configured identity.lockout_threshold identity.new_account_min_age "
            "identity.new_account_rules identity.password_dictionary identity.password_history "
            "identity.password_repeats labels.labels_enforced labels.security_labels logging.forwarding_encrypted "
            "logging.forwarding_reliable network.packet_forwarding network.syn_cookies patching.release_supported "
            "time.authenticated time.one_clock_source time.synchronised"
        ),
        "MANUAL": "audit.audit_copies audit.audit_process_protected logging.audit_records_forwarded",
    },
    "alpine-3-pam": {
        "PASS": "identity.password_user_name",
        "FAIL": (
            "identity.no_nullok identity.password_dictionary identity.password_history identity.password_repeats "
            "patching.release_supported"
        ),
    },
    "anolis-8": {
        "PASS": (
            "access.sudo_environment access.sudo_pty access.sudo_secure_path access.sudo_timestamp "
            "identity.lockout_configured identity.new_account_warning identity.new_password_hash "
            "identity.no_nullok identity.password_dictionary identity.password_history "
            "identity.password_user_name ssh.crypto_policy time.one_daemon"
        ),
        "PARTIAL": "identity.lockout_threshold identity.password_complexity",
        "FAIL": (
            "access.sudo_least_privilege access.sudo_log access.umask audit.audit_stoppable audit.log_forwarding "
            "identity.new_account_min_age identity.new_account_rules identity.password_repeats time.authenticated "
            "time.one_clock_source time.synchronised"
        ),
    },
    "centos-7": {
        "PASS": (
            "access.sudo_environment access.sudo_secure_path access.sudo_timestamp audit.audit_backlog "
            "audit.audit_covers_users audit.audit_rules_immutable audit.audit_rules_loaded audit.audit_running "
            "audit.auditd_enabled audit.auditd_writes audit.log_forwarding identity.lockout_configured "
            "identity.new_account_min_age identity.new_account_rules identity.new_account_warning "
            "identity.new_password_hash identity.password_dictionary identity.password_history "
            "identity.password_user_name kernel.address_randomisation kernel.kernel_messages_restricted "
            "kernel.setuid_dumps labels.selinux_next_start logging.forwarding_reliable "
            "network.firewall_default_deny network.redirects_not_sent time.one_daemon time.synchronised"
        ),
        "PARTIAL": "audit.auditd_disk_actions identity.lockout_threshold identity.password_complexity",
        "FAIL": (
            "access.sudo_log access.sudo_pty access.umask audit.audit_stoppable identity.no_nullok "
            "identity.password_repeats labels.labels_enforced labels.security_labels logging.forwarding_encrypted "
            "network.old_tls_refused network.packet_forwarding patching.release_supported time.authenticated"
        ),
        "MANUAL": (
            "access.sudo_least_privilege audit.audit_copies audit.audit_process_protected audit.log_retention "
            "logging.audit_records_forwarded time.one_clock_source"
        ),
    },
    "kylin-v10": {
        "PASS": (
            "access.sudo_environment access.sudo_secure_path access.sudo_timestamp audit.log_forwarding "
            "identity.new_account_min_age identity.new_account_rules identity.new_account_warning "
            "identity.new_password_hash identity.password_complexity identity.password_dictionary "
            "identity.password_user_name logging.forwarding_reliable time.one_daemon"
        ),
        "FAIL": (
            "access.sudo_log access.sudo_pty access.umask audit.audit_stoppable identity.no_nullok "
            "identity.password_history identity.password_repeats logging.forwarding_encrypted time.authenticated"
        ),
        "MANUAL": "access.sudo_least_privilege labels.labels_enforced labels.security_labels",
    },
    "openeuler-20.03": {
        "PASS": (
            "access.umask identity.lockout_configured identity.password_dictionary identity.password_history "
            "identity.password_user_name"
        ),
        "FAIL": "identity.lockout_threshold identity.no_nullok identity.password_repeats",
    },
    "openeuler-22.03": {
        "PASS": (
            "access.sudo_environment access.sudo_secure_path access.sudo_timestamp access.umask "
            "audit.audit_covers_users audit.log_forwarding identity.new_account_min_age "
            "identity.new_account_rules identity.new_account_warning identity.new_password_hash "
            "identity.password_dictionary identity.password_history identity.password_user_name "
            "kernel.kernel_messages_restricted kernel.magic_keys labels.selinux_next_start "
            "network.firewall_default_deny network.redirects_not_sent network.reverse_path network.syn_cookies "
            "ssh.crypto_policy time.one_daemon"
        ),
        "FAIL": (
            "access.sudo_log access.sudo_pty audit.audit_stoppable identity.password_repeats "
            "labels.labels_enforced labels.security_labels logging.forwarding_encrypted "
            "logging.forwarding_reliable network.packet_forwarding time.authenticated time.one_clock_source "
            "time.synchronised"
        ),
    },
    "rocky-8": {
        "PASS": (
            "access.sudo_environment access.sudo_secure_path access.sudo_timestamp audit.audit_backlog "
            "audit.auditd_enabled audit.auditd_writes identity.new_account_warning identity.new_password_hash "
            "identity.password_dictionary identity.password_user_name identity.su_asks_password "
            "kernel.address_randomisation kernel.links_protected kernel.magic_keys labels.selinux_next_start "
            "network.firewall_at_boot network.firewall_default_deny network.old_tls_refused network.reverse_path "
            "patching.release_supported ssh.crypto_policy time.one_daemon time.synchronised"
        ),
        "PARTIAL": "audit.audit_running audit.auditd_disk_actions",
        "FAIL": (
            "access.sudo_log access.sudo_pty access.umask audit.audit_covers_users audit.audit_rules_immutable "
            "audit.audit_stoppable audit.log_forwarding audit.log_retention identity.lockout_configured "
            "identity.lockout_threshold identity.new_account_min_age identity.new_account_rules "
            "identity.no_nullok identity.password_complexity identity.password_history identity.password_repeats "
            "identity.su_restricted kernel.tracing_restricted labels.labels_enforced labels.security_labels "
            "logging.audit_records_forwarded time.authenticated"
        ),
        "MANUAL": (
            "access.sudo_least_privilege audit.audit_copies audit.audit_process_protected "
            "services.needless_services time.one_clock_source"
        ),
    },
    "rocky-9": {
        "PASS": (
            "audit.audit_covers_users audit.log_forwarding identity.lockout_configured "
            "identity.new_account_min_age identity.new_account_rules identity.new_account_warning "
            "identity.new_password_hash identity.password_dictionary identity.password_history "
            "identity.password_user_name labels.selinux_next_start logging.forwarding_encrypted "
            "logging.forwarding_reliable network.firewall_default_deny ssh.crypto_policy time.one_daemon"
        ),
        "PARTIAL": "identity.lockout_threshold identity.password_complexity",
        "FAIL": (
            "access.umask identity.no_nullok identity.password_repeats labels.labels_enforced "
            "labels.security_labels time.authenticated"
        ),
    },
    "sles-15": {
        "PASS": (
            "access.sudo_least_privilege access.umask audit.audit_stoppable audit.log_forwarding "
            "identity.lockout_configured identity.new_account_rules identity.new_account_warning "
            "identity.new_password_hash identity.no_nullok identity.password_dictionary identity.password_history "
            "kernel.addresses_hidden kernel.links_protected kernel.magic_keys network.broadcast_echo_ignored "
            "network.firewall_default_deny network.packet_forwarding time.one_daemon"
        ),
        "PARTIAL": (
            "identity.lockout_threshold identity.password_complexity logging.forwarding_reliable "
            "patching.release_supported"
        ),
        "FAIL": (
            "audit.audit_covers_users identity.new_account_min_age identity.password_repeats "
            "identity.password_user_name labels.labels_enforced labels.security_labels "
            "logging.forwarding_encrypted network.old_tls_refused time.authenticated"
        ),
    },
    "ubuntu-20.04": {
        "PASS": "identity.password_dictionary identity.password_user_name",
        "FAIL": "access.umask identity.password_history identity.password_repeats",
    },
    "ubuntu-22.04": {
        "PASS": (
            "access.sudo_environment access.sudo_pty access.sudo_secure_path access.sudo_timestamp "
            "audit.audit_backlog audit.audit_covers_users audit.audit_rules_loaded audit.audit_running "
            "audit.auditd_enabled audit.auditd_writes audit.log_forwarding identity.lockout_configured "
            "identity.new_account_warning identity.new_password_hash identity.password_dictionary "
            "identity.password_user_name kernel.addresses_hidden kernel.magic_keys kernel.tracing_restricted "
            "network.firewall_default_deny network.old_tls_refused network.reverse_path time.one_daemon "
            "time.synchronised"
        ),
        "PARTIAL": "audit.auditd_disk_actions identity.lockout_threshold logging.forwarding_reliable",
        "FAIL": (
            "access.sudo_log audit.audit_rules_immutable audit.audit_stoppable identity.new_account_min_age "
            "identity.new_account_rules identity.no_nullok identity.password_history identity.password_repeats "
            "labels.labels_enforced labels.security_labels logging.forwarding_encrypted time.authenticated"
        ),
        "MANUAL": (
            "audit.audit_copies audit.audit_process_protected audit.log_retention logging.audit_records_forwarded "
            "time.one_clock_source"
        ),
    },
    "ubuntu-24.04": {
        "PASS": "identity.new_account_warning",
        "FAIL": "identity.new_account_min_age identity.new_account_rules",
    },
    "uos-20": {
        "PASS": (
            "access.sudo_environment access.sudo_secure_path access.sudo_timestamp identity.new_account_warning "
            "identity.new_password_hash identity.password_dictionary identity.password_history"
        ),
        "FAIL": (
            "access.sudo_log access.sudo_pty access.umask audit.audit_stoppable identity.new_account_min_age "
            "identity.new_account_rules identity.password_repeats identity.password_user_name"
        ),
    },
}
