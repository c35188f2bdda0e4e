"""Applications that are installed from Debian packages."""
import gzip
import hashlib
import io
import json
import os
import pathlib
import re
import tarfile
import tempfile

from .harness import Application, check, fetch, run


class Git(Application):
    """git over HTTP: `git http-backend` behind a small server."""

    SERVER = """
import http.server, os, subprocess, sys
class Backend(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    def body(self):
        if self.headers.get('Transfer-Encoding', '').lower() != 'chunked':
            return self.rfile.read(int(self.headers.get('Content-Length', 0)))
        body = b''
        while size := int(self.rfile.readline().split(b';')[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body
    def do_GET(self):
        path, _, query = self.path.partition('?')
        body = self.body()
        environment = {**os.environ, 'GIT_PROJECT_ROOT': os.getcwd(), 'GIT_HTTP_EXPORT_ALL': '1', 'PATH_INFO': path,
            'QUERY_STRING': query, 'REQUEST_METHOD': self.command, 'CONTENT_TYPE': self.headers.get('Content-Type', ''),
            'HTTP_CONTENT_ENCODING': self.headers.get('Content-Encoding', ''), 'CONTENT_LENGTH': str(len(body)),
            'GIT_PROTOCOL': self.headers.get('Git-Protocol', '')}
        out = subprocess.run(['git', 'http-backend'], input=body, env=environment, stdout=subprocess.PIPE).stdout
        head, _, answer = out.partition(b'\\r\\n\\r\\n')
        fields = dict(line.split(': ', 1) for line in head.decode().split('\\r\\n'))
        self.send_response(int(fields.pop('Status', '200').split()[0]))
        for name, value in fields.items():
            self.send_header(name, value)
        self.send_header('Content-Length', str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)
    do_POST = do_GET
http.server.ThreadingHTTPServer(('127.0.0.1', int(sys.argv[1])), Backend).serve_forever()
"""
    needs = (("git", "git"),)
    count = 0

    def start(self, port):
        run(["git", "init", "-q", "--bare", "repository.git"], self.folder)
        run(["git", "-C", "repository.git", "config", "http.receivepack", "true"], self.folder)
        return [self.python, "-c", self.SERVER, str(port)]

    def use(self, url):
        Git.count += 1
        remote = url + "/repository.git"
        with tempfile.TemporaryDirectory(dir=self.folder) as work:
            work = pathlib.Path(work)
            run(["git", "clone", "-q", remote, "one"], work)
            (work / f"one/file{self.count}").write_bytes(os.urandom(2_000_000))
            run(["git", "-C", "one", "add", "."], work)
            run(["git", "-C", "one", "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "one"], work)
            run(["git", "-C", "one", "push", "-q", "origin", f"HEAD:main{self.count}"], work)
            run(["git", "clone", "-q", "-b", f"main{self.count}", remote, "two"], work)
            check((work / f"two/file{self.count}").exists(), "no file")


class Skopeo(Application):
    """An OCI image registry: docker-registry, with skopeo as its client."""

    needs = (("skopeo", "skopeo"), ("docker-registry", "docker-registry"))

    def start(self, port):
        (self.folder / "registry.yaml").write_text(json.dumps({
            "version": "0.1", "http": {"addr": f"127.0.0.1:{port}", "secret": "secret"},
            "storage": {"filesystem": {"rootdirectory": str(self.folder / "registry")}, "delete": {"enabled": True}}}))
        self.image()
        return ["docker-registry", "serve", "registry.yaml"]

    def image(self):
        """Writes an image with one layer of 20 MB in the OCI layout."""
        layout = self.folder / "image"
        (layout / "blobs/sha256").mkdir(parents=True)

        def blob(content, kind):
            digest = hashlib.sha256(content).hexdigest()
            (layout / "blobs/sha256" / digest).write_bytes(content)
            return {"mediaType": f"application/vnd.oci.image.{kind}", "digest": "sha256:" + digest, "size": len(content)}

        archive = io.BytesIO()
        with tarfile.open(fileobj=archive, mode="w") as tar:
            entry = tarfile.TarInfo("file")
            entry.size = 20_000_000
            tar.addfile(entry, io.BytesIO(os.urandom(entry.size)))
        layer = blob(gzip.compress(archive.getvalue(), 1), "layer.v1.tar+gzip")
        difference = "sha256:" + hashlib.sha256(archive.getvalue()).hexdigest()
        config = blob(json.dumps({"architecture": "amd64", "os": "linux", "config": {},
                                  "rootfs": {"type": "layers", "diff_ids": [difference]}}).encode(), "config.v1+json")
        manifest = blob(json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
                                    "config": config, "layers": [layer]}).encode(), "manifest.v1+json")
        manifest["annotations"] = {"org.opencontainers.image.ref.name": "one"}
        (layout / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [manifest]}))
        (layout / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')
        self.layer = layer["digest"]

    def use(self, url):
        # Each port has its own image name, because a registry does not accept the same layer twice.
        remote = f"docker://{url.split('//')[1]}/group/image-{url.split(':')[-1]}:one"
        skopeo = ["skopeo", "--insecure-policy"]
        run([*skopeo, "copy", "--dest-tls-verify=false", "oci:image:one", remote], self.folder)
        check(self.layer in run([*skopeo, "inspect", "--tls-verify=false", remote], self.folder), "another layer")
        with tempfile.TemporaryDirectory(dir=self.folder) as back:
            run([*skopeo, "copy", "--src-tls-verify=false", remote, f"dir:{back}"], self.folder)
            layer = (pathlib.Path(back) / self.layer.split(":")[1]).read_bytes()
            check(hashlib.sha256(layer).hexdigest() == self.layer.split(":")[1], "other bytes")
        run([*skopeo, "delete", "--tls-verify=false", remote], self.folder)


class Litmus(Application):
    """WebDAV: Apache with mod_dav, tested with litmus."""

    needs = (("litmus", "litmus"), ("apache2", "apache2"))

    def start(self, port):
        modules = "".join(f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n"
                          for name in ("mpm_event", "authz_core", "dav", "dav_fs", "dav_lock"))
        (self.folder / "files").mkdir()
        for writable in (self.folder, self.folder / "files"):
            writable.chmod(0o777)  # Apache that root starts runs as another user
        (self.folder / "apache.conf").write_text(f"""
{modules}ServerName 127.0.0.1
ServerRoot {self.folder}
PidFile {self.folder}/apache.pid
Listen 127.0.0.1:{port}
ErrorLog {self.folder}/apache.log
DocumentRoot {self.folder}/files
DavLockDB {self.folder}/locks
{"User www-data" if os.getuid() == 0 else ""}
<Directory {self.folder}/files>
    Dav On
    Require all granted
</Directory>
""")
        return ["apache2", "-f", self.folder / "apache.conf", "-DFOREGROUND"]

    def use(self, url):
        out = run(["litmus", "-k", url + "/"], self.folder)
        summaries = re.findall(r"summary for `(\w+)': of (\d+) tests run: (\d+) passed", out)
        check(len(summaries) == 5 and all(ran == passed for _, ran, passed in summaries), summaries or out[-300:])


class Transmission(Application):
    """A BitTorrent client with an HTTP API that answers the first request of each client with 409 and a session id."""

    needs = (("transmission-daemon", "transmission-daemon"), ("transmission-remote", "transmission-cli"))

    def start(self, port):
        return ["transmission-daemon", "-f", "-g", self.folder / "transmission", "-p", str(port), "-r", "127.0.0.1", "--no-auth",
                "--no-portmap", "--no-dht", "--no-lpd", "-w", self.folder]

    def use(self, url):
        remote = ["transmission-remote", url + "/transmission"]
        check("Daemon version" in run([*remote, "--session-info"], self.folder), "no session")
        link = "magnet:?xt=urn:btih:" + hashlib.sha1(url.encode()).hexdigest() + "&dn=file"
        run([*remote, "--add", link], self.folder)
        check("file" in run([*remote, "--list"], self.folder), "no torrent")

    def browse(self, page):
        page.goto("/transmission/web/")
        page.locator("li.torrent").first.wait_for()


class Prometheus(Application):
    needs = (("prometheus", "prometheus"),)

    def start(self, port):
        (self.folder / "prometheus.yml").write_text(
            "global: {scrape_interval: 1s}\n"
            f"scrape_configs: [{{job_name: self, static_configs: [{{targets: ['127.0.0.1:{port}']}}]}}]\n")
        return ["prometheus", f"--config.file={self.folder}/prometheus.yml", f"--storage.tsdb.path={self.folder}/tsdb",
                f"--web.listen-address=127.0.0.1:{port}"]

    def use(self, url):
        answer = json.loads(fetch(url + "/api/v1/query?query=up%7Bjob%3D%22self%22%7D"))
        check(answer["status"] == "success", answer)
        answer = json.loads(fetch(url + "/api/v1/series?match[]=up&match[]=go_info"))
        check(answer["status"] == "success", answer)
        check("Prometheus" in fetch(url + "/"), "no page")
