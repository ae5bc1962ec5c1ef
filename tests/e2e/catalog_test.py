"""Definitions that last: what the next start finds, where it is kept, and what happens when it cannot be."""
import contextlib
import datetime
import os
import re
import resource
import socket
import sqlite3

import harness

CATALOG = "data/catalog.db"


class Restart(harness.EndToEndTest):
    def again(self, service):
        service.stop()
        service.start_again()
        return service

    def test_streams_come_back_as_they_were_defined(self):
        service = self.inletd()
        service.create("fields", datasource="/a", labels={"team": "feeds"}, description="its words",
                       retention={"max_records": "7"}, settings={"ping_interval": "2s", "bearer_tokens": ["secret"]})
        service.call("CreateStream", {"sql": 'CREATE STREAM statement () WITH (DATASOURCE="/b", TYPE="websocket")'})
        service.create("gone")
        service.call("DeleteStream", {"name": "gone"})
        before = {name: service.get(name) for name in ("fields", "statement")}
        self.again(service)
        streams = service.call("ListStreams", {})[0]["streams"]
        self.assertEqual([stream["name"] for stream in streams], ["fields", "statement"])
        for stream in streams:
            was = before[stream["name"]]
            self.assertEqual(stream["status"]["state"], "LISTENING")
            for field in ("datasource", "labels", "description", "retention", "settings", "sql", "create_time", "update_time",
                          "etag"):
                self.assertEqual(stream.get(field), was.get(field), field)

    def test_a_paused_stream_stays_paused(self):
        service = self.inletd()
        service.create("demo")
        service.call("PauseStream", {"name": "demo"})
        paused_by = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="microseconds")
        self.again(service)
        self.assertEqual(service.get("demo")["status"]["state"], "PAUSED")
        service.call("ResumeStream", {"name": "demo"})
        responses = service.call("Subscribe", {"stream": "demo", "earliest": True, "stop_when_caught_up": True})
        gap = next(record["gap"] for response in responses for record in response.get("records", []))
        self.assertEqual(gap["detail"], "paused")
        self.assertLessEqual(gap["start_time"].rstrip("Z")[:26], paused_by)
        self.again(service)
        self.assertEqual(service.get("demo")["status"]["state"], "LISTENING")

    def test_the_gap_after_a_kill_does_not_begin_before_the_stream(self):
        service = self.inletd()
        harness.wait_until(lambda: self.last_alive(service), "the service to write down that it runs")
        service.create("demo")
        service.process.kill()
        service.wait()
        service.start_again()
        responses = service.call("Subscribe", {"stream": "demo", "earliest": True, "stop_when_caught_up": True})
        gap = next(record["gap"] for response in responses for record in response.get("records", []))
        self.assertGreaterEqual(gap["start_time"], service.get("demo")["create_time"])

    def last_alive(self, service):
        with contextlib.closing(sqlite3.connect(f"file:{service.folder / CATALOG}?mode=ro", uri=True)) as catalog:
            return catalog.execute("SELECT time FROM last_alive").fetchone()

    def test_a_conf_key_comes_back_before_the_streams_that_use_it(self):
        service = self.inletd()
        put = {"conf_key": {"name": "small", "settings": {"max_message_bytes": 1000}}}
        service.call("inlet.v1.ConfKeyService/PutConfKey", put)
        service.create("demo", conf_key="small")
        self.again(service)
        self.assertEqual(service.get("demo")["effective_settings"]["max_message_bytes"], 1000)
        self.assertEqual(service.get("demo")["status"]["state"], "LISTENING")

    def test_one_whose_conf_key_is_gone_is_failed_and_answers_every_call(self):
        sources = {"small": "  maxMessageBytes: 1000\n", "remote": "  addr: 127.0.0.1:1\n"}
        text = "".join(f"{name}:\n{section}" for name, section in sources.items())
        service = self.inletd(files={"inlet.yaml": "", "sources/websocket.yaml": text})
        for name in sources:
            service.create(f"of-{name}", conf_key=name, datasource="/own")
        service.stop()
        (service.folder / "sources/websocket.yaml").write_text("", encoding="utf-8")
        service.start_again()
        for name in sources:
            with self.subTest(name):
                self.answers_while_failed(service, f"of-{name}", f'there is no conf key "{name}"')
        service.call("inlet.v1.ConfKeyService/PutConfKey", {"conf_key": {"name": "small"}})
        service.call("ResumeStream", {"name": "of-small"})
        self.assertEqual(service.get("of-small")["status"]["state"], "LISTENING")

    def test_one_that_dials_never_becomes_an_open_path(self):
        connections = "inlet.v1.ConnectionService/"
        service = self.inletd(files={"inlet.yaml": "", "sources/websocket.yaml": "feed:\n  addr: 127.0.0.1:1\n"})
        service.create("demo", conf_key="feed")
        service.stop()
        (service.folder / "sources/websocket.yaml").write_text("feed:\n  pingInterval: 5s\n", encoding="utf-8")
        service.start_again()
        stream = service.get("demo")
        self.assertEqual((stream["status"]["state"], stream["role"]), ("FAILED", "CLIENT"))
        why = 'set addr again, in the conf key "feed"'
        self.assertIn(why, stream["status"]["reason"])
        for method, request in (("UpdateStream", {"stream": {"name": "demo", "description": "x"}}),
                                (f"{connections}CheckConnection", {"stream": "demo"})):
            self.assert_refused(service.grpcurl(method, request), "FailedPrecondition", "ROLE_CHANGE", why)
        put = {"conf_key": {"name": "feed", "settings": {"addr": "127.0.0.1:1"}}}
        service.call("inlet.v1.ConfKeyService/PutConfKey", put)
        self.assertIn(service.get("demo")["status"]["state"], ("RESOLVING", "CONNECTING", "BACKOFF"))
        self.assertEqual(service.get("demo")["status"]["endpoint"], "ws://127.0.0.1:1/")

    def test_one_whose_secret_is_gone_is_failed_and_its_check_says_why(self):
        service = self.inletd({"INLET__SECRETS__ENV": "FEED_*", "FEED_TOKEN": "a-token"})
        service.create("demo", settings={"bearer_tokens": ["${env:FEED_TOKEN}"]})
        service.stop()
        del service.settings["FEED_TOKEN"]
        service.start_again()
        status = service.get("demo")["status"]
        self.assertEqual(status["state"], "FAILED")
        self.assertIn("FEED_TOKEN", status["reason"])
        self.assert_refused(service.grpcurl("inlet.v1.ConnectionService/CheckConnection", {"stream": "demo"}),
                            "InvalidArgument", "FEED_TOKEN")
        service.call("UpdateStream", {"stream": {"name": "demo"}, "update_mask": {"paths": ["settings"]}})
        self.assertEqual(service.get("demo")["status"]["state"], "LISTENING")

    def answers_while_failed(self, service, name, why):
        """Every call that names the stream; it is paused then."""
        connections = "inlet.v1.ConnectionService/"
        self.assertEqual(service.get(name)["status"]["state"], "FAILED")
        self.assertIn(why, service.get(name)["status"]["reason"])
        self.assertEqual([s["name"] for s in service.call("ListStreams", {"states": ["FAILED"]})[0]["streams"]][-1], name)
        watched = service.grpcurl("WatchStream", {"name": name}, options=["-max-time", "0.5"])
        self.assertIn(r'"state": "FAILED"', watched.stdout)
        for channel in ("RECORDS", "REJECTS"):
            read = {"stream": name, "earliest": True, "stop_when_caught_up": True, "channel": channel}
            self.assertEqual(service.call("Subscribe", read)[0]["notice"]["started"]["state"], "FAILED")
        self.assertEqual(service.call(f"{connections}ListConnections", {"stream": name}), [{}])
        self.assert_refused(service.grpcurl(f"{connections}CloseConnection", {"stream": name, "connection": "1"}),
                            "NotFound", "CONNECTION_UNKNOWN")
        self.assertEqual(service.call(f"{connections}Send", {"stream": name, "text": "x", "all": True}), [{}])
        self.assert_refused(service.grpcurl(f"{connections}CheckConnection", {"stream": name}), "InvalidArgument", why)
        self.assert_refused(service.grpcurl("UpdateStream", {"stream": {"name": name, "description": "x"}}),
                            "InvalidArgument", why)
        self.assertIn(why, service.call("ReconnectStream", {"name": name})[0]["status"]["reason"])
        self.assertEqual(service.call("PauseStream", {"name": name})[0]["status"]["state"], "PAUSED")
        self.assert_refused(service.grpcurl("ResumeStream", {"name": name}), "InvalidArgument", why, "stays paused")

    def test_one_stream_that_cannot_start_holds_nothing_else_up(self):
        folder = self.inletd().folder
        taken = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(taken.close)
        port = taken.getsockname()[1]
        service = self.inletd({"INLET__DATADIR": str(folder / "own"),
                               "WEBSOCKET__SOURCE__HTTPSERVERPORT": str(harness.free_port())})
        service.create("server")
        service.create("client", datasource=f"ws://127.0.0.1:{port}/")
        service.stop()
        service.settings["WEBSOCKET__SOURCE__HTTPSERVERPORT"] = str(port)
        service.start_again()
        failed = service.get("server")["status"]
        self.assertEqual(failed["state"], "FAILED")
        self.assertIn(f"127.0.0.1:{port}", failed["reason"])
        self.assertIn(service.get("client")["status"]["state"], ("RESOLVING", "CONNECTING"))
        taken.close()
        harness.wait_until(lambda: service.get("server")["status"]["state"] == "LISTENING", "the stream to be retried")


