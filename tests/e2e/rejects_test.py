"""What cannot become a record: counted by reason, and to be read with its content, whoever sent it and whoever reads."""
import base64
import concurrent.futures
import contextlib
import json
import threading
import time

import grpc
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect as connect_websocket

import harness
from clients import RawPeer, connect, error_reason, frame, pb
from foreign_servers import WebSocketServer

GARBAGE_JS = harness.SOURCE_DIR / "tests/e2e/garbage.js"
MOST = 10_000  # maxMessageBytes of the stream
KEPT = 1 << 20
CUT = 4096

# What is sent (text as str, binary as bytes), and what is told of it: reason, content, size, index.
HARMLESS = [
    ("nope", [("INVALID_JSON", "nope", 4, None)]),
    ("", [("INVALID_JSON", "", 0, None)]),
    ('{"a":1', [("INVALID_JSON", '{"a":1', 6, None)]),
    ("5", [("NOT_AN_OBJECT", "5", 1, None)]),
    ('[{"a":1},null,{"b":2},"é"]', [("NOT_AN_OBJECT", "null", 4, 1), ("NOT_AN_OBJECT", '"é"', 4, 3)]),
    ('{"a":' * 1025 + "1" + "}" * 1025, [("TOO_DEEP", ('{"a":' * 1025)[:CUT], 6 * 1025 + 1, None)]),
    (b"\x00\xff{}", [("BINARY_MESSAGE", b"\x00\xff{}", 4, None)]),
    (b"{}", [("BINARY_MESSAGE", b"{}", 2, None)]),
]
# These close their connection.
FATAL = [
    (b'{"a":"\xff"}', 1007, ("INVALID_UTF8", b'{"a":"\xff"}', 9, None)),
    (b'{"a":"' + b"x" * MOST + b'"}', 1009, ("TOO_LARGE", '{"a":"' + "x" * (CUT - 6), MOST + 8, None)),
]


def told(record):
    """A reject as the tables above have it."""
    reject = record.reject
    content = getattr(reject, reject.WhichOneof("content")) if reject.WhichOneof("content") else None
    return (pb.Reject.Reason.Name(reject.reason), content, reject.size, reject.index if reject.HasField("index") else None)


