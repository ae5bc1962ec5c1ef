"""Conf keys of the real service: put, read, listed, deleted, edited in their file, and taken by streams."""
import contextlib
import os
import signal

import websockets

import foreign_servers
import harness

KEYS = "inlet.v1.ConfKeyService"


def small(number):
    return f"small:\n  maxMessageBytes: {number}\n"


class ConfKeys(harness.EndToEndTest):
    def service(self, sources="", **options):
        return self.inletd(files={"inlet.yaml": "", "sources/websocket.yaml": sources}, **options)

    def put(self, service, name, settings, **fields):
        return service.call(f"{KEYS}/PutConfKey", {"conf_key": {"name": name, "settings": settings}, **fields})[0]

    def key(self, service, name):
        return service.call(f"{KEYS}/GetConfKey", {"name": name})[0]

    def delete(self, service, name):
        return service.grpcurl(f"{KEYS}/DeleteConfKey", {"name": name})

    def await_bytes(self, service, number):
        """Until the key `small` says so."""
        harness.wait_until(lambda: self.key(service, "small")["settings"].get("max_message_bytes") == number,
                           f"maxMessageBytes {number}")

    def test_a_key_is_put_read_listed_and_deleted(self):
        service = self.service(small(1000))
        answer = self.put(service, "feed", {"requestHeader": {"Authorization": "Bearer secret"}})
        self.assertEqual(answer["conf_key"]["settings"]["request_header"], {"Authorization": "<redacted>"})
        self.assertEqual(answer["conf_key"]["layer"], "API")
        page = service.call(f"{KEYS}/ListConfKeys", {})[0]
        self.assertEqual([(key["name"], key["layer"]) for key in page["conf_keys"]],
                         [("default", "CONFIG_FILE"), ("feed", "API"), ("small", "CONFIG_FILE")])
        self.assertEqual(self.delete(service, "feed").returncode, 0)
        self.assert_refused(self.delete(service, "feed"), "NotFound", "there is no conf key")
        self.assert_refused(self.delete(service, "small"), "FailedPrecondition", "websocket.yaml")
        self.assertNotIn("secret", service.log())

    def test_a_key_that_a_stream_takes_is_not_deleted(self):
        service = self.service()
        self.put(service, "mine", {"maxMessageBytes": 5000})
        service.create("demo", conf_key="mine")
        self.assertEqual(self.key(service, "mine")["streams"], ["demo"])
        self.assert_refused(self.delete(service, "mine"), "FailedPrecondition", "in use by demo")

    def test_a_stream_reconnects_with_the_header_that_was_put(self):
        seen = []

        def handle(connection):
            seen.append(connection.request.headers.get("X-Key"))
            with contextlib.suppress(websockets.exceptions.ConnectionClosed):
                for _ in connection:
                    pass

        feed = foreign_servers.WebSocketServer(handle, compression=None)
        self.addCleanup(feed.close)
        service = self.service()
        settings = {"addr": f"127.0.0.1:{feed.port}", "scheme": "ws", "requestHeader": {"X-Key": "one"}}
        self.put(service, "feed", settings)
        service.create("demo", conf_key="feed")
        harness.wait_until(lambda: seen == ["one"], "the first connection")
        settings["requestHeader"]["X-Key"] = "two"
        dry = self.put(service, "feed", settings, validate_only=True)
        self.assertEqual(dry["reconnecting_streams"], ["demo"])
        self.assertEqual(self.put(service, "feed", settings)["reconnecting_streams"], ["demo"])
        harness.wait_until(lambda: seen == ["one", "two"], "the second connection")
        settings["backoffInitial"], settings["backoffMax"] = "3s", "2s"
        refused = service.grpcurl(f"{KEYS}/PutConfKey", {"conf_key": {"name": "feed", "settings": settings}})
        self.assert_refused(refused, "InvalidArgument", "backoffInitial")
        self.assertEqual(len(seen), 2)

    def test_an_edit_is_applied_and_a_broken_one_is_told(self):
        service = self.service(small(1000))
        path = service.folder / "sources/websocket.yaml"
        path.write_text(small(2000), encoding="utf-8")
        self.await_bytes(service, 2000)
        path.write_text("small:\n  maxMessageByts: 3000\n", encoding="utf-8")
        harness.wait_until(lambda: service.events("conf_keys_refused"), "the refusal")
        key = self.key(service, "small")
        self.assertEqual(key["settings"]["max_message_bytes"], 2000)
        self.assertIn("websocket.yaml:2", key["file_error"])
        (service.folder / "swap").write_text(small(4000), encoding="utf-8")
        os.replace(service.folder / "swap", path)
        self.await_bytes(service, 4000)
        self.assertNotIn("file_error", self.key(service, "small"))

    def test_an_edit_waits_for_the_streams_that_take_what_it_removes(self):
        service = self.service(small(1000))
        service.create("demo", conf_key="small")
        (service.folder / "sources/websocket.yaml").write_text("", encoding="utf-8")
        harness.wait_until(lambda: service.events("conf_keys_refused"), "the refusal")
        self.assertIn("in use by demo", self.key(service, "small")["file_error"])
        service.call("DeleteStream", {"name": "demo"})
        harness.wait_until(lambda: service.events("conf_keys_reloaded"), "the edit")
        self.assertNotEqual(service.grpcurl(f"{KEYS}/GetConfKey", {"name": "small"}).returncode, 0)

    def test_the_swap_of_a_config_map_is_seen(self):
        service = self.service()
        sources = service.folder / "sources"

        def swap(number):
            (sources / f"..{number}").mkdir()
            (sources / f"..{number}/websocket.yaml").write_text(small(number), encoding="utf-8")
            os.symlink(f"..{number}", sources / "..data_tmp")
            os.replace(sources / "..data_tmp", sources / "..data")

        swap(1000)
        os.symlink("..data/websocket.yaml", sources / "tmp")
        os.replace(sources / "tmp", sources / "websocket.yaml")
        harness.wait_until(lambda: service.grpcurl(f"{KEYS}/GetConfKey", {"name": "small"}).returncode == 0, "the key")
        for number in (2000, 3000):
            swap(number)
            self.await_bytes(service, number)

    def test_sighup_reads_the_file_again_and_says_so(self):
        service = self.service(small(1000))
        service.signal(signal.SIGHUP)
        harness.wait_until(lambda: service.events("conf_keys_reloaded"), "the answer to SIGHUP")

    def test_without_a_file_sighup_says_that_there_is_none(self):
        service = self.inletd()
        service.signal(signal.SIGHUP)
        harness.wait_until(lambda: service.events("reload_ignored"), "the answer to SIGHUP")
        self.assertEqual(self.key(service, "default")["layer"], "CONFIG_FILE")

    def test_a_change_of_the_server_asks_for_a_restart(self):
        service = self.service("source:\n  maxConnections: 10\n")
        (service.folder / "sources/websocket.yaml").write_text("source:\n  maxConnections: 20\n", encoding="utf-8")
        [line] = harness.wait_until(lambda: service.events("restart_needed"), "the warning")
        self.assertIn("source.maxConnections", line)


if __name__ == "__main__":
    harness.require("grpcurl")
    harness.main()
