"""A server that sends back what it was sent: the secrets in it are shown nowhere."""
import json
import struct
import threading

import foreign_servers
import harness

SECRETS = {"literal": "literal-secret-1", "file": "file-secret-22", "query": "query-secret-3"}


def close_frame(code, reason):
    payload = struct.pack("!H", code) + reason.encode()
    return bytes([0x88, len(payload)]) + payload


class Echo:
    """Refuses with all that it was sent, then moves, then accepts with a lie, then upgrades and hangs up with it, and at last stays."""

    def __init__(self):
        self.count, self.lock = 0, threading.Lock()
        self.server = foreign_servers.Server(self._handle)
        self.port, self.close = self.server.port, self.server.close

    def _handle(self, connection):
        with self.lock:
            number, self.count = self.count, self.count + 1
        request = foreign_servers.read_request(connection)
        said = " ".join(SECRETS.values())
        for secret in SECRETS.values():
            assert secret in request, request
        if number == 0:
            connection.sendall(f"HTTP/1.1 503 no {said}\r\nServer: {said}\r\nWWW-Authenticate: Bearer {said}\r\n"
                               f"Content-Length: {len(request)}\r\n\r\n{request}".encode())
        elif number == 1:
            connection.sendall(f"HTTP/1.1 302 Found\r\nLocation: /{said.replace(' ', '/')}\r\n"
                               f"Content-Length: 0\r\n\r\n".encode())
        elif number == 2:
            connection.sendall(f"HTTP/1.1 101 {said}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                               f"Sec-WebSocket-Accept: {said}\r\nSec-WebSocket-Extensions: {said}\r\n\r\n".encode())
        else:
            accept = foreign_servers.accept_key(request)
            connection.sendall("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                               f"Sec-WebSocket-Accept: {accept}\r\n\r\n".encode() + b"\x81\x02{}")
            if number == 3:
                connection.sendall(close_frame(4001, f"bad {said}"))
            foreign_servers.is_mute(connection)


class EchoTest(harness.EndToEndTest):
    def test_secrets_that_come_back_are_shown_nowhere(self):
        echo = Echo()
        self.addCleanup(echo.close)
        service = self.inletd({"INLET__LOG__LEVEL": "debug"}, files={
            "inlet.yaml": "secrets:\n  dir: secrets\n", "secrets/feed": SECRETS["file"]})
        service.create("demo", datasource=f"ws://127.0.0.1:{echo.port}/ws?key={SECRETS['query']}", settings={
            "requestHeader": {"Authorization": f"Bearer {SECRETS['literal']}", "X-Key": "${file:feed}"},
            "backoffInitial": "0.1s", "backoffMax": "0.3s"})
        seen = []

        def status():
            seen.append(json.dumps(service.get("demo")))
            return json.loads(seen[-1])["status"]
        harness.wait_until(lambda: int(status().get("records", 0)) >= 2, "two records")
        last = status()
        self.assertEqual(last["last_close_code"], 4001)
        self.assertEqual(last["last_close_reason"], "bad <redacted> <redacted> <redacted>")
        records = service.call("Subscribe", {"stream": "demo", "earliest": True, "encoding": "JSON",
                                             "stop_when_caught_up": True})
        self.assertIn("bad <redacted> <redacted> <redacted>", json.dumps(records))
        self.assertIn("503 no <redacted> <redacted> <redacted>", service.log())
        self.assertIn("/<redacted>/<redacted>/<redacted>", service.log())
        shown = service.inletctl("show", "demo")
        self.assertEqual(shown.returncode, 0, shown.stderr)
        watched = service.grpcurl("WatchStream", {"name": "demo"}, ["-max-time", "2"])
        everything = "\n".join([*seen, json.dumps(records), service.log(), service.output(), shown.stdout,
                                watched.stdout, watched.stderr])
        for name, secret in SECRETS.items():
            self.assertNotIn(secret, everything, name)


if __name__ == "__main__":
    harness.main()