class Folder(harness.EndToEndTest):
    def refused(self, *arguments, **settings):
        """What a start that must fail says."""
        result = harness.run(harness.INLETD, *arguments, env=harness.environment(
            **{"INLET__GRPC__ADDRESS": "127.0.0.1:0", "WEBSOCKET__SOURCE__HTTPSERVERPORT": "0", **settings}))
        self.assertEqual(result.returncode, 1, result.stdout)
        return result.stderr

    def test_the_default_is_data_in_the_present_folder_and_the_banner_says_so(self):
        service = self.inletd()
        service.create("demo")
        self.assertTrue((service.folder / CATALOG).exists())
        self.assertRegex(service.output(), r"(?m)^  definitions +\S*data/catalog\.db$")

    def test_the_command_line_beats_the_environment_and_both_the_file(self):
        service = self.inletd({"INLET__DATA_DIR": "of-environment"}, files={"inlet.yaml": "dataDir: of-file\n"})
        self.assertTrue((service.folder / "of-environment/catalog.db").exists())
        service.stop()
        service.arguments += ["--data-dir", "of-line/deep"]
        service.start_again()
        self.assertTrue((service.folder / "of-line/deep/catalog.db").exists())
        self.assertFalse((service.folder / "of-file").exists())

    def test_an_empty_one_keeps_nothing(self):
        service = self.inletd({"INLET__DATADIR": ""})
        self.assertRegex(service.output(), r"(?m)^  definitions +kept nowhere")
        service.create("demo")
        self.assertEqual(sorted(os.listdir(service.folder)), ["err", "out"])
        service.stop()
        service.start_again()
        self.assertEqual(service.call("ListStreams", {}), [{}])

    def test_two_services_never_share_one(self):
        service = self.inletd()
        told = self.refused("--data-dir", service.folder / "data")
        self.assertIn(f"in use by another inletd (process {service.pid})", told)
        service.create("demo")

    def test_a_damaged_file_ends_the_start_and_is_left_alone(self):
        service = self.inletd()
        service.create("demo")
        service.stop()
        catalog = service.folder / CATALOG
        damaged = b"\xff" * 50 + catalog.read_bytes()[50:]
        catalog.write_bytes(damaged)
        told = self.refused("--data-dir", service.folder / "data")
        self.assertIn(f"{catalog} is damaged", told)
        self.assertIn("put a copy of it back", told)
        self.assertEqual(catalog.read_bytes(), damaged)

    def test_a_folder_that_cannot_be_made_ends_the_start(self):
        self.assertIn("cannot make the folder /proc/nowhere", self.refused("--data-dir", "/proc/nowhere"))

    def test_without_room_creation_fails_and_all_else_goes_on(self):
        service = self.inletd()
        service.create("before")
        soft, hard = resource.prlimit(service.pid, resource.RLIMIT_FSIZE)
        size = (service.folder / f"{CATALOG}-wal").stat().st_size
        resource.prlimit(service.pid, resource.RLIMIT_FSIZE, (size, hard))
        for request in ("CreateStream", {"stream": {"name": "refused"}}), ("DeleteStream", {"name": "before"}):
            self.assert_refused(service.grpcurl(*request), "Unavailable", "STORE_UNAVAILABLE", "no room left")
        self.assertEqual([stream["name"] for stream in service.call("ListStreams", {})[0]["streams"]], ["before"])
        self.assertEqual(service.get("before")["status"]["state"], "LISTENING")
        resource.prlimit(service.pid, resource.RLIMIT_FSIZE, (soft, hard))
        service.create("after")
        service.stop()
        service.start_again()
        self.assertEqual([stream["name"] for stream in service.call("ListStreams", {})[0]["streams"]],
                         ["after", "before"])

    def test_secrets_are_in_no_file_that_others_can_read(self):
        service = self.inletd()
        service.create("demo", settings={"bearer_tokens": ["a-secret-token"]})
        self.assertNotIn("a-secret-token", service.log() + service.output())
        for name in os.listdir(service.folder / "data"):
            self.assertEqual((service.folder / "data" / name).stat().st_mode & 0o077, 0, name)


