"""Schemas, seen from outside: declared as a statement and as fields, applied to what a foreign client sends, read back."""
import asyncio
import json

import websockets

import harness

COLUMNS = "id BIGINT, name STRING DEFAULT 'nobody', temp FLOAT, tags ARRAY(STRING), at STRUCT(lat FLOAT, lon FLOAT)"
SENT = [
    {"temp": 21.5, "id": 1, "name": "a", "secret": "x", "at": {"lat": 1, "lon": 2, "alt": 3}, "tags": ["p", "q"]},
    {"id": "2", "temp": "22.5"},
    {"id": "many", "name": 7, "temp": None, "tags": ["p", 1], "at": "here"},
]
# What becomes of them without strict, as text.
PROJECTED = [
    '{"id":1,"name":"a","temp":21.5,"tags":["p","q"],"at":{"lat":1,"lon":2}}',
    '{"id":2,"name":"nobody","temp":22.5}',
    '{"id":null,"name":"7","temp":null,"tags":["p","1"],"at":null}',
]


def statement(columns, name="demo", **options):
    """A CREATE STREAM statement; the options' values are texts."""
    return f"CREATE STREAM {name} ({columns}) WITH (" + ", ".join(f"{k}='{v}'" for k, v in options.items()) + ")"


class Schemas(harness.EndToEndTest):
    def setUp(self):
        self.service = self.inletd()

    def create(self, sql):
        [stream] = self.service.call("CreateStream", {"sql": sql})
        return stream

    def send(self, *texts, name="demo"):
        """Sends texts with `websockets`; when it returns all have become records or rejects."""
        async def talk(endpoint):
            async with websockets.connect(endpoint) as peer:
                for text in texts:
                    await peer.send(text)

        asyncio.run(talk(self.service.get(name)["status"]["endpoint"]))
        harness.wait_until(lambda: self.status(name).get("messages") == str(len(texts)), "the messages")

    def status(self, name="demo"):
        return self.service.get(name)["status"]

    def records(self, encoding="DATA", name="demo"):
        responses = self.service.call("Subscribe", {"stream": name, "earliest": True, "stop_when_caught_up": True,
                                                    "encoding": encoding})
        return [record for response in responses for record in response.get("records", [])]


class Records(Schemas):
    def test_both_views_have_the_columns_alone(self):
        self.create(statement(COLUMNS))
        self.send(*map(json.dumps, SENT))
        self.assertEqual([record["json"] for record in self.records("JSON")], PROJECTED)
        self.assertEqual([record["data"] for record in self.records("DATA")], [json.loads(text) for text in PROJECTED])
        self.assertNotIn("rejects", self.status())

    def test_an_array_is_projected_element_by_element(self):
        self.create(statement("id BIGINT", STRICT_VALIDATION="true"))
        self.send('[{"id": 1, "x": 0}, {"id": "2"}, 3, {"id": 4}]')
        self.assertEqual([record["json"] for record in self.records("JSON")], ['{"id":1}', '{"id":4}'])
        self.assertEqual(self.status()["rejects"], "2")

    def test_integers_stay_exact(self):
        self.create(statement("id BIGINT DEFAULT 9007199254740993, text STRING"))
        self.send('{"id": 9007199254740995, "text": 123456789012345678901}', "{}")
        self.assertEqual([record["json"] for record in self.records("JSON")],
                         ['{"id":9007199254740995,"text":"123456789012345678901"}', '{"id":9007199254740993}'])

    def test_strict_counts_what_it_rejects_and_says_why(self):
        self.create(statement("id BIGINT, temp FLOAT DEFAULT -1", STRICT_VALIDATION="true"))
        self.send('{"id": 1}', '{"id": "1"}', '{"id": null}', '{"temp": 1}', '{"id": 2, "temp": 5, "x": 6}')
        self.assertEqual([record["json"] for record in self.records("JSON")],
                         ['{"id":1,"temp":-1}', '{"id":2,"temp":5}'])
        status = self.status()
        self.assertEqual(status["rejects"], "3")
        self.assertIn("SCHEMA_MISMATCH", status["last_reject"])
        self.assertIn('expected BIGINT in column "id", found no such key', status["last_reject"])


