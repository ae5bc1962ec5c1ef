"""The calls of eKuiper's streams API, as its source and its documentation have them, beside what Inlet answers: a row for each."""
import harness

SQL = "CREATE STREAM demo (id BIGINT) WITH (DATASOURCE='/x')"
DEMO = {"name": "demo"}
# What is there before, the call, what the original answers, the code that Inlet gives, and why they differ.
ROWS = [
    ([], ("CreateStream", {"sql": SQL}), "201, a sentence", "OK", ""),
    ([SQL], ("CreateStream", {"sql": SQL}), "400, code 3000: already exists", "AlreadyExists", ""),
    ([], ("CreateStream", {"sql": "CREATE STREAM d (id INT) WITH ()"}), "400, code 3000: the parser's error",
     "InvalidArgument", ""),
    ([], ("CreateStream", {"sql": "SHOW STREAMS"}), "201: it runs any statement", "InvalidArgument",
     "a call does what its name says; ListStreams lists"),
    ([SQL], ("CreateStream", {"sql": "DROP STREAM demo"}), "201: it runs any statement", "InvalidArgument",
     "a call does what its name says; DeleteStream deletes"),
    ([], ("CreateStream", {}), "400: invalid body", "InvalidArgument", ""),
    ([SQL], ("ListStreams", {}), "200, the names", "OK", ""),
    ([SQL], ("GetStream", DEMO), "200, the parsed statement", "OK", ""),
    ([], ("GetStream", DEMO), "400, code 3000: describe fails", "NotFound", ""),
    ([SQL], ("DeleteStream", DEMO), "200, a sentence", "OK", ""),
    ([], ("DeleteStream", DEMO), "404, code 1002", "NotFound", ""),
]


class OriginalCalls(harness.EndToEndTest):
    def test_each_row(self):
        service = self.inletd()
        for before, (method, request), original, code, why in ROWS:
            with self.subTest(method=method, request=str(request)):
                for sql in before:
                    service.call("CreateStream", {"sql": sql})
                answer = service.grpcurl(method, request)
                if code == "OK":
                    self.assertEqual(answer.returncode, 0, answer.stderr)
                else:
                    self.assert_refused(answer, code)
                same_verdict = original.startswith("20") == (code == "OK")
                self.assertEqual(same_verdict, not why, "a difference has a reason")
                service.grpcurl("DeleteStream", DEMO)

    def test_the_schema_of_a_stream_is_part_of_it(self):
        service = self.inletd()
        service.call("CreateStream", {"sql": SQL})
        # The original: GET /streams/demo/schema, {"id": {"type": "bigint"}}.
        self.assertEqual(service.get("demo")["schema"]["columns"], [{"name": "id", "type": "BIGINT"}])


if __name__ == "__main__":
    harness.require("grpcurl")
    harness.main()
