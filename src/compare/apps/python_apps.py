"""Applications that are installed with pip."""
import hashlib
import json
import os
import uuid

from .harness import Application, check, fetch, run, websocket


class Jupyterlab(Application):
    def start(self, port):
        cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "id": "one", "source": "1"}
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        (self.folder / "page.ipynb").write_text(
            json.dumps({"cells": [cell], "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}))
        return [self.bin / "jupyter-lab", "--no-browser", "--allow-root", f"--ServerApp.port={port}", "--ServerApp.ip=127.0.0.1",
                f"--ServerApp.root_dir={self.folder}", "--IdentityProvider.token=secret"]

    def use(self, url):
        key = {"Authorization": "token secret"}
        check("JupyterLab" in fetch(url + "/lab?token=secret"), "no page")
        check(isinstance(json.loads(fetch(url + "/api/sessions", **key)), list), "no sessions")
        fetch(url + "/api/contents/a%20b.txt", {"type": "file", "format": "text", "content": "x"}, "PUT", **key)
        check("a b.txt" in fetch(url + "/api/contents/", **key), "no file")
        kernel = json.loads(fetch(url + "/api/kernels", {"name": "python3"}, **key))["id"]
        channels = websocket(f"{url}/api/kernels/{kernel}/channels?session_id=s&token=secret", origin=url)
        header = {"msg_id": uuid.uuid4().hex, "username": "", "session": "s", "msg_type": "execute_request", "version": "5.3"}
        channels.send(json.dumps({"header": header, "parent_header": {}, "metadata": {}, "channel": "shell", "content": {
            "code": "6 * 7", "silent": False, "store_history": False, "user_expressions": {}, "allow_stdin": False}}))
        while True:
            message = json.loads(channels.recv())
            if message["msg_type"] == "execute_result":
                check(message["content"]["data"]["text/plain"] == "42", message)
                break
        channels.close()
        fetch(f"{url}/api/kernels/{kernel}", method="DELETE", **key)

    def browse(self, page):
        page.goto("/lab/tree/page.ipynb?token=secret&reset")
        cell = page.locator(".jp-Notebook .jp-CodeCell .cm-content").first
        cell.click()
        page.keyboard.press("Control+A")
        text = uuid.uuid4().hex
        page.keyboard.type(f"print('{text}'[::-1])")
        page.keyboard.press("Shift+Enter")
        page.locator(".jp-OutputArea-output", has_text=text[::-1]).first.wait_for()


class Streamlit(Application):
    def start(self, port):
        (self.folder / "page.py").write_text(
            "import streamlit as st\nst.write('reversed: ' + 'olleh'[::-1])\n"
            "if st.button('Press'):\n    st.write('pressed once')\n")
        return [self.bin / "streamlit", "run", "page.py", "--server.headless=true", f"--server.port={port}",
                "--server.address=127.0.0.1", "--browser.gatherUsageStats=false"]

    def use(self, url):
        check("streamlit" in fetch(url + "/").lower(), "no page")
        check("ok" in fetch(url + "/_stcore/health"), "not healthy")
        from streamlit.proto.BackMsg_pb2 import BackMsg
        stream = websocket(url + "/_stcore/stream", origin=url, subprotocols=["streamlit"])
        message = BackMsg()
        message.rerun_script.query_string = ""
        stream.send_binary(message.SerializeToString())
        while b"reversed: hello" not in stream.recv():
            pass
        stream.close()

    def browse(self, page):
        page.goto("/")
        page.get_by_role("button", name="Press").click()
        page.get_by_text("pressed once").wait_for()


class Gradio(Application):
    def start(self, port):
        (self.folder / "page.py").write_text(
            "import gradio as gr\n"
            "gr.Interface(lambda s: s[::-1], gr.Textbox(label='text'), gr.Textbox(label='reversed'), api_name='predict')"
            f".launch(server_name='127.0.0.1', server_port={port}, quiet=True)\n")
        return [self.python, "page.py"]

    def environment(self):
        return {**super().environment(), "GRADIO_ANALYTICS_ENABLED": "False"}

    def use(self, url):
        check("gradio" in fetch(url + "/"), "no page")
        run([self.python, "-c", "import sys; from gradio_client import Client\n"
             "assert Client(sys.argv[1], ssl_verify=False, verbose=False).predict('abc', api_name='/predict') == 'cba'", url],
            self.folder)

    def browse(self, page):
        from playwright.sync_api import expect
        page.goto("/")
        page.get_by_label("text", exact=True).fill("abc")
        page.get_by_role("button", name="Submit").click()
        expect(page.get_by_label("reversed")).to_have_value("cba", timeout=30000)


class Datasette(Application):
    def start(self, port):
        import sqlite3
        with sqlite3.connect(self.folder / "data.db") as data:
            data.execute("create table t (a text primary key, b)")
            data.execute("insert into t values ('x/y z', 1)")
        return [self.bin / "datasette", "serve", "data.db", "-h", "127.0.0.1", "-p", str(port)]

    def use(self, url):
        check("data" in fetch(url + "/"), "no page")
        check(json.loads(fetch(url + "/data/t.json?_shape=array&a__contains=y")) == [{"a": "x/y z", "b": 1}], "other rows")
        check("x/y z" in fetch(url + "/data/t/x~2Fy+z.json"), "no row")
        check("42" in fetch(url + "/data.json?sql=select+6*7+as+n&_shape=array"), "no query")
        check("body" in fetch(url + "/-/static/app.css"), "no style")

    def browse(self, page):
        page.goto("/")
        page.get_by_role("link", name="data", exact=True).first.click()
        page.get_by_role("link", name="t", exact=True).first.click()
        page.get_by_role("link", name="x/y z").first.click()
        page.get_by_role("heading", name="x/y z").wait_for()


class Flask(Application):
    """Sessions, redirects, uploads and ranges, with Flask and its development server."""

    SERVER = """
import hashlib, sys, time
from flask import Flask, Response, redirect, request, send_file, session, url_for
from werkzeug.middleware.proxy_fix import ProxyFix
application = Flask(__name__)
application.wsgi_app = ProxyFix(application.wsgi_app)  # as Flask's manual says for every proxy
application.secret_key = 'secret'
@application.post('/in')
def sign_in():
    session['name'] = request.form['name']
    return redirect(url_for('page', _external=True), 303)
@application.get('/')
def page():
    return '<p>signed in as %s</p><form action=/upload method=post enctype=multipart/form-data><input type=file name=file>' \\
        '<button>Upload</button></form><form action=/in method=post><input name=name><button>Sign in</button></form>' \\
        % session.get('name', 'nobody')
@application.post('/upload')
def upload():
    data = request.files['file'].read()
    with open('kept', 'wb') as kept:
        kept.write(data)
    return '%d bytes %s' % (len(data), hashlib.sha256(data).hexdigest())
@application.get('/kept')
def kept():
    return send_file('kept', mimetype='application/octet-stream')
@application.get('/lines')
def lines():
    return Response((time.sleep(0.1) or 'line %d\\n' % n for n in range(5)), mimetype='text/plain')
application.root_path = '.'
application.run('127.0.0.1', int(sys.argv[1]), threaded=True)
"""

    def start(self, port):
        (self.folder / "server.py").write_text(self.SERVER)
        self.file = self.folder / "file.bin"
        self.file.write_bytes(os.urandom(50_000_000))
        self.sum = hashlib.sha256(self.file.read_bytes()).hexdigest()
        return [self.python, "server.py", str(port)]

    def use(self, url):
        import requests
        client = requests.Session()
        client.verify, client.trust_env = False, False
        check("signed in as ada" in client.post(url + "/in", {"name": "ada"}).text, "not signed in")
        check("signed in as ada" in client.get(url + "/").text, "no session")
        with open(self.file, "rb") as file:
            check(self.sum in client.post(url + "/upload", files={"file": file}).text, "another sum")
        whole = client.get(url + "/kept")
        check(hashlib.sha256(whole.content).hexdigest() == self.sum, "another file")
        part = client.get(url + "/kept", headers={"Range": "bytes=49999990-"})
        check(part.status_code == 206 and part.content == whole.content[-10:], part.status_code)
        same = client.get(url + "/kept", headers={"If-None-Match": whole.headers["ETag"]})
        check(same.status_code == 304 and not same.content, same.status_code)
        check(client.get(url + "/kept", headers={"Range": "bytes=60000000-"}).status_code == 416, "not 416")
        check(client.get(url + "/lines").text.endswith("line 4\n"), "other lines")

    def browse(self, page):
        page.goto("/")
        page.locator("[name=name]").fill("ada")
        page.get_by_role("button", name="Sign in").click()
        page.get_by_text("signed in as ada").wait_for()
        page.locator("[type=file]").set_input_files(self.file)
        page.get_by_role("button", name="Upload").click()
        page.get_by_text(self.sum).wait_for()


class Radicale(Application):
    """Calendars over CalDAV."""

    EVENT = ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\nBEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260101T000000Z\r\n"
             "DTSTART:20260102T100000Z\r\nDTEND:20260102T110000Z\r\nSUMMARY:{uid}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")

    def start(self, port):
        return [self.python, "-m", "radicale", "--server-hosts", f"127.0.0.1:{port}", "--auth-type", "none",
                "--storage-filesystem-folder", self.folder / "collections"]

    def use(self, url):
        import datetime
        import caldav
        uid = uuid.uuid4().hex
        with caldav.DAVClient(url + "/", username="ada", password="x", ssl_verify_cert=False) as client:
            calendar = client.principal().make_calendar(name="plans " + uid)
            calendar.save_event(self.EVENT.format(uid=uid))
            day = datetime.datetime(2026, 1, 2)
            found = calendar.search(start=day, end=day + datetime.timedelta(days=1), event=True)
            check([uid in event.data for event in found] == [True], found)
            found[0].data = found[0].data.replace("SUMMARY:" + uid, "SUMMARY:moved")
            found[0].save()
            check("SUMMARY:moved" in calendar.events()[0].data, "not changed")
            found[0].delete()
            check(not calendar.events(), "not deleted")

    def browse(self, page):
        page.goto("/")
        page.wait_for_load_state("networkidle")  # the page empties the form after its first request
        page.locator("#loginscene [data-name=user]").fill("ada")
        page.locator("#loginscene [data-name=password]").fill("x")
        page.get_by_role("button", name="Next").click()
        page.get_by_text("plans").first.wait_for()
