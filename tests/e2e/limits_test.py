"""Records at the edges, read by clients with their default limits (4 MiB, depth 100): no record kills a reader."""
import json

from google.protobuf import json_format

import harness
from clients import RawPeer, connect, frame, pb

LARGEST = 3 << 20


def deep(levels):
    """An object in an object, so many in all."""
    return '{"a":' * (levels - 1) + "{}" + "}" * (levels - 1)


class Limits(harness.EndToEndTest):
    def setUp(self):
        self.service = self.inletd()
        self.endpoint = self.service.create("demo", settings={"max_message_bytes": LARGEST})

    def feed(self, *texts, records=None):
        """Returns when so many records are in the log; default: one a text."""
        goal = str(len(texts) if records is None else records)
        with RawPeer(self.endpoint) as peer:
            peer.open().send(b"".join(frame(text.encode()) for text in texts))
            harness.wait_until(lambda: self.service.get("demo")["status"].get("records") == goal, f"{goal} records")

    def read(self, encoding, **request):
        with connect(self.service) as stub:
            request = pb.SubscribeRequest(stream="demo", earliest=True, stop_when_caught_up=True, encoding=encoding,
                                          **request)
            return [record for response in stub.Subscribe(request, timeout=2 * harness.PATIENCE)
                    for record in response.records]

    def test_the_largest_messages_are_read_in_both_views(self):
        texts = ['{"a":"' + "x" * (LARGEST - 8) + '"}', '{"a":[' + "0," * ((LARGEST - 9) // 2) + "0]}",
                 '{"a":"' + "\\u0000" * ((LARGEST - 8) // 6) + '"}', '{"a":"' + "é" * ((LARGEST - 8) // 2) + '"}']
        self.feed(*texts)
        self.assertEqual([record.json for record in self.read("JSON")], texts)
        for record, text in zip(self.read("DATA"), texts, strict=True):
            if record.HasField("data"):
                self.assertEqual(json_format.MessageToDict(record.data), json.loads(text))
            else:
                self.assertEqual(record.json, text)
        responses = self.service.call("Subscribe", {"stream": "demo", "last": 4, "max_records": 4})
        records = [record for response in responses for record in response.get("records", [])]
        self.assertEqual(len(records), 4, "grpcurl reads them, too")

    def test_many_small_records_fill_no_response_beyond_a_clients_limit(self):
        self.feed(*["[" + ",".join(["{}"] * 50_000) + "]"] * 2, records=100_000)
        for encoding in ("JSON", "DATA"):
            self.assertEqual([record.offset for record in self.read(encoding)], list(range(1, 100_001)))

    def test_small_batches_are_small(self):
        self.feed(*['{"pad":"' + "x" * 500 + '"}'] * 200)
        for encoding in ("JSON", "DATA"):
            with connect(self.service) as stub:
                call = stub.Subscribe(pb.SubscribeRequest(stream="demo", earliest=True, stop_when_caught_up=True,
                                                          encoding=encoding, max_batch_bytes=4096))
                sizes = [response.ByteSize() for response in call]
            self.assertLessEqual(max(sizes), 4096)

    def test_depth_beyond_30_comes_as_text_and_beyond_1024_is_a_reject(self):
        texts = [deep(levels) for levels in (1, 29, 30, 31, 40, 200, 1024)]
        self.feed(*texts, deep(1025), '{"last":1}', records=len(texts) + 1)
        self.assertEqual([record.json for record in self.read("JSON")], [*texts, '{"last":1}'])
        kinds = [record.WhichOneof("payload") for record in self.read("DATA")]
        self.assertEqual(kinds, ["data"] * 3 + ["json"] * 4 + ["data"])
        self.assertEqual(self.service.get("demo")["status"]["rejects"], "1")

    def test_numbers_that_a_double_does_not_hold_come_as_text(self):
        exact = ["0", "-0", "1.5", "9007199254740992", "1152921504606846976", "1e308", "0.1",
                 "2.5e-300"]
        lossy = ["9007199254740993", "123456789012345680000", "12345678901234567890", "1e400", "-1e999",
                 "0.12345678901234567890123"]
        self.feed(*[f'{{"n":{number}}}' for number in exact + lossy])
        records = self.read("DATA")
        for record, number in zip(records, exact + lossy, strict=True):
            with self.subTest(number):
                if number in exact:
                    self.assertEqual(record.data.fields["n"].number_value, float(number))
                else:
                    self.assertEqual(record.json, f'{{"n":{number}}}')

    def test_one_bad_element_takes_no_neighbour_with_it(self):
        self.feed('[{"n":1},2,{"n":3},null,"x",[],{"n":4}]', "[]", '{"n":5}', records=4)
        self.assertEqual([record.json for record in self.read("JSON")], ['{"n":1}', '{"n":3}', '{"n":4}', '{"n":5}'])
        status = self.service.get("demo")["status"]
        self.assertEqual((status["messages"], status["rejects"]), ("3", "4"))

    def test_of_a_message_the_first_100000_records_pass_and_the_connection_stays(self):
        self.feed("[" + ",".join(["{}"] * 100_001) + "]", '{"last":1}', records=100_001)
        status = self.service.get("demo")["status"]
        self.assertEqual(status["rejects"], "1")


if __name__ == "__main__":
    harness.require("grpcurl")
    harness.main()
