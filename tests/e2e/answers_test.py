"""Every refusal and every close that the WebSocket server gives, as foreign clients and bare sockets read it."""
import asyncio
import http.client
import json
import signal
import subprocess
import urllib.parse

import websockets

import harness
from clients import RawPeer, frame, request_bytes

CONNECT_JS = harness.SOURCE_DIR / "tests/e2e/connect.js"
LIMIT = 1 << 20


def with_node(endpoint, *arguments):
    """What connect.js prints, one dictionary a line."""
    result = harness.run("node", CONNECT_JS, endpoint, *arguments)
    return [json.loads(line) for line in result.stdout.splitlines()]


class Answers(harness.EndToEndTest):
    def setUp(self):
        self.service = self.inletd()
        self.endpoint = self.service.create("demo")
        self.host = urllib.parse.urlsplit(self.endpoint).netloc

    def beside(self, path):
        return f"ws://{self.host}{path}"

    def status(self):
        return self.service.get("demo")["status"]


class Refusals(Answers):
    def test_an_unknown_path_is_404_for_websockets(self):
        async def attempt():
            async with websockets.connect(self.beside("/nowhere")):
                self.fail("connected")

        with self.assertRaises(websockets.InvalidStatus) as caught:
            asyncio.run(attempt())
        self.assertEqual(caught.exception.response.status_code, 404)
        self.assertIn(b"No stream listens on /nowhere", caught.exception.response.body)

    def test_an_unknown_path_is_404_for_ws(self):
        [answer] = with_node(self.beside("/nowhere"))
        self.assertEqual(answer["status"], 404)
        self.assertIn("No stream listens on /nowhere", answer["body"])

    def test_a_browser_or_curl_is_told_to_upgrade(self):
        connection = http.client.HTTPConnection(self.host, timeout=harness.PATIENCE)
        connection.request("GET", "/demo")
        answer = connection.getresponse()
        self.assertEqual((answer.status, answer.getheader("Upgrade")), (426, "websocket"))
        self.assertIn(b"WebSocket", answer.read())
        connection.close()

    def test_other_methods_are_405(self):
        for method in ("POST", "PUT", "DELETE"):
            with self.subTest(method), RawPeer(self.endpoint) as peer:
                peer.send(f"{method} /demo HTTP/1.1\r\nHost: {self.host}\r\nContent-Length: 0\r\n\r\n".encode())
                self.assertIn(" 405 ", peer.read_head())

    def test_another_version_is_426_with_ours(self):
        for version in ("8", "0", "99", None):
            with self.subTest(version), RawPeer(self.endpoint) as peer:
                head = peer.handshake(Sec_WebSocket_Version=version)
                self.assertTrue(head.startswith("HTTP/1.1 426 "), head)
                self.assertIn("\r\nSec-WebSocket-Version: 13", head)

    def test_a_refusal_is_counted_and_told(self):
        with RawPeer(self.endpoint) as peer:
            peer.handshake(Sec_WebSocket_Version="8")
        status = self.status()
        self.assertEqual(status["refused"], "1")
        self.assertIn("426", status["last_refusal"])

    def test_a_malformed_key_is_400(self):
        with RawPeer(self.endpoint) as peer:
            self.assertIn(" 400 ", peer.handshake(Sec_WebSocket_Key="short"))

    def test_nothing_but_an_upgrade_to_websocket_gets_101(self):
        """Above all not HTTP/2, which the library would speak."""
        settings = {"Upgrade": "h2c", "Connection": "Upgrade, HTTP2-Settings", "HTTP2_Settings": "AAMAAABkAAQAAP__"}
        for changes in (settings, {"Upgrade": "H2C"}, {"Upgrade": "h2c, websocket"}, {"Upgrade": "foo"}):
            with self.subTest(str(changes)), RawPeer(self.endpoint) as peer:
                peer.send(request_bytes("/demo", self.host, **changes))
                self.assertNotIn(b" 101 ", peer.read_to_end())

    def test_the_http2_preface_gets_no_http2(self):
        with RawPeer(self.endpoint) as peer:
            peer.send(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0")
            answer = peer.read_to_end()
        self.assertRegex(answer, rb"^HTTP/1\.[01] 4\d\d ")

    def test_64_kilobytes_of_headers_are_refused(self):
        for headers in ({"Cookie": "x" * 65536}, {f"X-Filler-{n}": "x" * 1000 for n in range(64)}):
            with RawPeer(self.endpoint) as peer:
                try:
                    peer.send(request_bytes("/demo", self.host, **headers))
                except ConnectionError:
                    continue  # closed while we were sending
                self.assertNotIn(b" 101 ", peer.read_to_end())

    def test_20_kilobytes_of_cookies_pass(self):
        with RawPeer(self.endpoint) as peer:
            self.assertIn(" 101 ", peer.handshake(Cookie="x" * 20_000))


class Closes(Answers):
    def test_binary_is_a_reject_and_the_connection_stays(self):
        with RawPeer(self.endpoint) as peer:
            peer.open().send(frame(b'{"a":1}', opcode=2) + frame(b'{"a":2}'))
            status = harness.wait_until(lambda: s if (s := self.status()).get("records") == "1" else None, "the record")
        self.assertEqual((status["rejects"], status["connections"]), ("1", 1))
        self.assertIn("binary", status["last_reject"].lower())

    def test_invalid_utf8_is_1007(self):
        for parts in ([frame(b'{"a":"\xff"}')], [frame(b'{"a":"\xe4', fin=False), frame(b'bc"}', opcode=0)]):
            with RawPeer(self.endpoint) as peer:
                peer.open().send(frame(b'{"before":1}') + b"".join(parts))
                self.assertEqual(peer.close_code(), 1007)
        status = harness.wait_until(lambda: s if not (s := self.status()).get("connections") else None, "the end")
        self.assertEqual((status["records"], status["rejects"]), ("2", "2"))

    def test_a_message_above_the_limit_is_1009(self):
        over = b'{"a":"' + b"x" * LIMIT + b'"}'
        for data in (frame(over), frame(over[:LIMIT // 2], fin=False) + frame(over[LIMIT // 2:], opcode=0)):
            with RawPeer(self.endpoint) as peer:
                peer.open()
                try:
                    peer.send(data)
                except ConnectionError:
                    pass  # closed before all was sent
                self.assertEqual(peer.close_code(), 1009)

    def test_ws_reads_1009(self):
        last = with_node(self.endpoint, str(LIMIT))[-1]
        self.assertEqual(last["code"], 1009)

    def test_websockets_reads_1009(self):
        async def attempt():
            async with websockets.connect(self.endpoint) as peer:
                await peer.send("x" * (LIMIT + 1))
                await peer.recv()

        with self.assertRaises(websockets.ConnectionClosedError) as caught:
            asyncio.run(attempt())
        self.assertEqual(caught.exception.rcvd.code, 1009)

    def test_delete_closes_with_1001(self):
        codes = self.close_code_of_both(lambda: self.service.call("DeleteStream", {"name": "demo"}))
        self.assertEqual(codes, (1001, 1001))

    def test_sigterm_closes_with_1001(self):
        self.assertEqual(self.close_code_of_both(lambda: self.service.signal(signal.SIGTERM)), (1001, 1001))
        self.assertEqual(self.service.wait(), 0)

    def close_code_of_both(self, act):
        """The codes that websockets and ws read after act()."""
        node = subprocess.Popen(["node", CONNECT_JS, self.endpoint], stdout=subprocess.PIPE, text=True)
        self.addCleanup(node.stdout.close)
        self.assertEqual(json.loads(node.stdout.readline()), {"open": True})

        async def python():
            async with websockets.connect(self.endpoint) as peer:
                await asyncio.to_thread(act)
                await peer.wait_closed()
                return peer.close_code

        python_code = asyncio.run(python())
        node_code = json.loads(node.stdout.readline())["code"]
        self.assertEqual(node.wait(harness.PATIENCE), 0)
        return python_code, node_code

    def test_protocol_errors_are_1002(self):
        for name, data in (("reserved bit", frame(b"{}", reserved=4)), ("opcode 3", frame(b"{}", opcode=3)),
                           ("opcode 11", frame(b"", opcode=11)), ("continuation first", frame(b"{}", opcode=0)),
                           ("text inside a fragment", frame(b"{", fin=False) + frame(b"{}")),
                           ("fragmented ping", frame(b"", opcode=9, fin=False)),
                           ("close with one byte", frame(b"\x03", opcode=8)),
                           ("close with a reserved code", frame(b"\x03\xed", opcode=8))):
            with self.subTest(name), RawPeer(self.endpoint) as peer:
                peer.open().send(frame(b'{"a":1}') + data)
                self.assertEqual(peer.close_code(), 1002)

    def test_a_ping_is_answered_also_between_fragments(self):
        with RawPeer(self.endpoint) as peer:
            peer.open().send(frame(b'{"a":', fin=False) + frame(b"hello", opcode=9))
            self.assertEqual(peer.read_frame(), (10, b"hello"))
            peer.send(frame(b"1}", opcode=0))
            harness.wait_until(lambda: self.status().get("records") == "1", "the record")


if __name__ == "__main__":
    harness.require("grpcurl", "node")
    harness.main()
