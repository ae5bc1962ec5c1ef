"""When the WebSocket server's port opens and closes, and which stream gets what comes in on a path."""
import json
import socket
import urllib.parse

import harness
from clients import RawPeer, frame


def is_open(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def port_of(endpoint):
    return urllib.parse.urlsplit(endpoint).port


class Listener(harness.EndToEndTest):
    def test_on_demand_it_opens_with_the_first_stream_and_closes_with_the_last(self):
        port = harness.free_port()
        service = self.inletd({"WEBSOCKET__SOURCE__HTTPSERVERPORT": str(port)})
        for _ in range(3):
            self.assertFalse(is_open(port), "before the first stream")
            for name in ("a", "b"):
                self.assertEqual(port_of(service.create(name)), port)
            service.call("DeleteStream", {"name": "a"})
            self.assertTrue(is_open(port), "while a stream is left")
            service.call("DeleteStream", {"name": "b"})
        self.assertFalse(is_open(port), "after the last stream")

    def test_always_it_is_open_without_a_stream(self):
        port = harness.free_port()
        service = self.inletd({"WEBSOCKET__SOURCE__HTTPSERVERPORT": str(port)}, files={
            "inlet.yaml": "log:\n  level: debug\n", "sources/websocket.yaml": "source:\n  listen: always\n"})
        with RawPeer(f"ws://127.0.0.1:{port}/demo") as peer:
            self.assertIn(" 404 ", peer.handshake())
        service.create("demo")
        service.call("DeleteStream", {"name": "demo"})
        self.assertTrue(is_open(port), "after the last stream")
        with RawPeer(f"ws://127.0.0.1:{port}/demo") as peer:
            self.assertIn(" 404 ", peer.handshake())

    def test_a_taken_port_is_the_creators_error_at_once_and_can_be_tried_again(self):
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = other.getsockname()[1]
            service = self.inletd({"WEBSOCKET__SOURCE__HTTPSERVERPORT": str(port)})
            result = service.grpcurl("CreateStream", {"stream": {"name": "demo"}})
            self.assert_refused(result, "FailedPrecondition", f"127.0.0.1:{port}", "ddress already in use",
                                "ADDRESS_UNAVAILABLE")
            self.assert_refused(service.grpcurl("GetStream", {"name": "demo"}), "NotFound")
        self.assertEqual(port_of(service.create("demo")), port)

    def test_a_taken_port_ends_the_start_where_it_is_always_open(self):
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = other.getsockname()[1]
            service = self.inletd({"WEBSOCKET__SOURCE__HTTPSERVERPORT": str(port),
                                   "WEBSOCKET__SOURCE__LISTEN": "always"}, wait=False)
            self.assertEqual(service.wait(), 1)
            self.assertIn(f"127.0.0.1:{port}", service.log())


class Paths(harness.EndToEndTest):
    def setUp(self):
        self.service = self.inletd()

    def records(self, name):
        responses = self.service.call("Subscribe", {"stream": name, "earliest": True, "stop_when_caught_up": True})
        return [record["data"]["to"] for response in responses for record in response.get("records", [])]

    def send(self, endpoint, path):
        """Sends a record that says which path it was sent to; returns when the service has closed."""
        url = urllib.parse.urlsplit(endpoint)
        with RawPeer(f"ws://{url.netloc}{path}") as peer:
            peer.open().send(frame(json.dumps({"to": path}).encode()) + frame(b"\x03\xe8", opcode=8))
            self.assertEqual(peer.close_code(), 1000)

    def test_two_streams_that_share_a_path_both_get_every_message(self):
        endpoint = self.service.create("one", datasource="/shared")
        self.service.create("two", datasource="/shared")
        self.send(endpoint, "/shared")
        self.service.call("DeleteStream", {"name": "one"})
        self.send(endpoint, "/shared")
        self.assertEqual(self.records("two"), ["/shared", "/shared"])

    def test_a_connection_outlives_one_of_the_streams_that_share_it(self):
        endpoint = self.service.create("one", datasource="/shared")
        self.service.create("two", datasource="/shared")
        with RawPeer(endpoint) as peer:
            peer.open()
            self.service.call("DeleteStream", {"name": "one"})
            peer.send(frame(b'{"to": "two"}') + frame(b"\x03\xe8", opcode=8))
            self.assertEqual(peer.close_code(), 1000)
        self.assertEqual(self.records("two"), ["two"])

    def test_streams_that_share_a_path_must_agree_on_its_settings(self):
        self.service.create("one", datasource="/shared")
        stream = {"name": "two", "datasource": "/shared", "settings": {"max_message_bytes": 1000}}
        self.assert_refused(self.service.grpcurl("CreateStream", {"stream": stream}), "FailedPrecondition", "/shared",
                            '"one"', "maxMessageBytes", "ENDPOINT_CONFLICT")

    def test_a_variable_stands_for_any_one_segment(self):
        endpoint = self.service.create("devices", datasource="/devices/{id}")
        for path in ("/devices/1", "/devices/a%20b"):
            self.send(endpoint, path)
        self.assertEqual(self.records("devices"), ["/devices/1", "/devices/a%20b"])
        for path in ("/devices", "/devices/", "/devices/1/2"):
            with self.subTest(path), RawPeer(f"ws://127.0.0.1:{port_of(endpoint)}{path}") as peer:
                self.assertIn(" 404 ", peer.handshake())

    def test_a_literal_path_beats_a_variable_one(self):
        endpoint = self.service.create("any", datasource="/devices/{id}")
        self.service.create("seven", datasource="/devices/7")
        for path in ("/devices/7", "/devices/8"):
            self.send(endpoint, path)
        self.assertEqual((self.records("seven"), self.records("any")), (["/devices/7"], ["/devices/8"]))

    def test_a_query_string_is_no_part_of_the_path(self):
        endpoint = self.service.create("demo")
        self.send(endpoint, "/demo?token=1&x=/a")
        self.assertEqual(len(self.records("demo")), 1)

    def test_a_path_that_was_deleted_is_404_and_can_come_back(self):
        self.service.create("keeper")
        endpoint = self.service.create("demo")
        first = self.service.get("demo")["status"]["epoch"]
        self.service.call("DeleteStream", {"name": "demo"})
        with RawPeer(endpoint) as peer:
            self.assertIn(" 404 ", peer.handshake())
        self.service.create("demo")
        self.send(endpoint, "/demo")
        self.assertNotEqual(self.service.get("demo")["status"]["epoch"], first, "another log has another epoch")


if __name__ == "__main__":
    harness.require("grpcurl")
    harness.main()
