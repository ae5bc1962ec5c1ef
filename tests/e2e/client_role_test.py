"""The client role: Inlet dials servers that nobody here wrote, loses them, finds them again, and tells the truth meanwhile."""
import contextlib
import json
import threading

import websockets

import certificates
import foreign_servers
import harness

SOON = {"backoffInitial": "0.1s", "backoffMax": "0.5s"}


class Feed:
    """What a remote server does: `script(connection, number)` for each connection, in order; it remembers what it got."""

    def __init__(self, script, **options):
        self.script, self.requests, self.received = script, [], []
        self.lock, self.count = threading.Lock(), 0
        self.server = foreign_servers.WebSocketServer(self._talk, compression=None, **options)
        self.port = self.server.port

    def _talk(self, connection):
        with self.lock:
            number, self.count = self.count, self.count + 1
        self.requests.append(connection.request)
        self.script(self, connection, number)

    def listen(self, connection):
        """Until the client goes."""
        with contextlib.suppress(websockets.exceptions.ConnectionClosed):
            for message in connection:
                self.received.append(message)

    def close(self):
        self.server.close()


def sends(*texts):
    def script(feed, connection, _number):
        for text in texts:
            connection.send(text)
        feed.listen(connection)
    return script


class ClientRole(harness.EndToEndTest):
    def feed(self, script, **options):
        feed = Feed(script, **options)
        self.addCleanup(feed.close)
        return feed

    def status(self, service, name="demo"):
        return service.get(name)["status"]

    def await_state(self, service, state):
        return harness.wait_until(lambda: (lambda s: s if s["state"] == state else None)(self.status(service)), state)

    def await_records(self, service, count):
        harness.wait_until(lambda: int(self.status(service).get("records", 0)) >= count, f"{count} records")

    def read_all(self, service):
        request = {"stream": "demo", "earliest": True, "encoding": "JSON", "stop_when_caught_up": True}
        return [record for response in service.call("Subscribe", request) for record in response.get("records", [])]

    def test_a_remote_server_is_dialled_and_its_messages_are_records(self):
        feed = self.feed(sends('{"n":1}', '[{"n":2},{"n":3}]'))
        service = self.inletd()
        endpoint = service.create("demo", datasource=f"ws://127.0.0.1:{feed.port}/ws?symbol=btc&key=hush", settings={
            "requestHeader": {"X-Feed": "mine"}, "openMessages": ['{"op":"subscribe"}', "second"]})
        self.assertEqual(endpoint, f"ws://127.0.0.1:{feed.port}/ws?symbol=btc&key=<redacted>")
        self.await_records(service, 3)
        self.assertEqual([record["json"] for record in self.read_all(service)], ['{"n":1}', '{"n":2}', '{"n":3}'])
        harness.wait_until(lambda: len(feed.received) == 2, "the open messages")
        self.assertEqual(feed.received, ['{"op":"subscribe"}', "second"])
        self.assertEqual(feed.requests[0].path, "/ws?symbol=btc&key=hush")
        self.assertEqual(feed.requests[0].headers["X-Feed"], "mine")
        self.assertEqual(service.get("demo")["role"], "CLIENT")
        self.assertEqual(self.await_state(service, "CONNECTED")["connects"], "1")
        self.assertNotIn("hush", service.log())

    def test_a_gap_stands_between_two_connections(self):
        def script(feed, connection, number):
            connection.send(json.dumps({"connection": number}))
            if number < 2:
                connection.close(1001, "moving")
            feed.listen(connection)
        feed = self.feed(script)
        service = self.inletd()
        service.create("demo", datasource=f"ws://127.0.0.1:{feed.port}/", settings=SOON)
        self.await_records(service, 3)
        records = self.read_all(service)
        kinds = [record.get("json") or record["gap"]["cause"] for record in records]
        self.assertEqual(kinds, ['{"connection": 0}', "SOURCE_DOWN", '{"connection": 1}', "SOURCE_DOWN",
                                 '{"connection": 2}'])
        gap = records[1]["gap"]
        self.assertIn("1001", gap["detail"])
        self.assertIn("moving", gap["detail"])
        self.assertLess(gap["start_time"], gap["end_time"])
        status = self.status(service)
        self.assertEqual((status["last_close_code"], status["last_close_reason"]), (1001, "moving"))

    def test_a_secret_is_read_again_at_each_dial_and_never_shown(self):
        def script(feed, connection, number):
            connection.send(json.dumps({"n": number}))
            if number > 0:
                feed.listen(connection)
        feed = self.feed(script)
        service = self.inletd(files={"inlet.yaml": "secrets:\n  dir: secrets\n", "secrets/feed": "hunter2\n"})
        (service.folder / "secrets" / "feed").write_text("hunter3\n", encoding="utf-8")
        service.create("demo", datasource=f"ws://127.0.0.1:{feed.port}/",
                       settings={**SOON, "requestHeader": {"Authorization": "Bearer ${file:feed}"}})
        self.await_records(service, 2)
        self.assertEqual({request.headers["Authorization"] for request in feed.requests}, {"Bearer hunter3"})
        shown = json.dumps(service.get("demo"))
        self.assertNotIn("hunter", shown + service.log())
        self.assertIn("${file:feed}", shown)

    def test_a_refusal_that_cannot_heal_says_what_to_change_and_is_tried_again(self):
        doors = {"open": False}

        def authorize(connection, request):
            return None if doors["open"] else connection.respond(401, "who are you\n")
        feed = self.feed(sends('{"n":1}'), process_request=authorize)
        service = self.inletd()
        service.create("demo", datasource=f"ws://127.0.0.1:{feed.port}/", settings=SOON)
        status = self.await_state(service, "FAILED")
        self.assertIn("401", status["reason"])
        self.assertIn("requestHeader", status["reason"])
        self.assertIn("401", status["last_error"])
        self.assertIn("retry_time", status)
        doors["open"] = True
        self.await_records(service, 1)
        self.assertIn("401", self.await_state(service, "CONNECTED")["last_error"])

    def test_nobody_listens_then_somebody_does(self):
        port = harness.free_port()
        service = self.inletd()
        service.create("demo", datasource=f"ws://127.0.0.1:{port}/", settings=SOON)
        status = self.await_state(service, "BACKOFF")
        self.assertIn("refused", status["reason"])
        harness.wait_until(lambda: self.status(service).get("attempt", 0) >= 3, "the third dial")

    def test_certificates_are_checked(self):
        authority, stranger = certificates.Authority(), certificates.Authority("Somebody Else")
        self.addCleanup(authority.close)
        self.addCleanup(stranger.close)
        feed = self.feed(sends('{"n":1}'), ssl=authority.server_context())
        service = self.inletd()
        url = f"wss://127.0.0.1:{feed.port}/"
        service.create("demo", datasource=url, settings={**SOON, "rootCARaw": stranger.text})
        self.assertIn("Test CA", self.await_state(service, "FAILED")["reason"])
        service.call("DeleteStream", {"name": "demo"})
        service.create("demo", datasource=url, settings={**SOON, "rootCARaw": authority.text})
        self.await_records(service, 1)

    def test_a_client_certificate_is_shown_to_who_wants_one(self):
        authority = certificates.Authority()
        self.addCleanup(authority.close)
        certfile, keyfile = authority.sign("client")
        feed = self.feed(sends('{"n":1}'), ssl=authority.server_context(client_authority=authority))
        service = self.inletd(files={"inlet.yaml": f"certificates:\n  dir: {authority.folder}\n"})
        service.create("demo", datasource=f"wss://127.0.0.1:{feed.port}/", settings={
            **SOON, "rootCaPath": authority.path, "certificationPath": certfile, "privateKeyPath": keyfile})
        self.await_records(service, 1)

    def test_a_message_above_the_limit_names_the_setting(self):
        feed = self.feed(sends(json.dumps({"a": "x" * 5000})))
        service = self.inletd()
        service.create("demo", datasource=f"ws://127.0.0.1:{feed.port}/", settings={**SOON, "maxMessageBytes": 1000})
        harness.wait_until(lambda: "maxMessageBytes" in self.status(service).get("reason", ""), "the reason")
        harness.wait_until(lambda: int(self.status(service).get("rejects", 0)) >= 2, "the second try")

    def test_pongs_are_ignored_and_heartbeats_sent(self):
        feed = self.feed(sends("pong", '{"n":1}', "pong"))
        service = self.inletd()
        service.create("demo", datasource=f"ws://127.0.0.1:{feed.port}/",
                       settings={"ignore": ["pong"], "heartbeatMessage": "ping", "heartbeatInterval": "0.2s"})
        harness.wait_until(lambda: feed.received.count("ping") >= 2, "two heartbeats")
        harness.wait_until(lambda: self.status(service).get("ignored") == "2", "two ignored")
        self.assertNotIn("rejects", self.status(service))

    def test_a_connection_without_records_is_stalled_and_dialled_again_if_wished(self):
        feed = self.feed(sends('{"n":1}'))
        service = self.inletd()
        service.create("demo", datasource=f"ws://127.0.0.1:{feed.port}/", settings={**SOON, "recordTimeout": "0.5s"})
        self.await_state(service, "STALLED")
        service.call("DeleteStream", {"name": "demo"})
        service.create("demo", datasource=f"ws://127.0.0.1:{feed.port}/",
                       settings={**SOON, "recordTimeout": "0.5s", "reconnectWhenStalled": True})
        self.await_records(service, 2)

    def test_watch_tells_each_change(self):
        def script(feed, connection, number):
            if number > 0:
                feed.listen(connection)
        feed = self.feed(script)
        service = self.inletd()
        watcher = harness.subprocess.Popen([harness.INLETCTL, "watch"], stdout=harness.subprocess.PIPE, text=True,
                                           env=harness.environment(INLET_ADDRESS=service.address))
        lines = []
        reader = threading.Thread(target=lambda: lines.extend(iter(watcher.stdout.readline, "")), daemon=True)
        for end in (watcher.stdout.close, reader.join, watcher.wait, watcher.kill):
            self.addCleanup(end)
        reader.start()
        service.create("before", datasource="/before")
        harness.wait_until(lambda: any("before" in line for line in lines), "the first line")
        service.create("demo", datasource=f"ws://127.0.0.1:{feed.port}/",
                       settings={"backoffInitial": "1s", "backoffMax": "1s"})
        harness.wait_until(lambda: feed.count > 1, "the second connection")
        harness.wait_until(lambda: any("demo connected" in line for line in lines), "connected")
        service.call("DeleteStream", {"name": "demo"})
        harness.wait_until(lambda: any("demo deleted" in line for line in lines), "the end")
        self.assertTrue(any("demo backoff" in line for line in lines), lines)

    def test_what_a_server_sends_is_what_a_reader_gets(self):
        texts = [json.dumps({"n": n, "text": "é€😀" * (n % 50), "list": list(range(n % 7))}, ensure_ascii=n % 2 == 0)
                 for n in range(2000)]
        feed = self.feed(sends(*texts))
        service = self.inletd()
        service.create("demo", datasource=f"ws://127.0.0.1:{feed.port}/")
        self.await_records(service, len(texts))
        self.assertEqual([record["json"] for record in self.read_all(service)], texts)

    def test_a_stop_says_goodbye(self):
        codes = []

        def script(feed, connection, _number):
            connection.send('{"n":1}')
            feed.listen(connection)
            codes.append(connection.protocol.close_rcvd.code)
        feed = self.feed(script)
        service = self.inletd()
        service.create("demo", datasource=f"ws://127.0.0.1:{feed.port}/")
        self.await_records(service, 1)
        service.stop()
        harness.wait_until(lambda: codes, "the close frame")
        self.assertEqual(codes, [1001])


if __name__ == "__main__":
    harness.require("grpcurl", "openssl")
    harness.main()
