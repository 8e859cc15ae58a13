"""What guards hosts of other distributions: mandatory access, kernel, cryptography, audit, filters."""

from collections.abc import Mapping
from typing import Any


def units(manager: str, names: str) -> list[tuple[str, str]]:
    """Services of one manager."""
    return [(name, manager) for name in names.split()]


PROTECTION: Mapping[str, Mapping[str, Any]] = {
    # The kernel's command line outranks /etc/selinux/config; OpenSSL 1.0.2 is bound by nothing.
    "centos-7": {
        "crypto_policy": [("none", "default", True)],
        "mandatory_access": [("selinux", "enforcing", "targeted", False, False, "enforcing")],
    },
    "rocky-8": {
        "su_services": [("su", True, False), ("su-l", True, False)],
        "crypto_policy": [("DEFAULT", "TLSv1.2", False)],
        "services_enabled": units(
            "systemd", "auditd chronyd crond firewalld getty kdump rpcbind rsyslog sshd sssd"
        ),
        "kernel_parameters": [
            ("fs.protected_symlinks", 1, 1, True),
            ("kernel.randomize_va_space", 2, 2, True),
            ("kernel.sysrq", 16, 16, True),
            ("kernel.yama.ptrace_scope", 0, 0, True),
            ("net.ipv4.conf.ens18.rp_filter", 1, 1, True),
        ],
        "mandatory_access": [("selinux", "enforcing", "targeted", False, False, "enforcing")],
    },
    # Permissive now, enforcing after the next start.
    "rocky-9": {
        "mandatory_access": [("selinux", "permissive", "targeted", False, False, "enforcing")],
    },
    # A pattern sets rp_filter of each interface, and an exception spares "all".
    "alma-9": {
        "su_services": [("su", False, False), ("su-l", False, False)],
        "crypto_policy": [("DEFAULT:NO-SHA1", "TLSv1.2", False)],
        "services_enabled": units("systemd", "auditd chronyd cockpit crond firewalld rsyslog sshd"),
        "kernel_parameters": [
            ("kernel.kptr_restrict", 1, 1, True),
            ("kernel.randomize_va_space", 2, 2, True),
            ("kernel.sysrq", 16, 16, True),
            ("net.ipv4.conf.ens18.rp_filter", 1, 1, True),
        ],
        "mandatory_access": [("selinux", "enforcing", "targeted", False, False, "enforcing")],
    },
    # The file of ufw comes last.
    "ubuntu-22.04": {
        "audit_daemon": [(True, 3, "rotate", "suspend", "incremental_async", True)],
        "audit_kernel": [(True, False, 3, 8192)],
        "audit_rules": [
            ("watch", "/etc/passwd", "wa", "identity"),
            ("watch", "/etc/sudoers", "wa", "scope"),
            ("syscall", "", "", "time-change"),
        ],
        "services_active": units(
            "systemd", "auditd cron rsyslog snapd ssh systemd-timesyncd ufw unattended-upgrades"
        ),
        "kernel_parameters": [
            ("kernel.kptr_restrict", 1, 1, True),
            ("kernel.sysrq", 176, 176, True),
            ("kernel.yama.ptrace_scope", 1, 1, True),
            ("net.ipv4.conf.ens3.rp_filter", 1, 1, True),
        ],
        "mandatory_access": [("apparmor", "enforcing", "", False, False, "")],
        "crypto_policy": [("none", "default", False)],
    },
    # Forwarding was switched on by hand: a start takes it back.
    "openeuler-22.03": {
        "services_active": units("systemd", "auditd chronyd crond firewalld rsyslog sshd"),
        "listeners": [
            ("tcp", "0.0.0.0", 22, "sshd", True),
            ("tcp", "::", 22, "sshd", True),
            ("udp", "127.0.0.1", 323, "chronyd", False),
        ],
        "firewall": [(True, "firewalld", "reject")],
        "kernel_parameters": [
            ("kernel.dmesg_restrict", 1, 1, True),
            ("kernel.sysrq", 0, 0, True),
            ("net.ipv4.conf.ens3.rp_filter", 1, 1, True),
            ("net.ipv4.ip_forward", 1, 0, False),
            ("net.ipv4.tcp_syncookies", 1, 1, True),
        ],
        "mandatory_access": [("selinux", "enforcing", "targeted", False, False, "enforcing")],
    },
    # Kylin's own module is there; SELinux is off.
    "kylin-v10": {
        "services_active": units("systemd", "auditd chronyd sshd"),
        "mandatory_access": [("kysec", "untold", "", False, True, "")],
    },
    # The first rule that SUSE ships (-a task,never) keeps all rules of system calls from recording.
    "sles-15": {
        "audit_kernel": [(True, False, 2, 8192)],
        "audit_rules": [("syscall", "", "", ""), ("watch", "/etc/passwd", "wa", "identity")],
        "listeners": [
            ("tcp", "0.0.0.0", 22, "sshd", True),
            ("tcp", "127.0.0.1", 25, "master", False),
            ("tcp", "::", 22, "sshd", True),
            ("udp", "127.0.0.1", 323, "chronyd", False),
        ],
        "services_active": units("systemd", "SuSEfirewall2 auditd chronyd cron nscd postfix rsyslog sshd"),
        "packages": [
            ("bash", "4.4-150400.27.3.2", "rpm"),
            ("libopenssl1_1", "1.1.1l-150500.17.34.1", "rpm"),
            ("openssh-server", "8.4p1-150300.3.37.1", "rpm"),
            ("sudo", "1.9.12p1-150500.7.10.1", "rpm"),
        ],
        "kernel_parameters": [
            ("fs.protected_symlinks", 1, 1, True),
            ("kernel.kptr_restrict", 1, 1, True),
            ("kernel.sysrq", 176, 176, True),
            ("net.ipv4.icmp_echo_ignore_broadcasts", 1, 1, True),
            ("net.ipv4.ip_forward", 0, 0, True),
        ],
        "mandatory_access": [("apparmor", "enforcing", "", False, False, "")],
        "crypto_policy": [("none", "default", True)],
    },
    # No module of mandatory access control; /etc/sysctl.conf is read last; what was changed by hand does not last.
    "alpine-3": {
        "sudo_rules": [
            ("root", ("root",), ("ALL",), False, False),
            ("%wheel", ("root", "ann"), ("ALL",), False, False),
        ],
        "sudo_defaults": [(True, 300, "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")],
        "audit_daemon": [(True, 1, "rotate", "suspend", "incremental_async", True)],
        "audit_kernel": [(True, False, 1, 8192)],
        "firewall": [(True, "iptables", "drop")],
        "kernel_parameters": [
            ("fs.protected_symlinks", 1, 1, True),
            ("kernel.unprivileged_bpf_disabled", 1, 1, True),
            ("net.ipv4.ip_forward", 1, 1, True),
            ("net.ipv4.tcp_syncookies", 0, 1, False),
        ],
        "mandatory_access": [("none", "disabled", "", False, False, "")],
        "crypto_policy": [("none", "default", False)],
    },
}
