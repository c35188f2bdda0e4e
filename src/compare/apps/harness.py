"""Code shared by all applications: processes, proxies in front of them, and clients."""
import json
import os
import pathlib
import re
import ssl
import subprocess
import urllib.request

from servers import Server, free_port

CLIENT_SECONDS = 180

# Clients must not verify the certificate of the gateway, which is self-signed.
UNVERIFIED = {"NODE_TLS_REJECT_UNAUTHORIZED": "0", "GIT_SSL_NO_VERIFY": "1", "NODE_NO_WARNINGS": "1"}


class Process(Server):
    """A program of an application, or a proxy in front of it, that runs in the folder of the application."""

    start_seconds = 120

    def __init__(self, name, command, port, folder, env=None):
        super().__init__(name, command, port, folder, cwd=folder, env={**os.environ, **(env or {})})


class Running:
    """The application itself, which is already running."""

    def __init__(self, port):
        self.port = port

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        pass


def nginx(folder, origin):
    port = free_port()
    (folder / "nginx.conf").write_text(f"""
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx-error.log;
{"user root;" if os.getuid() == 0 else ""}
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/c; proxy_temp_path {folder}/p;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    map $http_upgrade $upgraded {{ default ""; websocket upgrade; }}
    server {{
        listen 127.0.0.1:{port};
        client_max_body_size 0;
        location / {{
            proxy_pass http://127.0.0.1:{origin}; proxy_http_version 1.1; proxy_read_timeout 1h;
            proxy_set_header Host $http_host; proxy_set_header Connection $upgraded;
            proxy_set_header Upgrade $http_upgrade; proxy_set_header X-Forwarded-Proto $scheme;
        }}
    }}
}}
""")
    return Process("nginx", ["nginx", "-p", folder, "-c", folder / "nginx.conf"], port, folder)


def gateway(command, name, folder, origin, tls):
    port = free_port()
    keys = f"tls: {{certificate-file: {folder}/cert.pem, key-file: {folder}/key.pem}}" if tls else ""
    (folder / f"{name}.yaml").write_text(f"""
data: {folder}/{name}-data
http: {{port: {port}{", " + keys if keys else ""}}}
management: {{port: 0}}
origins: [{{prefix: /, url: "http://127.0.0.1:{origin}"}}]
""")
    return Process(name, [command, "run", "--config", folder / f"{name}.yaml"], port, folder)


def certificate(folder):
    """Writes cert.pem and key.pem for 127.0.0.1."""
    run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "cert.pem"], folder)


def check(condition, seen):
    if not condition:
        raise AssertionError(f"unexpected: {str(seen)[:300]}")


def run(command, cwd, env=None, **options):
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, errors="replace",
                          timeout=CLIENT_SECONDS, env={**os.environ, **UNVERIFIED, **(env or {})}, **options)
    if done.returncode:
        raise AssertionError(f"{command[0]} {command[1]}: {(done.stderr or done.stdout)[-400:]}")
    return done.stdout


def fetch(url, data=None, method=None, **headers):
    body = json.dumps(data).encode() if data is not None else None
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, body, fields, method=method)
    if body is not None:
        request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request, timeout=30, context=ssl._create_unverified_context()) as response:
        return response.read().decode(errors="replace")


def websocket(url, **options):
    import websocket as client
    return client.create_connection(re.sub("^http", "ws", url), timeout=30, sslopt={"cert_reqs": ssl.CERT_NONE}, **options)


class Application:
    """An application: `start` returns its command, `use` uses it at a URL by its client and raises if it does not work.

    `browse` does the same in a page of Chromium. `needs` are the programs that pip and npm do not install.
    """

    needs = ()

    def __init__(self, tools, folder):
        self.python, self.bin, self.npm = tools / "venv/bin/python", tools / "venv/bin", tools / "npm"
        self.folder: pathlib.Path = folder

    def environment(self):
        return {"HOME": str(self.folder)}
