"""Streams are changed while they run: what leaves the socket alone, what reconnects, what a pause leaves behind."""
import json
import threading

from websockets.sync.client import connect as ws_connect

import foreign_servers
import harness
from clients import RawPeer, connect, frame, pb


class Server(harness.EndToEndTest):
    """The server role."""

    def setUp(self):
        self.service = self.inletd()
        self.endpoint = self.service.create("demo", datasource="/a")

    def update(self, mask=None, **fields):
        request = {"stream": {"name": "demo", **fields}}
        if mask is not None:
            request["update_mask"] = {"paths": mask}
        return self.service.call("UpdateStream", request)[0]

    def records(self, name="demo"):
        responses = self.service.call("Subscribe", {"stream": name, "earliest": True, "stop_when_caught_up": True})
        return [record for response in responses for record in response.get("records", [])]

    def is_alive(self, peer):
        """The peer's next message becomes a record."""
        before = int(self.service.get("demo")["status"].get("records", 0))
        peer.send(frame(b'{"a":1}'))
        harness.wait_until(lambda: int(self.service.get("demo")["status"].get("records", 0)) > before, "the record")
        return True

    def test_what_concerns_the_log_leaves_the_socket_alone(self):
        with RawPeer(self.endpoint) as peer:
            peer.open()
            for number, change in enumerate((
                    {"retention": {"maxRecords": "3"}}, {"labels": {"team": "a"}}, {"description": "the first"},
                    {"settings": {"maxConnections": 5}}, {"settings": {"bearerTokens": ["secret"]}})):
                with self.subTest(change):
                    stream = self.update(**change)
                    self.assertTrue(stream["etag"].endswith(f"-{number + 2}"), stream["etag"])
                    self.assertTrue(self.is_alive(peer))
            self.assertEqual(len(self.records()), 3)
        with RawPeer(self.endpoint) as peer:
            self.assertIn(" 401 ", peer.handshake())
        with RawPeer(self.endpoint) as peer:
            self.assertIn(" 101 ", peer.handshake(Authorization="Bearer secret"))

    def test_a_connection_keeps_the_limits_that_it_began_with(self):
        with RawPeer(self.endpoint) as old:
            old.open()
            self.update(settings={"maxMessageBytes": 10})
            old.send(frame(b'{"long":"enough"}'))
            harness.wait_until(lambda: self.service.get("demo")["status"].get("records") == "1", "the record")
            with RawPeer(self.endpoint) as new:
                new.open().send(frame(b'{"long":"enough"}'))
                self.assertEqual(new.close_code(), 1009)

    def test_a_schema_and_the_origin_hold_for_later_records_alone(self):
        schema = {"columns": [{"name": "a", "type": "STRING"}]}
        with RawPeer(self.endpoint) as peer:
            peer.open()
            for count, change in enumerate(({}, {"record_origin": True}, {"schema": schema}), 1):
                self.update(**change)
                peer.send(frame(b'{"a":1,"b":2}'))
                harness.wait_until(lambda count=count: len(self.records()) == count, "the record")
            changed = self.service.get("demo")
        self.assertEqual((changed["record_origin"], changed["schema"]["columns"]), (True, schema["columns"]))
        records = self.records()
        self.assertEqual([record["data"] for record in records], [{"a": 1, "b": 2}, {"a": 1, "b": 2}, {"a": "1"}])
        self.assertEqual([record.get("origin", {}).get("path") for record in records], [None, "/a", "/a"])

    def test_another_path_closes_the_connections_and_keeps_the_log(self):
        with RawPeer(self.endpoint) as peer:
            peer.open()
            self.is_alive(peer)
            before = self.service.get("demo")["status"]
            stream = self.update(datasource="/b")
            self.assertEqual(peer.close_code(), 1012)
        self.assertEqual(stream["status"]["epoch"], before["epoch"])
        with RawPeer(self.endpoint) as peer:
            self.assertIn(" 404 ", peer.handshake())
        with RawPeer(stream["status"]["endpoint"]) as peer:
            peer.open()
            self.is_alive(peer)
        self.assertEqual([record["offset"] for record in self.records()], ["1", "2"])

    def test_streams_that_share_a_path_go_on_agreeing(self):
        self.service.create("other", datasource="/a")
        result = self.service.grpcurl("UpdateStream", {"stream": {"name": "demo", "settings": {"maxConnections": 3}}})
        self.assert_refused(result, "FailedPrecondition", "ENDPOINT_CONFLICT", "other")
        self.assertNotIn("max_connections", self.service.get("demo").get("settings", {}))
        with RawPeer(self.endpoint) as peer:
            peer.open()
            self.update(datasource="/b")
            peer.send(frame(b'{"a":1}'))
            harness.wait_until(lambda: self.service.get("other")["status"].get("records") == "1", "the other's record")

    def test_masks_etags_and_what_would_be(self):
        etag = self.service.get("demo")["etag"]
        would = self.service.call("UpdateStream", {"stream": {"name": "demo", "datasource": "/b"}, "validate_only": True})
        self.assertEqual(would[0]["datasource"], "/b")
        self.assertEqual(self.service.get("demo")["etag"], etag)
        changed = self.update(mask=["retention.max_records", "settings.pingInterval"], datasource="/b",
                              retention={"maxRecords": "5", "maxBytes": "70000"}, settings={"pingInterval": "5s"})
        self.assertEqual((changed["datasource"], changed["retention"], changed["settings"]),
                         ("/a", {"max_records": "5"}, {"ping_interval": "5s"}))
        cleared = self.update(mask=["settings.ping_interval"])
        self.assertNotIn("settings", cleared)
        self.assertEqual(self.update(mask=["settings.ping_interval"])["etag"], cleared["etag"])
        late = self.service.grpcurl("UpdateStream", {"stream": {"name": "demo", "etag": etag, "description": "late"}})
        self.assert_refused(late, "Aborted", "ETAG_MISMATCH")
        self.assert_refused(self.service.grpcurl("DeleteStream", {"name": "demo", "etag": etag}), "Aborted")
        typo = self.service.grpcurl("UpdateStream", {"stream": {"name": "demo"},
                                                     "update_mask": {"paths": ["settings.pingIntervall"]}})
        self.assert_refused(typo, "InvalidArgument", "settings.ping_interval", "FIELD_INVALID")
        self.assert_refused(self.service.grpcurl("UpdateStream", {"stream": {
            "name": "demo", "settings": {"addr": "localhost:1"}}}), "FailedPrecondition", "ROLE_CHANGE")
        self.assert_refused(self.service.grpcurl("UpdateStream", {"stream": {"name": "demo", "labels": {"a b": ""}}}),
                            "InvalidArgument", "stream.labels")
        made = self.service.call("UpdateStream", {"stream": {"name": "more"}, "allowMissing": True})[0]
        self.assertEqual(made["status"]["state"], "LISTENING")

    def test_a_secret_that_was_read_can_be_sent_back(self):
        self.update(settings={"bearerTokens": ["secret"]})
        shown = self.service.get("demo")
        self.assertEqual(shown["settings"]["bearer_tokens"], ["<redacted>"])
        shown["description"] = "sent back"
        self.service.call("UpdateStream", {"stream": shown, "update_mask": {"paths": ["*"]}})
        with RawPeer(self.endpoint) as peer:
            self.assertIn(" 101 ", peer.handshake(Authorization="Bearer secret"))

    def test_a_statement_is_shown_until_it_is_no_longer_true(self):
        self.service.call("CreateStream", {"sql": 'CREATE STREAM s () WITH (DATASOURCE="/s", TYPE="websocket")'})
        self.service.call("UpdateStream", {"stream": {"name": "s", "datasource": "/s"}})
        self.assertIn("sql", self.service.get("s"))
        self.service.call("UpdateStream", {"stream": {"name": "s", "description": "changed"}})
        self.assertNotIn("sql", self.service.get("s"))

    def test_a_pause_closes_the_path_and_leaves_a_gap(self):
        with RawPeer(self.endpoint) as peer:
            peer.open()
            self.is_alive(peer)
            paused = self.service.call("PauseStream", {"name": "demo"})[0]
            self.assertEqual(paused["status"]["state"], "PAUSED")
            self.assertEqual(peer.close_code(), 1001)
        self.assert_closed()
        self.service.call("PauseStream", {"name": "demo"})
        resumed = self.service.call("ResumeStream", {"name": "demo"})[0]
        self.assertEqual(resumed["status"]["state"], "LISTENING")
        with RawPeer(resumed["status"]["endpoint"]) as peer:  # the port was any free one, and is another now
            peer.open()
            self.is_alive(peer)
        first, gap, last = self.records()
        self.assertEqual((first["data"], last["data"]), ({"a": 1}, {"a": 1}))
        self.assertEqual((gap["gap"]["cause"], gap["gap"]["detail"]), ("SOURCE_DOWN", "paused"))
        self.assertLessEqual(gap["gap"]["start_time"], gap["gap"]["end_time"])

    def test_a_reconnect_closes_all_with_1012(self):
        with RawPeer(self.endpoint) as peer:
            peer.open()
            self.service.call("ReconnectStream", {"name": "demo"})
            self.assertEqual(peer.close_code(), 1012)

    def test_streams_are_listed_by_state_and_label(self):
        for name, labels in (("x", {"team": "a", "env": "prod"}), ("y", {"team": "a"}), ("z", {"team": "b"})):
            self.service.create(name, labels=labels)
        self.service.call("PauseStream", {"name": "y"})

        def listed(**filters):
            return [s["name"] for s in self.service.call("ListStreams", filters)[0].get("streams", [])]
        self.assertEqual(listed(labels={"team": "a"}), ["x", "y"])
        self.assertEqual(listed(labels={"team": "a", "env": "prod"}), ["x"])
        self.assertEqual(listed(states=["PAUSED"]), ["y"])
        self.assertEqual(listed(states=["PAUSED", "LISTENING"]), ["demo", "x", "y", "z"])
        self.assertEqual(listed(states=["FAILED"]), [])
        page = self.service.call("ListStreams", {"labels": {"team": "a"}, "page_size": 1})[0]
        self.assertEqual([s["name"] for s in page["streams"]], ["x"])
        page = self.service.call("ListStreams", {"labels": {"team": "a"}, "page_token": page["next_page_token"]})[0]
        self.assertEqual(([s["name"] for s in page["streams"]], page.get("next_page_token")), (["y"], None))

    def test_deletes_under_load_with_subscribers_and_sockets_open(self):
        stop, errors = threading.Event(), []

        def flood(endpoint):
            while not stop.is_set():
                try:
                    with ws_connect(endpoint, open_timeout=10, close_timeout=1) as peer:
                        while not stop.is_set():
                            peer.send('{"a":1}')
                except Exception:  # pylint: disable=broad-except  # deleted meanwhile, or refused: what is expected
                    stop.wait(0.01)

        def read(stub, name):
            try:
                for _ in stub.Subscribe(pb.SubscribeRequest(stream=name, earliest=True)):
                    pass
                errors.append(f"{name} ended with OK")
            except Exception as error:  # pylint: disable=broad-except
                if error.code().name != "NOT_FOUND":
                    errors.append(f"{name}: {error.code()}: {error.details()}")

        names = [f"load{i}" for i in range(4)]
        endpoint = {name: self.service.create(name) for name in names}
        threads = [threading.Thread(target=flood, args=(endpoint[name],)) for name in names]
        for thread in threads:
            thread.start()
        try:
            with connect(self.service) as stub:
                for _ in range(5):
                    readers = [threading.Thread(target=read, args=(stub, name)) for name in names for _ in range(2)]
                    for reader in readers:
                        reader.start()
                    for name in names:
                        harness.wait_until(lambda name=name: int(self.service.get(name)["status"].get("records", 0)) > 0
                                           and self.service.get(name)["status"].get("subscribers") == 2, "load")
                    for name in names:
                        self.service.call("DeleteStream", {"name": name})
                    for reader in readers:
                        reader.join(harness.PATIENCE)
                        self.assertFalse(reader.is_alive())
                    for name in names:
                        self.service.create(name)
        finally:
            stop.set()
            for thread in threads:
                thread.join(harness.PATIENCE)
        self.assertEqual(errors, [])

    def assert_closed(self):
        """Nobody listens on the port, or the path is not there."""
        try:
            with RawPeer(self.endpoint) as peer:
                self.assertIn(" 404 ", peer.handshake())
        except OSError:
            pass


