"""An HTTP/2 connection on which one download and one upload stall while others proceed. Used by transfers.py."""
import socket
import ssl
import time

import h2.config
import h2.connection
import h2.events

TIMEOUT_SECONDS = 20
LARGE = 50_000_000


class Connection:
    def __init__(self, port):
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.set_alpn_protocols(["h2"])
        self.socket = context.wrap_socket(socket.create_connection(("localhost", port)))
        self.socket.settimeout(TIMEOUT_SECONDS)
        self.h2 = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding="utf-8"))
        self.h2.initiate_connection()
        self.statuses, self.ended, self.received = {}, set(), {}
        self.unread = None

    def open(self, method, path, length=None):
        stream = self.h2.get_next_available_stream_id()
        head = [(":method", method), (":path", path), (":scheme", "https"), (":authority", "localhost")]
        if length is not None:
            head.append(("content-length", str(length)))
        self.h2.send_headers(stream, head, end_stream=length is None)
        self.flush()
        return stream

    def flush(self):
        self.socket.sendall(self.h2.data_to_send())

    def send(self, stream, body):
        """Sends as much as the flow-control windows currently allow, and returns the rest."""
        while len(body) and (window := self.h2.local_flow_control_window(stream)) > 0:
            piece = body[: min(window, self.h2.max_outbound_frame_size)]
            body = body[len(piece) :]
            self.h2.send_data(stream, piece, end_stream=not len(body))
            self.flush()
        return body

    def receive(self):
        received = self.socket.recv(65536)
        if not received:
            raise ConnectionError("the gateway closed the connection")
        for event in self.h2.receive_data(received):
            if isinstance(event, h2.events.ResponseReceived):
                self.statuses[event.stream_id] = dict(event.headers)[":status"]
            elif isinstance(event, h2.events.DataReceived):
                self.received[event.stream_id] = self.received.get(event.stream_id, 0) + len(event.data)
                if event.stream_id == self.unread:
                    # The window of the connection is replenished; that of the stream is not.
                    self.h2.increment_flow_control_window(event.flow_controlled_length)
                else:
                    self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            elif isinstance(event, h2.events.StreamEnded):
                self.ended.add(event.stream_id)
            elif isinstance(event, h2.events.StreamReset):
                raise ConnectionError(f"stream {event.stream_id} was reset: {event.error_code}")
        self.flush()

    def complete(self, method, path, body=None):
        """Completes one exchange; returns its duration in milliseconds."""
        began = time.monotonic()
        stream = self.open(method, path, None if body is None else len(body))
        while stream not in self.ended:
            if body:
                body = self.send(stream, body)
            if stream not in self.ended:
                self.receive()
        if self.statuses[stream] != "200":
            raise ConnectionError(f"{method} {path}: {self.statuses[stream]}")
        return (time.monotonic() - began) * 1000


def run(port):
    """Returns the duration of each page and upload in milliseconds, alongside two stalled streams."""
    connection = Connection(port)
    connection.unread = connection.open("GET", f"/bytes/{LARGE}")
    upload = connection.open("POST", "/unread", LARGE)
    rest = memoryview(bytes(LARGE))
    connection.socket.settimeout(1)
    try:
        while True:
            rest = connection.send(upload, rest)
            connection.receive()
    except TimeoutError:
        pass  # neither of the two proceeds any more
    connection.socket.settimeout(TIMEOUT_SECONDS)
    stalled = connection.received[connection.unread]
    pages = [connection.complete("GET", "/page") for _ in range(200)]
    uploads = [connection.complete("POST", "/discard", memoryview(bytes(500_000))) for _ in range(20)]
    if connection.received[connection.unread] != stalled or stalled >= LARGE:
        raise ConnectionError("the download was not stalled")
    return pages, uploads
