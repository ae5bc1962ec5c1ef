"""The cells of the matrix: one foreign program as server and as client, plain and over TLS, and what must come of each."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import zlib

import certificates
import harness
import traffic
from clients import connect, pb

HERE = pathlib.Path(__file__).parent
# A sanitizer's build sets it lower.
MESSAGES = int(os.environ.get("INLET_INTEROP_MESSAGES", "100000"))
PATIENCE = 2 * harness.PATIENCE
# Nothing may be evicted before it is read, and a connection that is over must not be followed by another.
RETENTION = {"max_bytes": str(1 << 30)}
ONE_DIAL = {"backoffInitial": "3600s", "backoffMax": "3600s"}


def python(script):
    return [sys.executable, str(HERE / script)]


class Server:
    """A foreign program that waits for one connection, on a port of its own choice."""

    def __init__(self, command, *arguments):
        self.process = subprocess.Popen([*command, "serve", *map(str, arguments)], stdout=subprocess.PIPE, text=True,
                                        env=harness.environment(PYTHONPATH=str(HERE.parent)))
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(f"{command} ended with {self.process.wait()} and named no port")
        self.port = json.loads(line)["port"]

    def report(self):
        """What it tells when it is over."""
        out, _ = self.process.communicate(timeout=PATIENCE)
        if self.process.returncode != 0:
            raise AssertionError(f"{self.process.args} ended with {self.process.returncode}")
        return json.loads(out)

    def discard(self):
        self.process.kill()
        self.process.communicate()


class Cells(harness.EndToEndTest):
    """Base of a foreign program's tests. `command` is what serves and dials, as the peers in this folder do it."""

    command, inside_characters = [], True

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="inlet-interop-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.traffic = traffic.Traffic(cls.folder / "messages", MESSAGES, zlib.crc32(cls.__name__.encode()),
                                      inside_characters=cls.inside_characters)
        cls.authority = certificates.Authority()
        cls.addClassCleanup(cls.authority.close)
        cls.material = cls.authority.sign("server", "IP:127.0.0.1,DNS:localhost")

    def inlet_server(self, tls):
        """An inletd whose server takes connections, and the URL of its stream `demo`."""
        files = dict(zip(("CERTFILE", "KEYFILE"), self.material)) if tls else {}
        service = self.inletd({f"WEBSOCKET__SOURCE__HTTPSERVERTLS__{name}": path for name, path in files.items()})
        return service, service.create("demo", retention=RETENTION)

    def dial(self, url, tls):
        """The foreign client's report."""
        authority = [self.authority.path] if tls else []
        done = harness.run(*self.command, "dial", url, self.traffic.path, *authority, timeout=PATIENCE,
                           env=harness.environment(PYTHONPATH=str(HERE.parent)))
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def serve(self, tls):
        """The foreign server, waiting."""
        server = Server(self.command, self.traffic.path, *(self.material if tls else []))
        self.addCleanup(server.discard)
        return server

    def inlet_dials(self, port, tls):
        """An inletd whose stream `demo` dials this port once."""
        service = self.inletd()
        settings = {**ONE_DIAL, "rootCARaw": self.authority.text} if tls else ONE_DIAL
        service.create("demo", datasource=f"{'wss' if tls else 'ws'}://127.0.0.1:{port}/feed", settings=settings,
                       retention=RETENTION)
        return service

    def check(self, service, report):
        """All has come, once, in order, to the byte, and the connection ended as it should."""
        self.assertEqual((report["close"], report["pongs"]), (1000, self.traffic.pings))
        status = harness.wait_until(lambda: self.status_after_the_end(service), "the end of the connection")
        counted = [int(status.get(name, 0)) for name in ("messages", "records", "rejects", "connects", "evicted")]
        self.assertEqual(counted, [self.traffic.messages, len(self.traffic.records), 0, 1, 0])
        self.assertEqual(status["last_close_code"], 1000)
        self.compare(self.read_all(service))

    @staticmethod
    def status_after_the_end(service):
        status = service.get("demo")["status"]
        return None if status.get("connections") else status

    @staticmethod
    def read_all(service):
        request = pb.SubscribeRequest(stream="demo", earliest=True, encoding=pb.SubscribeRequest.JSON,
                                      stop_when_caught_up=True)
        with connect(service) as stub:
            return [record for response in stub.Subscribe(request, timeout=PATIENCE) for record in response.records]

    def compare(self, records):
        self.assertEqual([record.offset for record in records], list(range(1, len(self.traffic.records) + 1)))
        self.assertEqual(len({record.connection for record in records}), 1)
        for record, text in zip(records, self.traffic.records, strict=True):
            if record.json != text:
                self.fail(f"record {record.offset}: {record.json[:300]!r} instead of {text[:300]!r}")

    def client_cell(self, tls):
        service, url = self.inlet_server(tls)
        self.check(service, self.dial(url, tls))

    def server_cell(self, tls):
        server = self.serve(tls)
        service = self.inlet_dials(server.port, tls)
        self.check(service, server.report())


class ClientCells(Cells):
    """The foreign program dials Inlet's server."""

    def test_as_client_plain(self):
        self.client_cell(tls=False)

    def test_as_client_over_tls(self):
        self.client_cell(tls=True)


class AllCells(ClientCells):
    """And Inlet dials the foreign program."""

    def test_as_server_plain(self):
        self.server_cell(tls=False)

    def test_as_server_over_tls(self):
        self.server_cell(tls=True)
