"""Servers that are not what a client hopes for: each takes connections on a free port and does one thing to them."""
import base64
import contextlib
import hashlib
import socket
import threading

from websockets.sync.server import serve

PATIENCE = 60
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Server:
    """Calls `handle(socket)` for each connection, in a thread of its own, after TLS if there is a context."""

    def __init__(self, handle, context=None):
        self._handle, self._context = handle, context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.over = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while not self.over.is_set():
            try:
                connection = self._listener.accept()[0]
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        connection.settimeout(PATIENCE)
        # What the client does to the connection is its affair.
        with contextlib.suppress(OSError, ValueError):
            if self._context:
                connection = self._context.wrap_socket(connection, server_side=True)
            self._handle(connection)
        with contextlib.suppress(OSError):
            connection.close()

    def close(self):
        self.over.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


def read_request(connection):
    """Up to the empty line: the text."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(4096)
        if not more:
            raise ValueError("the client has hung up")
        data += more
    return data.decode("latin-1")


def answers(status, *headers, body="no\n"):
    """A handler: this status line and these headers, whatever was asked."""
    text = "\r\n".join([f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "Connection: close", "", body])

    def handle(connection):
        read_request(connection)
        connection.sendall(text.encode())
    return handle


def says(data):
    """A handler: these bytes at once, then the end."""
    def handle(connection):
        connection.sendall(data)
        connection.recv(4096)
    return handle


def is_mute(connection):
    """A handler: takes all, answers nothing."""
    while connection.recv(4096):
        pass


def hangs_up(connection):
    """A handler: reads the request, and closes."""
    read_request(connection)


def accept_key(request):
    key = next(line.split(":", 1)[1].strip() for line in request.split("\r\n")
               if line.lower().startswith("sec-websocket-key:"))
    return base64.b64encode(hashlib.sha1(key.encode() + GUID).digest()).decode()


def upgrades(*frames, wrong_accept=False, headers=()):
    """A handler: 101, then these bytes; it stays until the client goes."""
    def handle(connection):
        accept = accept_key(read_request(connection))
        if wrong_accept:
            accept = accept[::-1]
        lines = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade",
                 f"Sec-WebSocket-Accept: {accept}", *headers, "", ""]
        connection.sendall("\r\n".join(lines).encode() + b"".join(frames))
        is_mute(connection)
    return handle


class WebSocketServer:
    """Python's websockets; `handle(connection)` talks."""

    def __init__(self, handle, **options):
        self._server = serve(handle, "127.0.0.1", 0, **options)
        self.port = self._server.socket.getsockname()[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()


class BlackHole:
    """A port that swallows what asks for a connection: its queue is full, and nobody takes from it."""

    def __init__(self):
        self._listener = socket.socket()
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(0)
        self.port = self._listener.getsockname()[1]
        self._fillers = []
        for _ in range(4):
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", self.port))
            self._fillers.append(filler)

    def close(self):
        for one in [*self._fillers, self._listener]:
            one.close()