class EventTime(Schemas):
    def times(self):
        return [record.get("event_time") for record in self.records("JSON")]

    def test_milliseconds_and_rfc_3339_are_times(self):
        self.create(statement("ts DATETIME", TIMESTAMP="ts"))
        self.send('{"ts": 1764425822500}', '{"ts": "2025-11-29T15:17:02.5+01:00"}', '{"ts": "noon"}', "{}")
        self.assertEqual(self.times(), ["2025-11-29T14:17:02.500Z", "2025-11-29T14:17:02.500Z", None, None])

    def test_a_format_reads_texts(self):
        self.create(statement("id BIGINT, ts STRING", TIMESTAMP="ts", TIMESTAMP_FORMAT="dd.MM.yyyy HH:mm:ss.SSS"))
        self.send('{"ts": "29.11.2025 14:17:02.125", "id": 1}')
        self.assertEqual(self.times(), ["2025-11-29T14:17:02.125Z"])

    def test_without_columns_records_stay_as_they_are(self):
        self.create(statement("", TIMESTAMP="ts"))
        self.send('{"b": 1.50, "ts": 0}')
        [record] = self.records("JSON")
        self.assertEqual((record["json"], record["event_time"]), ('{"b": 1.50, "ts": 0}', "1970-01-01T00:00:00Z"))

    def test_strict_wants_a_time(self):
        self.create(statement("ts STRING", TIMESTAMP="ts", STRICT_VALIDATION="true"))
        self.send('{"ts": "2025-11-29T14:17:02Z"}', '{"ts": "noon"}')
        self.assertEqual(self.times(), ["2025-11-29T14:17:02Z"])
        self.assertEqual(self.status()["rejects"], "1")


class Definitions(Schemas):
    FIELDS = {"columns": [{"name": "id", "type": "bigint", "default_value": "9007199254740993"},
                          {"name": "at", "type": "struct( lat float, `l n` array(string), )"},
                          {"name": "ts", "type": "DATETIME"}],
              "strict": True, "timestamp": "ts", "timestamp_format": "yyyy-MM-dd"}
    SQL = statement("id BIGINT DEFAULT 9007199254740993, at STRUCT(lat FLOAT, `l n` ARRAY(STRING)), ts DATETIME",
                    STRICT_VALIDATION="true", TIMESTAMP="ts", TIMESTAMP_FORMAT="yyyy-MM-dd")
    SHOWN = {"columns": [{"name": "id", "type": "BIGINT", "default_value": "9007199254740993"},
                         {"name": "at", "type": "STRUCT(lat FLOAT, `l n` ARRAY(STRING))"},
                         {"name": "ts", "type": "DATETIME"}],
             "strict": True, "timestamp": "ts", "timestamp_format": "yyyy-MM-dd"}

    def test_statement_and_fields_are_the_same_definition(self):
        self.create(self.SQL)
        self.assertEqual(self.service.get("demo")["schema"], self.SHOWN)
        self.assertEqual(self.service.get("demo")["sql"], self.SQL)
        fields = {"stream": {"name": "demo", "schema": self.FIELDS}, "allow_existing": True}
        self.service.call("CreateStream", fields)
        self.service.call("CreateStream", {"stream": {"name": "other", "schema": self.FIELDS}})
        self.assertEqual(self.service.get("other")["schema"], self.SHOWN)

    def test_another_schema_is_another_definition(self):
        self.create(self.SQL)
        for change in ({"strict": False}, {"timestamp_format": "dd.MM.yyyy"}, {"columns": self.FIELDS["columns"][::-1]}):
            with self.subTest(str(change)):
                stream = {"name": "demo", "schema": {**self.FIELDS, **change}}
                refused = self.service.grpcurl("CreateStream", {"stream": stream, "allow_existing": True})
                self.assert_refused(refused, "AlreadyExists", "schema.")

    def test_what_was_read_can_be_sent_back(self):
        self.create(self.SQL)
        self.service.call("CreateStream", {"stream": self.service.get("demo"), "allow_existing": True})

    def test_faults_of_a_statement_name_line_and_column(self):
        for sql, parts in ((statement("id BIGIN"), ("line 1, column 24", "did you mean", "SQL_SYNTAX")),
                           (statement("id BIGINT, id FLOAT"), ("line 1, column 32", "declared twice", "SQL_SYNTAX")),
                           (statement("id BIGINT", TIMESTAMP="di"), ("line 1, column 48", "TIMESTAMP", "FIELD_INVALID")),
                           (statement("ts DATETIME", TIMESTAMP="ts", TIMESTAMP_FORMAT="yyyy-MM-qq"),
                            ("line 1, column 73", "TIMESTAMP_FORMAT", "FIELD_INVALID"))):
            with self.subTest(sql):
                self.assert_refused(self.service.grpcurl("CreateStream", {"sql": sql}), "InvalidArgument", *parts)

    def test_faults_of_fields_name_the_field(self):
        for schema, field in (({"columns": [{"name": "id", "type": "INT"}]}, "stream.schema.columns[0].type"),
                              ({"columns": [{"name": "", "type": "BIGINT"}]}, "stream.schema.columns[0].name"),
                              ({"columns": [{"name": "id", "type": "BIGINT", "default_value": "x"}]},
                               "stream.schema.columns[0].defaultValue"),
                              ({"timestamp_format": "yyyy"}, "stream.schema.timestampFormat")):
            with self.subTest(field):
                refused = self.service.grpcurl("CreateStream", {"stream": {"name": "a", "schema": schema}})
                self.assert_refused(refused, "InvalidArgument", field, "FIELD_INVALID")


if __name__ == "__main__":
    harness.require("grpcurl")
    harness.main()
