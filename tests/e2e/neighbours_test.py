"""Nothing that a bad peer does touches a good one: not its connection, not one of its messages."""
import asyncio
import contextlib
import json
import os
import random
import resource
import socket
import struct
import threading
import time
import urllib.parse

import websockets

import harness
from clients import RawPeer, connect, frame, pb, request_bytes

SILENT = 5000


class GoodPeer(threading.Thread):
    """Sends numbered messages on one connection until it is told to stop."""

    def __init__(self, endpoint):
        super().__init__(daemon=True)
        self.endpoint, self.enough, self.sent, self.error = endpoint, threading.Event(), 0, None
        self.start()

    def run(self):
        try:
            asyncio.run(self._send())
        except Exception as error:  # told by finish()
            self.error = error

    async def _send(self):
        async with websockets.connect(self.endpoint, compression=None) as peer:
            while not self.enough.is_set():
                await peer.send(json.dumps({"good": self.sent}))
                self.sent += 1
                await asyncio.sleep(0.001)
            await peer.close()

    def await_progress(self, count=20):
        """Returns when it has sent so many more."""
        goal = self.sent + count
        harness.wait_until(lambda: self.error or self.sent >= goal, "a good peer to send on")

    def finish(self):
        self.enough.set()
        self.join(harness.PATIENCE)
        if self.error:
            raise AssertionError("the good peer was cut off") from self.error
        return self.sent


def reset(peer):
    """Closes with RST instead of FIN."""
    peer.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.socket.close()


class Neighbours(harness.EndToEndTest):
    def setUp(self):
        self.service = self.inletd()
        self.endpoint = self.service.create("demo")
        self.host = urllib.parse.urlsplit(self.endpoint).netloc
        self.good = GoodPeer(self.endpoint)
        self.good.await_progress()

    def assert_good_is_whole(self):
        """Each of its messages is there once, in order, on one connection."""
        sent = self.good.finish()
        self.assertEqual(self.service.get("demo")["status"]["state"], "LISTENING")
        with connect(self.service) as stub:
            responses = stub.Subscribe(pb.SubscribeRequest(stream="demo", earliest=True, encoding="JSON",
                                                           stop_when_caught_up=True), timeout=harness.PATIENCE)
            records = [record for response in responses for record in response.records if "good" in record.json]
        self.assertEqual([json.loads(record.json)["good"] for record in records], list(range(sent)))
        self.assertEqual(len({record.connection for record in records}), 1)

    def bad_frames(self):
        yield from (frame(b"{}", reserved=7), frame(b"{}", opcode=15), frame(b"{}", opcode=0), frame(b"\xff\xfe"),
                    frame(b"x" * (2 << 20)), frame(b"{", fin=False) + frame(b"{}"), frame(b"x" * 126, opcode=9),
                    frame(b"\x03", opcode=8), frame(b"\x00\x00", opcode=8), frame(b"x" * 126, opcode=8),
                    b"\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff", b"\x81\xff\x3f\xff\xff\xff\xff\xff\xff\xff\0\0\0\0x",
                    frame(b"[" * 5000), frame(b'{"a":' * 2000 + b"1" + b"}" * 2000), frame(b"not json"), b"\x81\xfe")

    def test_bad_frames(self):
        for data in self.bad_frames():
            with RawPeer(self.endpoint) as peer, contextlib.suppress(ConnectionError):
                peer.open().send(data)
            self.good.await_progress(5)
        self.assert_good_is_whole()

    def test_bad_handshakes(self):
        for data in (b"\0" * 4096, b"GET", b"GET /demo HTTP/9.9\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                     b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"GET /" + b"a" * 100_000, b"\r\n" * 5000,
                     request_bytes("/demo", self.host, Upgrade="h2c", HTTP2_Settings="AAMAAABkAAQAAP__"),
                     request_bytes("/demo", self.host, Sec_WebSocket_Key=None), request_bytes("/%00%zz", self.host),
                     request_bytes("/demo", self.host, Cookie="x" * 70_000), request_bytes("/nowhere", self.host)):
            with RawPeer(self.endpoint) as peer, contextlib.suppress(ConnectionError):
                peer.send(data)
            self.good.await_progress(5)
        self.assert_good_is_whole()

    def test_random_bytes_after_the_handshake(self):
        rng = random.Random(1)
        for _ in range(100):
            with RawPeer(self.endpoint) as peer, contextlib.suppress(ConnectionError):
                peer.open().send(rng.randbytes(rng.randrange(1, 3000)))
        self.good.await_progress()
        self.assert_good_is_whole()

    def test_resets_in_the_middle_of_everything(self):
        half_request = request_bytes("/demo", self.host)[:60]
        for _ in range(50):
            idle, opening, sending = (RawPeer(self.endpoint) for _ in range(3))
            opening.send(half_request)
            sending.open().send(frame(b'{"half":')[:-3])
            for peer in (idle, opening, sending):
                reset(peer)
        self.good.await_progress()
        self.assert_good_is_whole()

    def test_what_came_before_a_reset_is_kept(self):
        peer = RawPeer(self.endpoint).open()
        peer.send(b"".join(frame(b'{"last":%d}' % n) for n in range(100)))
        harness.wait_until(lambda: self.kept("last") == 100, "the records")
        reset(peer)
        self.assertEqual(self.kept("last"), 100)
        self.assert_good_is_whole()

    def kept(self, word):
        with connect(self.service) as stub:
            responses = stub.Subscribe(pb.SubscribeRequest(stream="demo", earliest=True, encoding="JSON",
                                                           stop_when_caught_up=True), timeout=harness.PATIENCE)
            return sum(word in record.json for response in responses for record in response.records)

    def test_a_slow_handshake_is_ended(self):
        started = time.monotonic()
        with RawPeer(self.endpoint) as peer:
            peer.send(b"GET /demo HTTP/1.1\r\nHost: x\r\n")
            answer = peer.read_to_end()
        self.assertIn(b" 408 ", answer)
        self.assertGreater(time.monotonic() - started, 5)
        self.assert_good_is_whole()

    def test_connections_that_say_nothing_cost_little_and_stop_nobody(self):
        count = self.raise_descriptors()
        before = self.service.rss_bytes()
        with contextlib.ExitStack() as silent:
            for _ in range(count):
                silent.enter_context(RawPeer(self.endpoint))
            self.good.await_progress(100)
            with RawPeer(self.endpoint) as newcomer:
                newcomer.open()
            grown = self.service.rss_bytes() - before
            if not harness.SANITIZED:
                self.assertLess(grown / count, 16 << 10, f"{grown} bytes for {count} connections")
        self.good.await_progress()
        self.assert_good_is_whole()

    def raise_descriptors(self):
        """How many connections this process may open, at most SILENT."""
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        count = min(SILENT, hard - len(os.listdir("/proc/self/fd")) - 100)
        self.assertGreater(count, 100)
        return count


if __name__ == "__main__":
    harness.require("grpcurl")
    harness.main()
