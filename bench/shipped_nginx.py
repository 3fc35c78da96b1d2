"""The nginx configuration we ship, with folders, ports and a certificate of ours."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

DEPLOY = Path(__file__).parents[1] / "deploy"
_CERTIFICATE = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2")


def adapted(folder: Path, *, http: int, https: int, upstream: int) -> Path:
    """Write the shipped configuration for a folder; return the file that nginx reads."""
    subprocess.run(
        [
            *_CERTIFICATE,
            *("-subj", "/CN=avis.exemple.fr"),
            *("-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")),
        ],
        check=True,
        capture_output=True,
    )
    site = (DEPLOY / "nginx.conf").read_text("utf-8")
    for shipped, ours in (
        ("/etc/letsencrypt/live/avis.exemple.fr", str(folder)),
        ("/var/log/nginx", str(folder)),
        ("/opt/recueil/deploy", str(DEPLOY)),
        ("server 127.0.0.1:8000;", f"server 127.0.0.1:{upstream};"),
        ("listen 80;", f"listen 127.0.0.1:{http};"),
        ("    listen [::]:80;\n", ""),
        ("listen 443 ssl", f"listen 127.0.0.1:{https} ssl"),
        ("    listen [::]:443 ssl http2;\n", ""),
    ):
        if shipped not in site:
            raise ValueError(f"deploy/nginx.conf has no {shipped!r} any more")
        site = site.replace(shipped, ours)
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = folder / "nginx.conf"
    main.write_text(
        # Who starts it as root reads the folders of root.
        f"{'user root;' if os.geteuid() == 0 else ''}"
        f"pid {folder}/nginx.pid;\nerror_log {folder}/error.log;\nworker_processes 1;\n"
        # What Debian writes in its own nginx.conf.
        "events { worker_connections 768; }\n"
        f"http {{\n{temporary}{site}\n}}\n",
        "utf-8",
    )
    return main
