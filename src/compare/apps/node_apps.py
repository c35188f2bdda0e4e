"""Applications that are installed with npm."""
import json
import os
import pathlib
import re
import tempfile
import time
import urllib.error
import uuid

from .harness import Application, check, fetch, run, websocket


def replace_hot(page, connected, write):
    """Changes the text of the page, and checks that the page shows the change without being loaded again."""
    with page.expect_console_message(lambda message: connected in message.text):
        page.goto("/")
    page.get_by_text("it works").wait_for()
    page.evaluate("window.same = true")
    changed = "it works " + uuid.uuid4().hex
    write(changed)
    page.get_by_text(changed).wait_for()
    check(page.evaluate("window.same"), "the page was loaded again")


class Vite(Application):
    def start(self, port):
        (self.folder / "package.json").write_text('{"private": true, "type": "module"}')
        (self.folder / "index.html").write_text('<div id="app">empty</div><script type="module" src="/main.js"></script>')
        (self.folder / "main.js").write_text(
            "import {text} from './text.js'\nconst show = text => document.querySelector('#app').textContent = text\n"
            "show(text)\nimport.meta.hot.accept('./text.js', changed => show(changed.text))\n")
        self.write("it works")
        return ["node", self.npm / "node_modules/vite/bin/vite.js", "--port", str(port), "--strictPort", "--host", "127.0.0.1"]

    def write(self, text):
        (self.folder / "text.js").write_text(f"export const text = '{text}'\n")

    def use(self, url):
        token = re.search(r'wsToken = "([^"]+)"', fetch(url + "/@vite/client"))[1]
        check("works" in fetch(url + "/text.js"), "no module")
        updates = websocket(f"{url}/?token={token}", origin=url, subprotocols=["vite-hmr"])
        check("connected" in updates.recv(), "not connected")
        fetch(url + "/main.js")
        self.write("it works " + uuid.uuid4().hex)
        while "update" not in updates.recv():
            pass
        updates.close()

    def browse(self, page):
        replace_hot(page, "[vite] connected", self.write)


class Webpack(Application):
    SERVER = """
const webpack = require('webpack'), Server = require('webpack-dev-server')
const compiler = webpack({mode: 'development', context: __dirname, entry: './main.js', output: {path: __dirname + '/out'}})
new Server({port: Number(process.argv[2]), host: '127.0.0.1', hot: true, static: __dirname + '/public'}, compiler).start()
"""

    def start(self, port):
        (self.folder / "public").mkdir()
        (self.folder / "public/index.html").write_text('<div id="app">empty</div><script src="/main.js"></script>')
        (self.folder / "main.js").write_text(
            "import {text} from './text.js'\nconst show = () => document.querySelector('#app').textContent = text\n"
            "show()\nmodule.hot.accept('./text.js', show)\n")
        self.write("it works")
        (self.folder / "server.cjs").write_text(self.SERVER)
        return ["node", "server.cjs", str(port)]

    def write(self, text):
        (self.folder / "text.js").write_text(f"export const text = '{text}'\n")

    def use(self, url):
        check("it works" in fetch(url + "/main.js"), "no bundle")
        updates = websocket(url + "/ws", origin=url)
        while '"ok"' not in updates.recv():
            pass
        updates.close()

    def browse(self, page):
        replace_hot(page, "Hot Module Replacement enabled", self.write)


class Next(Application):
    PAGE = """
'use client'
import {useEffect, useState} from 'react'
export default function Page() {
  const [count, setCount] = useState(0)
  useEffect(() => setCount(count => count || 1), [])
  return <button onClick={() => setCount(count + 1)}>TEXT {count}</button>
}
"""

    def start(self, port):
        (self.folder / "package.json").write_text('{"private": true}')
        (self.folder / "next.config.mjs").write_text(f"export default {{turbopack: {{root: {json.dumps(str(self.npm))}}}}}\n")
        (self.folder / "app").mkdir()
        (self.folder / "app/layout.js").write_text(
            "export default function Layout({children}) { return <html><body>{children}</body></html> }\n")
        self.write("clicks")
        (self.folder / "app/lines").mkdir()
        (self.folder / "app/lines/route.js").write_text(
            "export async function GET() { return new Response(new ReadableStream({async start(out) {\n"
            "  for (let n = 0; n < 5; n++) {\n"
            "    out.enqueue(new TextEncoder().encode(`line ${n}\\n`)); await new Promise(r => setTimeout(r, 50)) }\n"
            "  out.close() }})) }\nexport const dynamic = 'force-dynamic'\n")
        return ["node", self.npm / "node_modules/next/dist/bin/next", "dev", "-H", "127.0.0.1", "-p", str(port)]

    def environment(self):
        return {**super().environment(), "NEXT_TELEMETRY_DISABLED": "1"}

    def write(self, text):
        (self.folder / "app/page.js").write_text(self.PAGE.replace("TEXT", text))

    def use(self, url):
        check("<button" in fetch(url + "/"), "no page")
        check(fetch(url + "/lines").endswith("line 4\n"), "other lines")

    def browse(self, page):
        self.write("clicks")
        page.goto("/")
        page.get_by_role("button", name="clicks 1").click()
        page.get_by_role("button", name="clicks 2").wait_for()
        changed = "clicks " + uuid.uuid4().hex
        self.write(changed)
        # The component keeps its state, because the change is applied without reloading the page.
        page.get_by_role("button", name=changed + " 2").wait_for()