class Files(harness.EndToEndTest):
    """Streams that are defined by files."""

    def start(self, inlet="", **files):
        texts = {f"streams/{name}": text for name, text in files.items()}
        section = "streams:\n  dir: streams\n" + inlet
        return self.inletd(files={"inlet.yaml": section, "streams/.keep": "", **texts})

    def test_they_are_made_at_the_start(self):
        service = self.start("  definitions:\n    - name: own\n      datasource: /own\n",
                             **{"a.yaml": "streams:\n  - name: first\n    labels: {team: feeds}\n",
                                "b.yaml": 'streams:\n  - sql: CREATE STREAM second () WITH (DATASOURCE="/2")\n',
                                "notes.txt": "not read"})
        streams = {stream["name"]: stream for stream in service.call("ListStreams", {})[0]["streams"]}
        self.assertEqual(sorted(streams), ["first", "own", "second"])
        self.assertEqual(streams["first"]["labels"], {"team": "feeds"})
        self.assertEqual(streams["second"]["datasource"], "/2")
        self.assertTrue(all(stream["status"]["state"] == "LISTENING" for stream in streams.values()))

    def test_calls_that_would_change_them_are_refused(self):
        service = self.start("  definitions: [{name: own}]\n")
        update = {"stream": {"name": "own", "description": "x"}, "update_mask": {"paths": ["description"]}}
        for method, request in (("DeleteStream", {"name": "own"}), ("UpdateStream", update)):
            self.assert_refused(service.grpcurl(method, request), "FailedPrecondition", "STREAM_READ_ONLY", "inlet.yaml:3")
        self.assert_refused(service.grpcurl("CreateStream", {"stream": {"name": "own", "datasource": "/x"}}),
                            "AlreadyExists", "inlet.yaml:3; change it there, or take another name")

    def test_the_files_stream_hides_the_one_that_was_kept(self):
        service = self.start()
        service.create("both", datasource="/kept")
        service.stop()
        (service.folder / "streams/a.yaml").write_text("streams: [{name: both, datasource: /file}]\n", encoding="utf-8")
        service.start_again()
        self.assertEqual(service.get("both")["datasource"], "/file")
        self.assertTrue(service.events("stream_defined_twice"))
        service.stop()
        (service.folder / "streams/a.yaml").unlink()
        service.start_again()
        self.assertEqual(service.get("both")["datasource"], "/kept")

    def test_they_may_take_a_conf_key_that_was_put(self):
        service = self.start()
        put = {"conf_key": {"name": "small", "settings": {"max_message_bytes": 1000}}}
        service.call("inlet.v1.ConfKeyService/PutConfKey", put)
        service.stop()
        (service.folder / "streams/a.yaml").write_text("streams: [{name: demo, confKey: small}]\n", encoding="utf-8")
        service.start_again()
        self.assertEqual(service.get("demo")["effective_settings"]["max_message_bytes"], 1000)

    def test_a_mistake_ends_the_start_with_its_line(self):
        service = self.start(**{"a.yaml": "streams:\n  - name: a\n", "b.yaml": "streams:\n  - name: b\n"})
        service.stop()
        for text, told in (("streams:\n  - name: b\n    datasorce: /\n", 'b.yaml:3: unknown key "datasorce"'),
                           ("streams:\n  - name: a\n", "b.yaml:2: "),
                           ("streams:\n  - name: b\n    datasource: x y\n", "b.yaml:2: "),
                           ("streams:\n  - sql: CREATE STREAM b ( WITH\n", "b.yaml:2: "),
                           ("confKeys: {a: {}}\n", "sources/websocket.yaml")):
            with self.subTest(text):
                (service.folder / "streams/b.yaml").write_text(text, encoding="utf-8")
                result = harness.run(harness.INLETD, *service.arguments, cwd=service.folder,
                                     env=harness.environment(**service.settings))
                self.assertEqual(result.returncode, 1)
                self.assertIn(told, result.stderr)
                self.assertEqual(len(re.findall(r"^inletd: ", result.stderr, re.M)), 1)


if __name__ == "__main__":
    harness.require("grpcurl")
    harness.main()