class Client(harness.EndToEndTest):
    """The client role."""

    def setUp(self):
        self.requests, self.closes = [], []  # of connections, in order
        self.server = foreign_servers.WebSocketServer(self._talk, compression=None)
        self.addCleanup(self.server.close)
        self.service = self.inletd()
        self.service.create("demo", datasource=f"ws://127.0.0.1:{self.server.port}/a?token=first",
                            settings={"requestHeader": {"X-Key": "key"}})
        self.await_requests(1)

    def _talk(self, connection):
        self.requests.append(connection.request)
        connection.send(json.dumps({"path": connection.request.path}))
        try:
            for _ in connection:
                pass
        except Exception:  # pylint: disable=broad-except  # it goes
            pass
        self.closes.append(connection.close_code)

    def await_requests(self, count):
        harness.wait_until(lambda: len(self.requests) >= count, f"{count} requests")
        harness.wait_until(lambda: self.service.get("demo")["status"]["state"] == "CONNECTED", "the connection")

    def test_only_what_concerns_the_socket_reconnects(self):
        for change in ({"retention": {"maxRecords": "3"}}, {"labels": {"team": "a"}}, {"description": "x"}):
            self.service.call("UpdateStream", {"stream": {"name": "demo", **change}})
        self.assertEqual((len(self.requests), self.closes), (1, []))
        self.service.call("UpdateStream", {"stream": {"name": "demo", "settings": {"pingInterval": "5s"}}})
        self.await_requests(2)
        harness.wait_until(lambda: self.closes == [1000], "the close frame")
        self.assertEqual(self.service.get("demo")["status"].get("attempt", 0), 0)

    def test_headers_that_stay_as_they_are_do_not_reconnect(self):
        headers = {f"X-{number}": "value" for number in range(5)}
        self.service.call("UpdateStream", {"stream": {"name": "demo", "settings": {"requestHeader": headers}}})
        self.await_requests(2)
        for number in range(10):
            self.service.call("UpdateStream", {"stream": {"name": "demo", "description": f"the {number}."}})
        self.assertEqual(int(self.service.get("demo")["status"]["connects"]), 2)

    def test_secrets_stay_with_their_server_alone(self):
        url = f"ws://127.0.0.1:{self.server.port}/b?token=<redacted>"
        self.service.call("UpdateStream", {"stream": {"name": "demo", "datasource": url, "settings": {
            "requestHeader": {"X-Key": "<redacted>", "X-More": "more"}}}})
        self.await_requests(2)
        self.assertEqual(self.requests[1].path, "/b?token=first")
        self.assertEqual((self.requests[1].headers["X-Key"], self.requests[1].headers["X-More"]), ("key", "more"))
        thief = self.service.grpcurl("UpdateStream", {"stream": {
            "name": "demo", "datasource": "ws://localhost:1/b", "settings": {"requestHeader": {"X-Key": "<redacted>"}}}})
        self.assert_refused(thief, "InvalidArgument", "requestHeader", "FIELD_INVALID")
        thief = self.service.grpcurl("UpdateStream", {"stream": {
            "name": "demo", "datasource": "ws://localhost:1/b?token=<redacted>"},
            "update_mask": {"paths": ["datasource", "settings"]}})
        self.assert_refused(thief, "InvalidArgument", "stream.datasource")
        self.assertEqual(len(self.requests), 2)

    def test_a_secret_that_is_left_out_does_not_go_to_another_server(self):
        asked = []

        def hear(connection):
            asked.append(connection.request)
            connection.recv()
        thief = foreign_servers.WebSocketServer(hear, compression=None)
        self.addCleanup(thief.close)
        url = f"ws://127.0.0.1:{thief.port}/"
        stolen = self.service.grpcurl("UpdateStream", {"stream": {"name": "demo", "datasource": url},
                                                       "update_mask": {"paths": ["datasource"]}})
        self.assert_refused(stolen, "InvalidArgument", "stream.settings.requestHeader", "FIELD_INVALID")
        self.service.call("UpdateStream", {"stream": {"name": "demo", "datasource": url, "settings": {
            "requestHeader": {"X-Own": "own"}}}})
        harness.wait_until(lambda: asked, "the connection")
        self.assertEqual((asked[0].path, asked[0].headers["X-Own"], asked[0].headers.get("X-Key")), ("/", "own", None))

    def test_a_reconnect_dials_at_once_and_a_pause_stays(self):
        self.service.call("ReconnectStream", {"name": "demo"})
        self.await_requests(2)
        self.service.call("PauseStream", {"name": "demo"})
        harness.wait_until(lambda: len(self.closes) == 2, "the end of the connection")
        self.assertEqual(self.closes, [1000, 1001])
        self.service.call("ReconnectStream", {"name": "demo"})
        self.assertEqual(self.service.get("demo")["status"]["state"], "PAUSED")
        self.service.call("ResumeStream", {"name": "demo"})
        self.await_requests(3)
        responses = self.service.call("Subscribe", {"stream": "demo", "earliest": True, "stop_when_caught_up": True})
        records = [record for response in responses for record in response.get("records", [])]
        self.assertEqual([record["gap"]["detail"] for record in records if "gap" in record],
                         ["the connection was closed with 1000: ReconnectStream was called", "paused"])


if __name__ == "__main__":
    harness.require("grpcurl")
    harness.main()
