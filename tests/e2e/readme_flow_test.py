"""What a stranger with grpcurl sees: create, read, list, delete, reflection, health, and errors that say what to do."""
import harness
from clients import RawPeer, frame

SQL = 'CREATE STREAM demo () WITH (DATASOURCE="/api/data", FORMAT="json", TYPE="websocket")'


def payloads(responses):
    return [record.get("data", record.get("json")) for response in responses for record in response.get("records", [])]


def notices(responses):
    return [kind for response in responses for kind in response.get("notice", {})]


class Streams(harness.EndToEndTest):
    def setUp(self):
        self.service = self.inletd()

    def feed(self, endpoint, *texts):
        """Sends texts; when it returns they are in the log."""
        name = endpoint.rsplit("/", 1)[1]
        with RawPeer(endpoint) as peer:
            peer.open().send(b"".join(frame(text.encode()) for text in texts))
            goal = str(len(texts))
            harness.wait_until(lambda: self.service.get(name)["status"].get("records") == goal, "the records")

    def numbers(self, count):
        self.feed(self.service.create("demo"), *[f'{{"n": {n}}}' for n in range(count)])

    def subscribe(self, **request):
        return self.service.call("Subscribe", {"stream": "demo", "stop_when_caught_up": True, **request})

    def test_a_statement_makes_a_stream(self):
        [stream] = self.service.call("CreateStream", {"sql": SQL})
        self.assertEqual((stream["name"], stream["datasource"], stream["role"]), ("demo", "/api/data", "SERVER"))
        self.assertEqual(stream["status"]["state"], "LISTENING")
        self.assertRegex(stream["status"]["endpoint"], r"^ws://127\.0\.0\.1:\d+/api/data$")
        self.assertIn("CREATE STREAM demo", self.service.get("demo")["sql"])

    def test_fields_make_a_stream_whose_path_is_its_name(self):
        endpoint = self.service.create("cars", retention={"max_records": "10"})
        self.assertTrue(endpoint.endswith("/cars"), endpoint)
        self.assertEqual(self.service.get("cars")["retention"]["max_records"], "10")

    def test_validate_only_makes_nothing(self):
        [stream] = self.service.call("CreateStream", {"sql": SQL, "validate_only": True})
        self.assertEqual(stream["datasource"], "/api/data")
        self.assert_refused(self.service.grpcurl("GetStream", {"name": "demo"}), "NotFound")

    def test_allow_existing_answers_the_same_stream_and_refuses_another(self):
        self.service.call("CreateStream", {"sql": SQL})
        self.service.call("CreateStream", {"sql": SQL, "allow_existing": True})
        self.assert_refused(self.service.grpcurl("CreateStream", {"sql": SQL}), "AlreadyExists", "demo")
        other = {"stream": {"name": "demo", "datasource": "/b"}, "allow_existing": True}
        self.assert_refused(self.service.grpcurl("CreateStream", other), "AlreadyExists", "datasource")

    def test_list_pages_in_the_order_of_names(self):
        for name in ("c", "a", "b"):
            self.service.create(name)
        [first] = self.service.call("ListStreams", {"page_size": 2})
        [second] = self.service.call("ListStreams", {"page_size": 2, "page_token": first["next_page_token"]})
        names = [stream["name"] for stream in first["streams"] + second["streams"]]
        self.assertEqual((names, "next_page_token" in second), (["a", "b", "c"], False))

    def test_subscribe_shows_records_as_plain_json(self):
        self.feed(self.service.create("demo"), '{"temperature": 21.5}', '{"temperature": 22}')
        responses = self.subscribe(earliest=True)
        self.assertEqual(payloads(responses), [{"temperature": 21.5}, {"temperature": 22}])
        self.assertEqual(notices(responses), ["started", "caught_up"])

    def test_subscribe_last_gives_the_newest(self):
        self.numbers(20)
        self.assertEqual(payloads(self.subscribe(last=3)), [{"n": 17}, {"n": 18}, {"n": 19}])

    def test_subscribe_json_gives_the_very_text(self):
        self.numbers(1)
        self.assertEqual(payloads(self.subscribe(earliest=True, encoding="JSON")), ['{"n": 0}'])

    def test_max_records_ends_the_call_with_ok(self):
        self.numbers(20)
        responses = self.service.call("Subscribe", {"stream": "demo", "earliest": True, "max_records": 5})
        self.assertEqual(payloads(responses), [{"n": n} for n in range(5)])

    def test_after_a_position_comes_the_next_record(self):
        self.numbers(5)
        epoch = self.service.get("demo")["status"]["epoch"]
        self.assertEqual(payloads(self.subscribe(after={"epoch": epoch, "offset": 3})), [{"n": 3}, {"n": 4}])

    def test_without_a_start_nothing_old_comes(self):
        self.numbers(5)
        responses = self.subscribe()
        self.assertEqual((payloads(responses), notices(responses)), ([], ["started", "caught_up"]))

    def test_delete_removes_the_stream(self):
        self.service.create("demo")
        self.service.call("DeleteStream", {"name": "demo"})
        self.assert_refused(self.service.grpcurl("GetStream", {"name": "demo"}), "NotFound")
        self.assert_refused(self.service.grpcurl("DeleteStream", {"name": "demo"}), "NotFound")
        self.service.call("DeleteStream", {"name": "demo", "allow_missing": True})

    def test_get_tells_counters_and_the_last_reject(self):
        endpoint = self.service.create("demo")
        with RawPeer(endpoint) as peer:
            peer.open().send(frame(b'{"a": 1}') + frame(b'{"a": ') + frame(b'[{"a": 2}, 7]'))
            status = harness.wait_until(lambda: self._status_after(3), "three messages")
        self.assertEqual((status["records"], status["rejects"], status["connections"]), ("2", "2", 1))
        self.assertIn("last_reject", status)

    def _status_after(self, count):
        status = self.service.get("demo")["status"]
        return status if status.get("messages") == str(count) else None