class Rejects(harness.EndToEndTest):
    def setUp(self):
        self.service = self.inletd()
        self.endpoint = self.service.create("demo", settings={"max_message_bytes": MOST, "ignore": ["pong"]})

    def status(self):
        return self.service.get("demo")["status"]

    def await_rejects(self, count):
        harness.wait_until(lambda: int(self.status().get("rejects", 0)) >= count, f"{count} rejects")

    def read(self, **request):
        """(records, notices) of a subscription that ends by itself."""
        request.setdefault("stop_when_caught_up", True)
        request.setdefault("channel", "REJECTS")
        with connect(self.service) as stub:
            responses = list(stub.Subscribe(pb.SubscribeRequest(stream="demo", **request), timeout=harness.PATIENCE))
        return ([record for response in responses for record in response.records],
                [response.notice for response in responses if response.HasField("notice")])

    def flood(self, text, count, pieces=500):
        with RawPeer(self.endpoint) as peer:
            peer.open()
            for _ in range(count // pieces):
                peer.send(frame(text.encode()) * pieces)
            self.await_rejects(count)


class Senders(Rejects):
    def check(self, expected):
        records, _ = self.read(earliest=True)
        self.assertEqual([told(record) for record in records], expected)
        self.assertEqual([record.offset for record in records], list(range(1, len(expected) + 1)))
        self.assertTrue(all(record.connection and record.receive_time.seconds for record in records))
        self.assertTrue(all(record.reject.detail for record in records))
        by_reason = {}
        for reason, *_ in expected:
            by_reason[reason] = by_reason.get(reason, 0) + 1
        status = self.status()
        self.assertEqual({name: int(count) for name, count in status["rejects_by_reason"].items()}, by_reason)
        self.assertEqual(int(status["rejects"]), len(expected))

    def test_garbage_from_python(self):
        expected = []
        with connect_websocket(self.endpoint, compression=None) as peer:
            for sent, rejects in HARMLESS:
                peer.send(sent)
                expected += rejects
            self.await_rejects(len(expected))
            self.assertEqual(int(self.status()["records"]), 2, "the good elements have passed")
        for sent, code, reject in FATAL:
            with contextlib.suppress(ConnectionClosed), connect_websocket(self.endpoint, compression=None) as peer:
                peer.send(sent, text=True)
                expected.append(reject)
                peer.recv(timeout=harness.PATIENCE)
            self.assertEqual(peer.close_code, code)
        self.check(expected)

    def test_garbage_from_node(self):
        expected = []
        lines = []
        for sent, rejects in HARMLESS:
            content = sent.encode() if isinstance(sent, str) else sent
            lines.append({"base64": base64.b64encode(content).decode(), "binary": isinstance(sent, bytes)})
            expected += rejects
        self.assertEqual(self.node(lines), 1000)
        for sent, code, reject in FATAL:
            self.assertEqual(self.node([{"base64": base64.b64encode(sent).decode(), "binary": False}]), code)
            expected.append(reject)
        self.check(expected)

    def node(self, lines):
        """The code that the connection was closed with."""
        path = self.service.folder / "garbage"
        path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
        result = harness.run("node", GARBAGE_JS, self.endpoint, path)
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout)["code"]

    def test_messages_in_pieces_come_with_their_beginning(self):
        with RawPeer(self.endpoint) as peer:
            peer.open()
            peer.send(frame(b"\xff" * 3000, opcode=2, fin=False) + frame(b"\xfe" * 3000, opcode=0))
            self.await_rejects(1)
            peer.send(frame(b'{"a":"', fin=False) + frame(b"y" * 3000, opcode=0, fin=False))
            peer.send(frame(b"z" * MOST, opcode=0))
            self.assertEqual(peer.close_code(), 1009)
        binary, large = [record.reject for record in self.read(earliest=True)[0]]
        self.assertEqual(binary.binary, b"\xff" * 3000 + b"\xfe" * (CUT - 3000))
        self.assertEqual(binary.size, 6000)
        self.assertTrue(large.text.startswith('{"a":"' + "y" * 3000), "as far as it had come")
        self.assertEqual(large.size, 3006 + MOST)

    def test_only_text_that_is_cut_ends_at_a_character(self):
        text = '"' + "é" * 3000 + '"'
        with RawPeer(self.endpoint) as peer:
            peer.open().send(frame(text.encode()))
            self.await_rejects(1)
        [record] = self.read(earliest=True)[0]
        self.assertEqual((record.reject.text, record.reject.size), ('"' + "é" * 2047, 6002))

    def test_the_client_role_tells_the_same(self):
        sent = [message for message, _ in HARMLESS]
        expected = [reject for _, rejects in HARMLESS for reject in rejects]

        def talk(peer):
            for message in sent:
                peer.send(message)
            with contextlib.suppress(ConnectionClosed):
                peer.recv()

        server = WebSocketServer(talk, compression=None)
        self.addCleanup(server.close)
        self.service.call("DeleteStream", {"name": "demo"})
        self.service.create("demo", datasource=f"ws://127.0.0.1:{server.port}/")
        self.await_rejects(len(expected))
        self.check(expected)


