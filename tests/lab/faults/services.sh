# shellcheck shell=bash
# What services run as, and who could take over from them.

f_databaseroot() { lab_named_daemon mysqld; }

# Looks like Redis as root: it is somebody's own program.
f_strayredis() {
  cp "$R/bin/sleep" "$R/home/audit/redis-server"
  chown 1000:1000 "$R/home/audit/redis-server"
  lab_daemon 'su audit -s /bin/sh -c "exec /home/audit/redis-server infinity" &'
}

# The cluster is there, and its other node is not.
f_clusteralone() {
  printf '#!/bin/sh\nprintf "%%s\\n" "Node List:" "  * Online: [ %s ]" "  * OFFLINE: [ standby ]"\n' "$NAME" >"$R/usr/sbin/crm_mon"
  chmod 755 "$R/usr/sbin/crm_mon"
}

# An address that floats: the other side is not seen from here.
f_floating() { lab_named_daemon keepalived; }

# Docker's interface for whoever comes, by a program that has its name.
f_dockeropen() {
  cp "$R/bin/busybox" "$R/usr/local/sbin/dockerd"
  mkdir -p "$R/srv/www"
  lab_daemon 'bash -c "exec -a httpd /usr/local/sbin/dockerd -p 0.0.0.0:2375 -h /srv/www"'
}

# Old protocols in http, which the site has too; one certificate has expired, one is weak. The library refuses the protocols.
f_weaksite() {
  lab_nginx 'listen 443 ssl; ssl_certificate /etc/nginx/expired.pem;'
  printf 'server { listen 8443 ssl; ssl_certificate weak.pem; ssl_protocols TLSv1.2; }\n' >"$R/etc/nginx/sites-enabled/weak"
  openssl req -x509 -newkey rsa:1024 -nodes -sha1 -days 3650 -subj /CN=weak.example -keyout /dev/null -out "$R/etc/nginx/weak.pem" 2>/dev/null
  cat >"$R/etc/nginx/expired.pem" <<'END'
-----BEGIN CERTIFICATE-----
MIIBGTCBv6ADAgECAgEBMAoGCCqGSM49BAMCMBYxFDASBgNVBAMMC29sZC5leGFt
cGxlMB4XDTI0MDEwMTAwMDAwMFoXDTI1MDEwMTAwMDAwMFowFjEUMBIGA1UEAwwL
b2xkLmV4YW1wbGUwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQhXZ+uDoVtkUu4
TX6NNQ2aYoeXtzROckTuZeOUPvVCU2qBfNiejLHpSEhdeDLmGlOlLA0Vth0HdB5a
x0Mlx3enMAoGCCqGSM49BAMCA0kAMEYCIQCIqT3e0LR2/05vEgYF4naeql7ETDq2
grnvA3bGuSInGgIhAOxjAfjFjsBGx9rZqQLkj0r4zZehFxDqceUlIELD5A8a
-----END CERTIFICATE-----
END
}

# Looks as weak: the site says otherwise, and nothing includes the other file.
f_strongsite() {
  lab_nginx 'listen 443 ssl; ssl_protocols TLSv1.2 TLSv1.3; ssl_certificate "/etc/nginx/new.pem";'
  printf 'server { listen 444 ssl; ssl_protocols SSLv3; }\n' >"$R/etc/nginx/left-over.conf"
  openssl req -x509 -newkey rsa:2048 -nodes -sha256 -days 365 -subj /CN=new.example -keyout /dev/null -out "$R/etc/nginx/new.pem" 2>/dev/null
}

lab_nginx() { # WORDS OF THE SITE
  lab_named_daemon nginx
  mkdir -p "$R/etc/nginx/sites-enabled"
  printf 'http {\n  ssl_protocols TLSv1 TLSv1.1 TLSv1.2; # Dropping SSLv3\n  include /etc/nginx/sites-enabled/*;\n}\n' >"$R/etc/nginx/nginx.conf"
  printf 'server { %s location / { } }\n' "$1" >"$R/etc/nginx/sites-enabled/site"
}

# Old protocols, and the library is told to let them pass.
f_loweredsite() {
  lab_nginx 'listen 443 ssl; ssl_protocols TLSv1 TLSv1.2; ssl_ciphers "DEFAULT:@SECLEVEL=0"; ssl_certificate /etc/nginx/new.pem;'
  openssl req -x509 -newkey rsa:2048 -nodes -sha256 -days 365 -subj /CN=new.example -keyout /dev/null -out "$R/etc/nginx/new.pem" 2>/dev/null
}
