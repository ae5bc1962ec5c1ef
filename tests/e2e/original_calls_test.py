"""The calls of eKuiper's streams API, as its source and its documentation have them, beside what Inlet answers: a row for each."""
import grpc

import harness
from clients import connect, error_reason, pb

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
    ([SQL], ("ListStreams", {"page_size": 10}), "200, GET /streamdetails: name, type and format of each", "OK", ""),
    ([], ("GetStream", DEMO), "400: GET /streams/demo/schema of no stream", "NotFound", ""),
    ([SQL], ("UpdateStream", {"stream": {"name": "demo", "description": "x"}}), "200, PUT: is replaced", "OK", ""),
    ([], ("UpdateStream", {"stream": DEMO, "allow_missing": True}), "200, PUT: an upsert", "OK", ""),
    ([], ("UpdateStream", {"stream": DEMO}), "200, PUT: an upsert", "NotFound",
     "who mistypes a name does not want another stream; allow_missing creates it"),
    ([SQL], ("UpdateStream", {"stream": {"name": "other", "description": "x"}}),
     "400, PUT /streams/demo with a statement of other", "NotFound", ""),
    ([SQL], ("UpdateStream", {"stream": {"name": "demo", "etag": "old"}}), "400, PUT: a lower VERSION", "Aborted", ""),
    ([SQL], ("CreateStream", {"sql": SQL.replace("WITH (", "WITH (SHARED='true', "), "allow_existing": True}),
     "400, PUT: SHARED cannot change", "OK", "SHARED says nothing: every stream is shared by its subscribers"),
    ([], ("CreateStream", {"sql": "CREATE STREAM demo () WITH (TEMP='true')"}), "400, PUT: TEMP cannot be updated",
     "InvalidArgument", ""),
    ([SQL], ("DeleteStream", DEMO), "200, a sentence", "OK", ""),
    ([SQL], ("DeleteStream", {"name": "demo", "allow_missing": True}), "200, DELETE ?force=true", "OK", ""),
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

    def test_a_stream_in_use_is_deleted_and_its_reader_is_told(self):
        service = self.inletd()
        service.call("CreateStream", {"sql": SQL})
        with connect(service) as stub:
            call = stub.Subscribe(pb.SubscribeRequest(stream="demo"), timeout=harness.PATIENCE)
            self.assertTrue(next(call).notice.HasField("started"))
            # The original: 400, the stream has been referenced by other rules, if one of them runs.
            service.call("DeleteStream", DEMO)
            with self.assertRaises(grpc.RpcError) as ended:
                for _ in call:
                    pass
        self.assertEqual(error_reason(ended.exception), "STREAM_DELETED")

    def test_the_schema_of_a_stream_is_part_of_it(self):
        service = self.inletd()
        service.call("CreateStream", {"sql": SQL})
        # The original: GET /streams/demo/schema, {"id": {"type": "bigint"}}.
        self.assertEqual(service.get("demo")["schema"]["columns"], [{"name": "id", "type": "BIGINT"}])


if __name__ == "__main__":
    harness.require("grpcurl")
    harness.main()