class Readers(Rejects):
    def test_a_reader_of_one_channel_never_sees_the_others(self):
        with RawPeer(self.endpoint) as peer:
            peer.open().send(b"".join(frame(b'[{"n":%d},%d]' % (n, n)) for n in range(100)))
            self.await_rejects(100)
        for encoding in ("DATA", "JSON"):
            records, _ = self.read(channel="RECORDS", encoding=encoding, earliest=True)
            self.assertEqual([record.HasField("reject") for record in records], [False] * 100)
            rejects, _ = self.read(channel="REJECTS", encoding=encoding, earliest=True)
            self.assertEqual([record.reject.text for record in rejects], [str(n) for n in range(100)])

    def test_positions_are_those_of_its_own_log(self):
        with RawPeer(self.endpoint) as peer:
            peer.open().send(b"".join(frame(str(n).encode()) for n in range(20)))
            self.await_rejects(20)
        _, notices = self.read(earliest=True)
        epoch = notices[0].started.epoch
        self.assertNotEqual(epoch, self.status()["epoch"])
        after = [record.offset for record in self.read(after=pb.Position(epoch=epoch, offset=15))[0]]
        self.assertEqual(after, [16, 17, 18, 19, 20])
        self.assertEqual([record.offset for record in self.read(last=3)[0]], [18, 19, 20])
        self.assertEqual([record.offset for record in self.read(earliest=True, max_records=2)[0]], [1, 2])
        _, notices = self.read(after=pb.Position(epoch=self.status()["epoch"], offset=1))
        self.assertEqual(notices[1].gap.cause, pb.Gap.NEW_EPOCH, "an epoch of the records means nothing here")
        with self.assertRaises(grpc.RpcError) as ahead:
            self.read(after=pb.Position(epoch=epoch, offset=21))
        self.assertEqual(error_reason(ahead.exception), "OFFSET_AHEAD")

    def test_a_waiting_reader_gets_rejects_as_they_come_and_heartbeats(self):
        with connect(self.service) as stub, RawPeer(self.endpoint) as peer:
            request = pb.SubscribeRequest(stream="demo", channel="REJECTS")
            request.heartbeat_interval.seconds = 1
            call = stub.Subscribe(request, timeout=harness.PATIENCE)
            self.assertTrue(next(call).notice.HasField("started"))
            self.assertEqual(int(self.status()["subscribers"]), 1)
            peer.open().send(frame(b'{"n":1}') + frame(b"nope"))
            record = next(record for response in call for record in response.records)
            self.assertEqual(record.reject.text, "nope")
            beat = next(response.notice.heartbeat for response in call if response.notice.HasField("heartbeat"))
            self.assertEqual(beat.resume_after.offset, record.offset)
            call.cancel()

    def test_deletion_ends_the_readers_of_both(self):
        with connect(self.service) as stub, concurrent.futures.ThreadPoolExecutor() as pool:
            calls = [stub.Subscribe(pb.SubscribeRequest(stream="demo", channel=channel), timeout=harness.PATIENCE)
                     for channel in ("RECORDS", "REJECTS")]
            for call in calls:
                self.assertTrue(next(call).notice.HasField("started"))
            ends = [pool.submit(lambda call=call: list(call)) for call in calls]
            self.service.call("DeleteStream", {"name": "demo"})
            for end in ends:
                self.assertEqual(error_reason(end.exception(harness.PATIENCE)), "STREAM_DELETED")

    def test_inletctl_prints_a_line_for_each(self):
        with RawPeer(self.endpoint) as peer:
            peer.open().send(frame(b'[{"n":1},5]') + frame(b"\x01\xff", opcode=2))
            self.await_rejects(2)
        result = self.service.inletctl("subscribe", "demo", "--rejects", "--from", "earliest", "--until-now", "--quiet")
        first, second = map(json.loads, result.stdout.splitlines())
        self.assertEqual((first["reason"], first["index"], first["byteOffset"], first["text"]), ("NOT_AN_OBJECT", 1, 9, "5"))
        self.assertEqual((second["reason"], second["binary"]), ("BINARY_MESSAGE", "Af8="))
        full = self.service.inletctl("subscribe", "demo", "--rejects", "--from", "-1", "--until-now", "--output", "full")
        line = json.loads(full.stdout)
        self.assertEqual((line["offset"], line["reject"]["reason"]), (2, "BINARY_MESSAGE"))
        again = self.service.inletctl("subscribe", "demo", "--rejects", "--from", f"{line['epoch']}:2", "--until-now", "-q")
        self.assertEqual(json.loads(again.stdout)["reason"], "BINARY_MESSAGE")
        bare = self.service.inletctl("subscribe", "demo", "--rejects", "--from", "2")
        self.assertIn("EPOCH:OFFSET", bare.stderr)
        shown = self.service.inletctl("show", "demo").stdout
        self.assertIn("2 (1 BINARY_MESSAGE, 1 NOT_AN_OBJECT), last ", shown)

    def test_what_is_dropped_without_being_a_reject_is_counted_too(self):
        with RawPeer(self.endpoint) as peer:
            peer.open().send(frame(b"pong") * 3)
            harness.wait_until(lambda: self.status().get("ignored") == "3", "the ignored messages")
        with RawPeer(self.endpoint) as peer:
            self.assertIn(" 426 ", peer.handshake(Sec_WebSocket_Version="8"))
        harness.wait_until(lambda: self.status().get("refused") == "1", "the refused handshake")
        self.assertIn("426", self.status()["last_refusal"])
        shown = self.service.inletctl("show", "demo").stdout
        self.assertIn("3 messages", shown)
        self.assertIn("1 refused (last", shown)