class Nodered(Application):
    def start(self, port):
        return ["node", self.npm / "node_modules/node-red/red.js", "-u", self.folder / "red", "-p", str(port)]

    def use(self, url):
        check("Node-RED" in fetch(url + "/"), "no editor")
        comms = websocket(url + "/comms", origin=url)
        comms.send(json.dumps({"subscribe": "notification/#"}))
        flow = [{"id": "f", "type": "tab", "label": "f"},
                {"id": "i", "z": "f", "type": "http in", "url": "/hello", "method": "get", "wires": [["t"]]},
                {"id": "t", "z": "f", "type": "template", "field": "payload", "fieldType": "msg", "syntax": "plain",
                 "template": "hello from a flow", "output": "str", "wires": [["o"]]},
                {"id": "o", "z": "f", "type": "http response", "wires": []}]
        fetch(url + "/flows", flow, "POST", Node_RED_Deployment_Type="full")
        while "notification" not in comms.recv():
            pass
        comms.close()
        for _ in range(20):
            try:
                check(fetch(url + "/hello") == "hello from a flow", "other text")
                return
            except urllib.error.HTTPError:
                time.sleep(0.3)
        raise AssertionError("the flow does not answer")

    def browse(self, page):
        frames = []
        page.on("websocket", lambda comms: comms.on("framereceived", lambda frame: frames.append(frame)))
        page.goto("/")
        page.locator(".red-ui-palette-node").first.wait_for()
        page.locator(".red-ui-flow-node").first.wait_for()
        for _ in range(300):
            if frames:
                return
            page.wait_for_timeout(100)
        raise AssertionError("no message over /comms")


class Verdaccio(Application):
    version = 0

    def start(self, port):
        (self.folder / "config.yaml").write_text(
            f"storage: {self.folder}/storage\nauth: {{htpasswd: {{file: {self.folder}/htpasswd}}}}\n"
            "packages: {'**': {access: $all, publish: $all}}\nlog: {type: stdout, format: pretty, level: warn}\n")
        return ["node", self.npm / "node_modules/verdaccio/bin/verdaccio", "--config", self.folder / "config.yaml",
                "--listen", f"127.0.0.1:{port}"]

    def use(self, url):
        Verdaccio.version += 1
        with tempfile.TemporaryDirectory(dir=self.folder) as work:
            work = pathlib.Path(work)
            options = ["--registry", url + "/", "--strict-ssl=false", "--no-audit", "--no-fund", f"--cache={work}/cache",
                       f"--userconfig={work}/npmrc"]
            (work / "npmrc").write_text(f"{url.split(':', 1)[1]}/:_authToken=none\n")
            package = work / "package"
            package.mkdir()
            (package / "package.json").write_text(json.dumps({"name": "@scope/name", "version": f"1.0.{self.version}"}))
            (package / "blob").write_bytes(os.urandom(300_000))
            run(["npm", "publish", *options], package)
            user = work / "user"
            user.mkdir()
            (user / "package.json").write_text('{"private": true}')
            run(["npm", "install", f"@scope/name@1.0.{self.version}", *options], user)
            check((user / "node_modules/@scope/name/blob").read_bytes() == (package / "blob").read_bytes(), "other bytes")

    def browse(self, page):
        page.goto("/")
        page.get_by_text("@scope/name").first.click()
        page.get_by_text(f"1.0.{self.version}").first.wait_for()


class Socketio(Application):
    SERVER = """
const {Server} = require('socket.io')
const page = `<p>empty</p><script src="/socket.io/socket.io.js"></script><script>
const socket = io()
const ask = () => socket.emit('echo', 'x', (same, transport) => {
  document.querySelector('p').textContent += ' ' + transport
  if (transport !== 'websocket') setTimeout(ask, 100)
})
socket.on('connect', ask)
</script>`
const http = require('http').createServer((request, response) => response.setHeader('Content-Type', 'text/html').end(page))
const io = new Server(http, {cors: {origin: '*'}})
io.on('connection', socket => socket.on('echo', (text, reply) => reply(text, socket.conn.transport.name)))
http.listen(Number(process.argv[2]), '127.0.0.1')
"""
    CLIENT = """
const {io} = require('socket.io-client')
const [url, ...transports] = process.argv.slice(2)
const socket = io(url, {transports, rejectUnauthorized: false, reconnection: false})
const fail = error => { console.error(error); process.exit(1) }
setTimeout(() => fail('timeout'), 20000)
socket.on('connect_error', fail)
const text = 'x'.repeat(70000)
const ask = left => socket.emit('echo', text, (same, transport) => {
  if (same !== text) fail('other text')
  const wanted = transports[transports.length - 1]
  if (transport === wanted) { socket.close(); process.exit(0) }
  left > 0 ? setTimeout(() => ask(left - 1), 200) : fail('still ' + transport)
})
socket.on('connect', () => ask(20))
"""

    def start(self, port):
        (self.folder / "server.cjs").write_text(self.SERVER)
        (self.folder / "client.cjs").write_text(self.CLIENT)
        return ["node", "server.cjs", str(port)]

    def use(self, url):
        for transports in (["polling"], ["websocket"], ["polling", "websocket"]):
            run(["node", "client.cjs", url, *transports], self.folder)

    def browse(self, page):
        page.goto("/")
        page.get_by_text("websocket").wait_for()
