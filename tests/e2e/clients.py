"""Foreign clients for the tests: gRPC classes made by grpcio-tools, bare sockets for what no proper client sends."""
import atexit
import base64
import contextlib
import importlib
import os
import shutil
import socket
import struct
import sys
import tempfile
import urllib.parse

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from grpc_tools import protoc

from harness import PATIENCE, SOURCE_DIR


def _generate():
    folder = tempfile.mkdtemp(prefix="inlet-e2e-pb-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    proto = SOURCE_DIR / "proto"
    well_known = os.path.join(os.path.dirname(protoc.__file__), "_proto")
    if protoc.main(["protoc", f"-I{proto}", f"-I{well_known}", f"--python_out={folder}", f"--grpc_python_out={folder}",
                    "inlet/v1/inlet.proto"]) != 0:
        raise AssertionError("grpcio-tools cannot compile inlet.proto")
    sys.path.insert(0, folder)
    return importlib.import_module("inlet.v1.inlet_pb2"), importlib.import_module("inlet.v1.inlet_pb2_grpc")


pb, pb_grpc = _generate()


@contextlib.contextmanager
def connect(service, *options):
    """A stub on a channel of its own."""
    with grpc.insecure_channel(service.address, options=[("grpc.use_local_subchannel_pool", 1), *options]) as channel:
        yield pb_grpc.StreamServiceStub(channel)


def error_reason(error):
    """The ErrorReason of a failed call, from its ErrorInfo."""
    status = rpc_status.from_call(error)
    for detail in status.details if status else []:
        info = error_details_pb2.ErrorInfo()
        if detail.Unpack(info):
            return info.reason
    return None


def request_bytes(path, host, **changes):
    """An opening handshake. changes: header=None leaves it out; underscores stand for dashes."""
    headers = {"Host": host, "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
               "Sec-WebSocket-Key": base64.b64encode(b"0123456789abcdef").decode()}
    headers.update({name.replace("_", "-"): value for name, value in changes.items()})
    lines = [f"{name}: {value}" for name, value in headers.items() if value is not None]
    return "\r\n".join([f"GET {path} HTTP/1.1", *lines, "", ""]).encode()


def frame(payload, opcode=1, fin=True, masked=True, reserved=0):
    """A frame as a client sends it. The mask is zero, so the payload stays readable."""
    first = (0x80 if fin else 0) | reserved << 4 | opcode
    mask_bit = 0x80 if masked else 0
    size = len(payload)
    if size < 126:
        head = struct.pack("!BB", first, mask_bit | size)
    elif size < 1 << 16:
        head = struct.pack("!BBH", first, mask_bit | 126, size)
    else:
        head = struct.pack("!BBQ", first, mask_bit | 127, size)
    return head + (b"\0\0\0\0" if masked else b"") + payload


class RawPeer:
    """A bare TCP connection to an endpoint such as ws://127.0.0.1:10081/demo."""

    def __init__(self, endpoint):
        url = urllib.parse.urlsplit(endpoint)
        self.path, self.host = url.path, url.netloc
        self.socket = socket.create_connection((url.hostname, url.port), timeout=PATIENCE)
        self.received = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def handshake(self, **changes):
        """Sends an opening handshake and returns the head of the answer."""
        self.send(request_bytes(self.path, self.host, **changes))
        return self.read_head()

    def open(self):
        head = self.handshake()
        if not head.startswith("HTTP/1.1 101 "):
            raise AssertionError(head)
        return self

    def read_head(self):
        self._read_until(lambda: b"\r\n\r\n" in self.received)
        head, _, self.received = self.received.partition(b"\r\n\r\n")
        return head.decode()

    def read_to_end(self):
        """All that is still to come, until the peer closes; a reset is an end, too."""
        try:
            self._read_until(lambda: False)
        except (EOFError, ConnectionError):
            pass
        data, self.received = self.received, b""
        return data

    def read_frame(self):
        """(opcode, payload) of the next frame; servers do not mask."""
        self._read_until(lambda: len(self.received) >= 2)
        opcode, size, head = self.received[0] & 15, self.received[1], 2
        if size == 126:
            self._read_until(lambda: len(self.received) >= 4)
            size, head = struct.unpack("!H", self.received[2:4])[0], 4
        self._read_until(lambda: len(self.received) >= head + size)
        payload, self.received = self.received[head:head + size], self.received[head + size:]
        return opcode, payload

    def close_code(self):
        """The code of the close frame that comes, whatever else comes before."""
        while True:
            opcode, payload = self.read_frame()
            if opcode == 8:
                return struct.unpack("!H", payload[:2])[0] if payload else None

    def _read_until(self, enough):
        while not enough():
            data = self.socket.recv(65536)
            if not data:
                raise EOFError(f"the service closed the connection; received so far: {self.received!r}")
            self.received += data