class Bounds(Rejects):
    def test_a_flood_keeps_the_newest_mebibyte(self):
        before = self.service.rss_bytes()
        self.flood("no json " + "x" * 1000, 20_000)
        records, notices = self.read(earliest=True)
        self.assertEqual(records[-1].offset, 20_000)
        self.assertEqual(notices[0].started.first_offset, records[0].offset)
        kept = sum(record.ByteSize() for record in records)
        self.assertLess(kept, KEPT)
        self.assertGreater(kept, KEPT // 2)
        grown = self.service.rss_bytes() - before
        if not harness.SANITIZED:
            self.assertLess(grown, 16 << 20, "20 MiB of garbage were sent")

    def test_a_reader_behind_a_flood_is_told_what_it_misses(self):
        with connect(self.service) as stub:
            self.flood("nope", 100, pieces=100)
            call = stub.Subscribe(pb.SubscribeRequest(stream="demo", channel="REJECTS", earliest=True), timeout=600)
            epoch = next(call).notice.started.epoch
            call.cancel()
        self.flood("no json " + "x" * 1000, 10_000)
        _, notices = self.read(after=pb.Position(epoch=epoch, offset=5))
        self.assertEqual(notices[1].gap.cause, pb.Gap.EVICTED)
        self.assertEqual(notices[1].gap.first_offset, 6)
        with self.assertRaises(grpc.RpcError) as failed:
            self.read(after=pb.Position(epoch=epoch, offset=5), when_behind="FAIL")
        self.assertEqual(error_reason(failed.exception), "OFFSET_EVICTED")

    def test_a_flood_does_not_hold_up_a_neighbour(self):
        neighbour = self.service.create("neighbour")
        over = threading.Event()

        def shout():
            with RawPeer(self.endpoint) as peer:
                peer.open()
                while not over.is_set():
                    peer.send(frame(b"[" + b",".join([b"0"] * 500) + b"]") * 20)

        with connect(self.service) as stub, RawPeer(neighbour) as peer, concurrent.futures.ThreadPoolExecutor() as pool:
            shouting = pool.submit(shout)
            try:
                call = stub.Subscribe(pb.SubscribeRequest(stream="neighbour", encoding="JSON"), timeout=harness.PATIENCE)
                self.assertTrue(next(call).notice.HasField("started"))
                self.await_rejects(100_000)
                peer.open()
                delays = []
                for n in range(100):
                    begin = time.monotonic()
                    peer.send(frame(b'{"n":%d}' % n))
                    next(record for response in call for record in response.records)
                    delays.append(time.monotonic() - begin)
                self.assertLess(sorted(delays)[50], 0.5, "the median of a hundred messages beside the flood")
                call.cancel()
            finally:
                over.set()
            shouting.result(harness.PATIENCE)


if __name__ == "__main__":
    harness.require("grpcurl", "node")
    harness.main()