class Discovery(harness.EndToEndTest):
    def setUp(self):
        self.service = self.inletd()

    def test_reflection_lists_the_services(self):
        names = self.grpcurl_words("list").split()
        self.assertTrue({"inlet.v1.StreamService", "grpc.health.v1.Health"} <= set(names), names)

    def grpcurl_words(self, *words):
        result = harness.run("grpcurl", "-plaintext", self.service.address, *words)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def test_reflection_describes_calls_and_messages(self):
        self.assertIn("rpc Subscribe ( .inlet.v1.SubscribeRequest ) returns ( stream .inlet.v1.SubscribeResponse );",
                      self.grpcurl_words("describe", "inlet.v1.StreamService"))
        self.assertIn("stop_when_caught_up", self.grpcurl_words("describe", "inlet.v1.SubscribeRequest"))

    def test_health_is_serving_for_the_process_and_the_service(self):
        for name in ("", "inlet.v1.StreamService"):
            answer = self.service.call("grpc.health.v1.Health/Check", {"service": name})
            self.assertEqual(answer, [{"status": "SERVING"}])
        self.assert_refused(self.service.grpcurl("grpc.health.v1.Health/Check", {"service": "nonsense"}), "NotFound")


class Errors(harness.EndToEndTest):
    def setUp(self):
        self.service = self.inletd()

    def create(self, stream):
        return self.service.grpcurl("CreateStream", {"stream": stream})

    def sql(self, statement):
        return self.service.grpcurl("CreateStream", {"sql": statement})

    def test_an_unknown_stream_suggests_the_nearest(self):
        self.service.create("temperature")
        for method, field in (("GetStream", "name"), ("DeleteStream", "name"), ("Subscribe", "stream")):
            self.assert_refused(self.service.grpcurl(method, {field: "temprature"}), "NotFound",
                                'there is no stream "temprature"', 'did you mean "temperature"?', "STREAM_UNKNOWN")

    def test_an_sql_error_names_line_and_column(self):
        self.assert_refused(self.sql('CREATE STREAM demo ()\n  WITH (DATASOURCE=/api/data)'), "InvalidArgument",
                            'line 2, column 20: found "/"', "SQL_SYNTAX")

    def test_an_unknown_option_names_the_nearest(self):
        self.assert_refused(self.sql('CREATE STREAM demo () WITH (DATASORCE="/a")'), "InvalidArgument", "DATASOURCE",
                            "OPTION_UNKNOWN")

    def test_an_unknown_conf_key_is_refused(self):
        self.assert_refused(self.create({"name": "a", "conf_key": "defalt"}), "InvalidArgument", "default",
                            "CONF_KEY_UNKNOWN")

    def test_what_is_not_built_says_so(self):
        self.assert_refused(self.create({"name": "a", "settings": {"compression": True}}), "InvalidArgument",
                            "compression", "must be false", "FIELD_INVALID")

    def test_bad_names_and_paths_name_their_field(self):
        for stream, field in (({"name": ""}, "name"), ({"name": "9lives"}, "name"), ({"name": "a" * 64}, "name"),
                              ({"name": "böse"}, "name"), ({"name": "a", "datasource": "no/slash"}, "datasource"),
                              ({"name": "a", "datasource": "/{x}{y}"}, "datasource"),
                              ({"name": "a", "settings": {"max_message_bytes": 0}}, "maxMessageBytes"),
                              ({"name": "a", "retention": {"max_bytes": "1"}}, "maxBytes")):
            with self.subTest(str(stream)):
                self.assert_refused(self.create(stream), "InvalidArgument", field, "FIELD_INVALID")

    def test_an_empty_request_says_what_to_send(self):
        self.assert_refused(self.service.grpcurl("CreateStream", {}), "InvalidArgument", "sql", "stream")

    def test_bad_subscriptions_name_their_field(self):
        self.service.create("demo")
        for field, value in (("last", 0), ("earliest", False), ("heartbeat_interval", "0.1s"), ("max_batch_bytes", 7),
                             ("stall_timeout", "7000s"), ("after", {"offset": 7})):
            with self.subTest(field):
                self.assert_refused(self.service.grpcurl("Subscribe", {"stream": "demo", field: value}),
                                    "InvalidArgument", field, "FIELD_INVALID")


if __name__ == "__main__":
    harness.require("grpcurl")
    harness.main()
