"""What runs, listens, filters, logs and keeps time on hosts of other distributions."""

from collections.abc import Mapping
from typing import Any

OPERATIONS: Mapping[str, Mapping[str, Any]] = {
    # rsyslog 8.24 in its legacy words, chrony 3, ss of iproute 4.11, systemd 219, audit 2.8, firewalld over iptables.
    "centos-7": {
        "log_targets": [("rsyslog", "10.0.0.9", 514, "tcp", "no", True)],
        "log_retention": [("auth", True, 182), ("syslog", True, 182)],
        "time_sync": [("chronyd", ("10.0.0.1", "10.0.0.2"))],
        "time_synchronised": [(True, "chronyc")],
        "listeners": [
            ("tcp", "*", 22, "sshd", True),
            ("tcp", "127.0.0.1", 25, "master", False),
            ("tcp", "::", 22, "sshd", True),
            ("tcp", "::1", 25, "master", False),
            ("udp", "*", 68, "dhclient", True),
            ("udp", "127.0.0.1", 323, "chronyd", False),
            ("udp", "::1", 323, "chronyd", False),
        ],
        "firewall": [(True, "firewalld", "reject")],
        "services_active": [
            (name, "systemd")
            for name in "auditd chronyd firewalld kdump rpcbind rsyslog sshd systemd-journald".split()
        ],
        "audit_daemon": [(True, 3, "rotate", "suspend", "incremental_async", True)],
        "audit_kernel": [(True, True, 3, 8192)],
        "audit_rules": [
            ("watch", "/etc/passwd", "wa", "identity"),
            ("watch", "/etc/sudoers", "wa", "scope"),
            ("syscall", "", "", "time-change"),
        ],
        # systemd-sysctl reads /etc/sysctl.conf by the link 99-sysctl.conf, last.
        "kernel_parameters": [
            ("fs.suid_dumpable", 0, 0, True),
            ("kernel.dmesg_restrict", 1, 1, True),
            ("kernel.randomize_va_space", 2, 2, True),
            ("net.ipv4.ip_forward", 1, 1, True),
        ],
        "packages": [
            ("bash", "4.2.46-35.el7_9", "rpm"),
            ("dbus", "1:1.10.24-15.el7", "rpm"),
            ("openssh-server", "7.4p1-23.el7_9", "rpm"),
            ("openssl-libs", "1:1.0.2k-26.el7_9", "rpm"),
            ("sudo", "1.8.23-10.el7_9.3", "rpm"),
        ],
    },
    # The only line that forwards is a comment; the clock asks two servers and follows none.
    "anolis-8": {
        "log_targets": [],
        "log_retention": [("auth", True, 28), ("syslog", True, 28)],
        "time_sync": [("chronyd", ("10.0.0.1", "ntp1.corp.example"))],
        "time_synchronised": [(False, "chronyc")],
        "listeners": [
            ("tcp", "*", 9090, "systemd", True),
            ("tcp", "0.0.0.0", 22, "sshd", True),
            ("tcp", "::", 22, "sshd", True),
            ("udp", "127.0.0.1", 323, "chronyd", False),
            ("udp", "::1", 323, "chronyd", False),
        ],
        "packages": [
            ("bash", "4.4.20-5.0.1.an8", "rpm"),
            ("glibc", "2.28-251.0.2.an8.2", "rpm"),
            ("glibc", "2.28-251.0.2.an8.2", "rpm"),
            ("openssh-server", "8.0p1-19.0.1.an8_9.2", "rpm"),
            ("sudo", "1.9.5p2-1.0.1.an8_9", "rpm"),
        ],
    },
    # rsyslog in RainerScript over TLS; audit 4 tells a watch as the rule it is; firewalld over nftables.
    "rocky-9": {
        "log_retention": [("auth", True, 30), ("syslog", True, 30)],
        "time_sync": [("chronyd", ("time.corp.example",))],
        "firewall": [(True, "firewalld", "reject")],
        "log_targets": [("rsyslog", "10.0.0.9", 6514, "tcp", "yes", True)],
        "audit_kernel": [(True, True, 3, 8192)],
        "audit_rules": [
            ("watch", "/etc/passwd", "wa", "identity"),
            ("watch", "/etc/sudoers", "wa", "scope"),
            ("syscall", "", "", "time-change"),
        ],
    },
    # No rule of audit is loaded; rpcbind listens by its socket unit.
    "rocky-8": {
        "log_targets": [],
        "log_retention": [("auth", True, 28), ("syslog", True, 28)],
        "time_sync": [("chronyd", ("10.0.0.1", "ntp1.corp.example"))],
        "time_synchronised": [(True, "chronyc")],
        "listeners": [
            ("tcp", "0.0.0.0", 22, "sshd", True),
            ("tcp", "0.0.0.0", 111, "rpcbind", True),
            ("tcp", "::", 22, "sshd", True),
            ("udp", "0.0.0.0", 111, "rpcbind", True),
            ("udp", "127.0.0.1", 323, "chronyd", False),
            ("udp", "::1", 323, "chronyd", False),
        ],
        "firewall": [(True, "firewalld", "reject")],
        "audit_daemon": [(True, 0, "rotate", "suspend", "incremental_async", True)],
        "audit_kernel": [(True, False, 0, 8192)],
        "audit_rules": [],
        "packages": [
            ("bash", "4.4.20-5.el8", "rpm"),
            ("kernel-core", "4.18.0-553.el8_10", "rpm"),
            ("openssh-server", "8.0p1-25.el8_10", "rpm"),
            ("openssl-libs", "1:1.1.1k-14.el8_10", "rpm"),
            ("perl-libs", "4:5.26.3-422.module+el8.10.0+1622+db0ba9c3", "rpm"),
            ("sudo", "1.9.5p2-1.el8_10.1", "rpm"),
        ],
        "services_active": [
            (name, "systemd")
            for name in "auditd chronyd crond firewalld kdump rpcbind rsyslog sshd sssd user".split()
        ],
    },
    "alma-9": {
        "log_targets": [("rsyslog", "10.0.0.9", 6514, "tcp", "yes", True)],
        "log_retention": [("auth", True, 30), ("syslog", True, 30)],
        "time_sync": [("chronyd", ("time.corp.example",))],
        "time_synchronised": [(True, "chronyc")],
        "listeners": [
            ("tcp", "*", 9090, "systemd", True),
            ("tcp", "0.0.0.0", 22, "sshd", True),
            ("tcp", "::", 22, "sshd", True),
            ("udp", "127.0.0.1", 323, "chronyd", False),
            ("udp", "::1", 323, "chronyd", False),
        ],
        "firewall": [(True, "firewalld", "reject")],
        "audit_daemon": [(True, 3, "rotate", "suspend", "incremental_async", True)],
        "audit_kernel": [(True, True, 3, 8192)],
        "audit_rules": [
            ("watch", "/etc/passwd", "wa", "identity"),
            ("watch", "/etc/sudoers", "wa", "scope"),
            ("syscall", "", "", "time-change"),
        ],
        "packages": [
            ("bash", "5.1.8-9.el9", "rpm"),
            ("kernel-core", "5.14.0-427.13.1.el9_4", "rpm"),
            ("openssh-server", "8.7p1-38.el9", "rpm"),
            ("openssl-libs", "1:3.0.7-27.el9", "rpm"),
            ("sudo", "1.9.5p2-10.el9_3", "rpm"),
        ],
        "services_active": [
            (name, "systemd") for name in "auditd chronyd cockpit crond firewalld rsyslog sshd".split()
        ],
    },
    # A clock that follows nothing but itself.
    "openeuler-22.03": {
        "log_targets": [("rsyslog", "10.0.0.9", 514, "udp", "no", False)],
        "log_retention": [("auth", True, 30), ("syslog", True, 30)],
        "time_sync": [("chronyd", ("pool.ntp.org",))],
        "time_synchronised": [(False, "chronyc")],
        "audit_kernel": [(True, False, 4, 8192)],
        "audit_rules": [
            ("watch", "/etc/passwd", "wa", "identity"),
            ("watch", "/etc/sudoers", "wa", "scope"),
            ("syscall", "", "", "perm_mod"),
            ("syscall", "", "", "time-change"),
        ],
    },
    "kylin-v10": {
        "log_targets": [("rsyslog", "10.0.0.9", 10514, "tcp", "no", True)],
        "log_retention": [("auth", True, 30), ("syslog", True, 30)],
        "time_sync": [("chronyd", ("10.0.0.1", "10.0.0.2"))],
        "packages": [("glibc-common", "2.28-36.1.ky10", "rpm"), ("sudo", "1.8.27-2.ky10", "rpm")],
    },
    # ufw: its chain for what is not meant for the host returns what is. timesyncd.
    "ubuntu-22.04": {
        "log_targets": [("rsyslog", "loghost.corp.example", 1514, "tcp", "no", False)],
        "log_retention": [("auth", True, 182), ("syslog", True, 182)],
        "time_sync": [("systemd-timesyncd", ("10.0.0.1",))],
        "time_synchronised": [(True, "timedatectl")],
        "firewall": [(True, "ufw", "drop")],
        "packages": [
            ("libssl3", "3.0.2-0ubuntu1.18", "dpkg"),
            ("openssh-server", "1:8.9p1-3ubuntu0.10", "dpkg"),
            ("sudo", "1.9.9-1ubuntu2.4", "dpkg"),
        ],
    },
    # SuSEfirewall2 over iptables; logs turn by size; the pool stands in chrony.d.
    "sles-15": {
        "log_retention": [("auth", True, 0)],
        "time_sync": [("chronyd", ("time.corp.example",))],
        "log_targets": [("rsyslog", "10.0.0.9", 514, "tcp", "no", False)],
        "firewall": [(True, "iptables", "drop")],
    },
    # OpenRC, syslogd of busybox, the kernel's own tables of sockets.
    "alpine-3": {
        "log_targets": [("syslogd", "10.0.0.9", 514, "udp", "no", False)],
        "time_sync": [("chronyd", ("pool.ntp.org",))],
        "time_synchronised": [(False, "chronyc")],
        "listeners": [("tcp", "0.0.0.0", 22, "sshd", True), ("tcp", "::", 22, "sshd", True)],
        "services_active": [
            (name, "openrc") for name in "bootmisc chronyd crond networking sshd syslog".split()
        ],
        "packages": [
            ("busybox", "1.36.1-r29", "apk"),
            ("libssl3", "3.3.2-r1", "apk"),
            ("musl", "1.2.5-r0", "apk"),
            ("openssh-server", "9.7_p1-r4", "apk"),
            ("sudo", "1.9.15_p5-r0", "apk"),
        ],
    },
}
