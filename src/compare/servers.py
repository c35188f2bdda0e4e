"""Starts the gateway and nginx for the commands in this folder."""
import importlib.util
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time

given_ports = set()


def free_port():
    """Returns a port on which nothing listens. No port is returned twice."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        if port not in given_ports:
            given_ports.add(port)
            return port


def certificate(folder):
    """Writes a self-signed certificate and its key."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
         "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
        check=True, capture_output=True)


class Server:
    """A program that listens on a port and runs for the duration of a `with` block."""

    start_seconds = 60

    def __init__(self, name, command, port, folder, **options):
        """The options are those of subprocess.Popen, such as cwd and env."""
        self.log = folder / f"{name}.log"
        self.command = [str(part) for part in command]
        self.port = port
        self.options = options

    def __enter__(self):
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                self.command, stdout=log, stderr=log, start_new_session=True, **self.options)
        deadline = time.monotonic() + self.start_seconds
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return self
            except OSError:
                time.sleep(0.1)
        self.__exit__()
        raise RuntimeError(f"{self.command[0]} does not listen: {self.log.read_text(errors='replace')[-2000:]}")

    def __exit__(self, *failure):
        for sign in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.process.pid, sign)
                self.process.wait(10)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                pass

    def resident_mib(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024


def gateway(command, folder, origin, tls, settings=""):
    """A gateway with one origin, whose prefix is /. It has no rate limit, because all clients share one address."""
    port, name = free_port(), "gateway-tls" if tls else "gateway"
    keys = f", tls: {{certificate-file: {folder}/cert.pem, key-file: {folder}/key.pem}}" if tls else ""
    (folder / f"{name}.yaml").write_text(
        f"data: {folder}/{name}\n"
        f"http: {{port: {port}{keys}}}\n"
        "management: {port: 0}\n"
        f"origins: [{{prefix: /, url: 'http://127.0.0.1:{origin}'}}]\n"
        "limits: {requests: {exempt: [/]}}\n" + settings)
    return Server(name, [command, "run", "--config", folder / f"{name}.yaml"], port, folder)


def nginx(folder, origin, tls, buffering=True):
    """An nginx that forwards all requests to the origin and keeps its connections alive."""
    port, name = free_port(), f"nginx{'-tls' if tls else ''}{'' if buffering else '-unbuffered'}"
    work = folder / name
    work.mkdir()
    temporary = " ".join(f"{kind}_temp_path {work}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    keys = f"ssl_certificate {folder}/cert.pem; ssl_certificate_key {folder}/key.pem;" if tls else ""
    unbuffered = "" if buffering else "proxy_buffering off; proxy_request_buffering off;"
    (work / "nginx.conf").write_text(f"""
daemon off; worker_processes 2; pid {work}/pid; error_log {work}/error.log;
{"user root;" if os.getuid() == 0 else ""}
events {{ worker_connections 4096; }}
http {{
    access_log off; {temporary}
    upstream origin {{ server 127.0.0.1:{origin}; keepalive 64; }}
    server {{
        listen 127.0.0.1:{port}{" ssl http2" if tls else ""}; {keys}
        client_max_body_size 0; {unbuffered}
        location / {{
            proxy_pass http://origin; proxy_http_version 1.1; proxy_set_header Connection "";
            proxy_set_header Host $http_host; proxy_set_header X-Forwarded-For $remote_addr; proxy_read_timeout 1h;
        }}
    }}
}}
""")
    return Server(name, ["nginx", "-p", work, "-c", work / "nginx.conf", "-e", work / "error.log"], port, folder)


def with_package(name):
    """Restarts this command in a new virtual environment that has the package, unless it can be imported already."""
    if importlib.util.find_spec(name.split("[")[0]):
        return
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        python = pathlib.Path(folder) / "bin/python"
        subprocess.run([python, "-m", "pip", "install", "-q", name], check=True)
        sys.exit(subprocess.run([python, *sys.argv]).returncode)
