"""What foreign WebSocket clients send arrives byte for byte and in order at a foreign gRPC client, in both views."""
import asyncio
import json
import threading

import websockets
from google.protobuf import json_format

import corpus
import harness
from clients import connect, pb

COUNT = 10_000


class Reader(threading.Thread):
    """A grpcio subscriber from the first record, until so many have come."""

    def __init__(self, service, encoding, count):
        super().__init__(daemon=True)
        self.service, self.count, self.encoding = service, count, encoding
        self.records, self.notices, self.error = [], [], None
        self.ready = threading.Event()
        self.start()
        self.ready.wait(harness.PATIENCE)

    def run(self):
        try:
            with connect(self.service) as stub:
                request = pb.SubscribeRequest(stream="demo", earliest=True, encoding=self.encoding,
                                              max_records=self.count)
                for response in stub.Subscribe(request, timeout=4 * harness.PATIENCE):
                    self.ready.set()
                    self.records.extend(response.records)
                    if response.HasField("notice"):
                        self.notices.append(response.notice.WhichOneof("kind"))
        except Exception as error:  # told by the test
            self.error = error
            self.ready.set()

    def result(self):
        self.join(4 * harness.PATIENCE)
        if self.error or self.is_alive():
            raise AssertionError(f"{len(self.records)} of {self.count} records: {self.error}")
        return self.records


async def send_with_websockets(endpoint, messages):
    async with websockets.connect(endpoint, compression=None) as peer:
        for message in messages:
            await peer.send(message.text if len(message.fragments) == 1 else message.fragments)


class ForeignClients(harness.EndToEndTest):
    def setUp(self):
        self.service = self.inletd()
        self.endpoint = self.service.create("demo", retention={"max_bytes": str(1 << 30)})

    def arrives(self, send, seed):
        messages = corpus.mixed(COUNT, seed)
        wanted = [(text, message.exact) for message in messages for text in message.records]
        texts = Reader(self.service, pb.SubscribeRequest.JSON, len(wanted))
        data = Reader(self.service, pb.SubscribeRequest.DATA, len(wanted))
        send(messages)
        self.check_texts(texts.result(), wanted)
        self.check_data(data.result(), wanted)
        self.assertEqual(texts.notices, ["started", "caught_up"])
        status = self.service.get("demo")["status"]
        counted = [int(status.get(name, 0)) for name in ("messages", "records", "rejects", "connects")]
        self.assertEqual(counted, [COUNT, len(wanted), sum(message.rejects for message in messages), 1])

    def check_texts(self, records, wanted):
        self.assertEqual([record.offset for record in records], list(range(1, len(wanted) + 1)), "offsets are dense")
        self.assertEqual({record.connection for record in records}, {records[0].connection})
        for record, (text, _) in zip(records, wanted, strict=True):
            if record.json != text:
                self.fail(f"record {record.offset}: {record.json[:300]!r} instead of {text[:300]!r}")

    def check_data(self, records, wanted):
        self.assertEqual([record.offset for record in records], list(range(1, len(wanted) + 1)))
        for record, (text, exact) in zip(records, wanted, strict=True):
            self.assertEqual(record.WhichOneof("payload"), "data" if exact else "json", text[:300])
            if not exact:
                self.assertEqual(record.json, text)
            elif json_format.MessageToDict(record.data) != json.loads(text):
                self.fail(f"record {record.offset}: {record.data} instead of {text[:300]!r}")

    def test_python_websockets(self):
        self.arrives(lambda messages: asyncio.run(send_with_websockets(self.endpoint, messages)), seed=1)

    def test_node_ws(self):
        self.arrives(self.send_with_node, seed=2)

    def send_with_node(self, messages):
        path = self.service.folder / "messages"
        path.write_text("".join(json.dumps(m.fragments) + "\n" for m in messages), encoding="utf-8")
        script = harness.SOURCE_DIR / "tests/e2e/send.js"
        result = harness.run("node", script, self.endpoint, path, timeout=4 * harness.PATIENCE)
        self.assertEqual((result.returncode, result.stdout), (0, '{"code":1000}\n'), result.stderr)

    def test_several_peers_feed_one_path_each_in_its_own_order(self):
        messages = [corpus.Message(json.dumps({"n": n}), []) for n in range(500)]
        reader = Reader(self.service, pb.SubscribeRequest.JSON, 8 * len(messages))

        async def send_all():
            await asyncio.gather(*[send_with_websockets(self.endpoint, messages) for _ in range(8)])

        asyncio.run(send_all())
        by_connection = {}
        for record in reader.result():
            by_connection.setdefault(record.connection, []).append(record.json)
        self.assertEqual(len(by_connection), 8)
        for texts in by_connection.values():
            self.assertEqual(texts, [message.text for message in messages])


if __name__ == "__main__":
    harness.require("grpcurl", "node")
    harness.main()
