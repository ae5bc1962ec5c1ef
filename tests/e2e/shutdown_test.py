"""How the service stops: what subscribers, peers and load balancers are told, in which order, and how soon."""
import queue
import signal
import socket
import threading
import time
import urllib.parse

import grpc
import websockets.sync.client
from grpc_health.v1 import health_pb2, health_pb2_grpc

import harness
from clients import RawPeer, connect, error_reason, frame, pb


class Subscriber(threading.Thread):
    """Reads a stream to its end, whatever that is."""

    def __init__(self, service, **request):
        super().__init__(daemon=True)
        self.service = service
        self.request = pb.SubscribeRequest(stream="demo", **request)
        self.records, self.notices, self.error, self.reason = [], [], None, None
        self.started = threading.Event()
        self.start()
        if not self.started.wait(harness.PATIENCE):
            raise AssertionError("no answer to Subscribe")

    def run(self):
        with connect(self.service) as stub:
            try:
                for response in stub.Subscribe(self.request):
                    self.records.extend(response.records)
                    if response.HasField("notice"):
                        self.notices.append(response.notice)
                    self.started.set()
            except grpc.RpcError as error:
                self.error, self.reason = error, error_reason(error)
        self.started.set()

    def finish(self):
        self.join(harness.PATIENCE)
        if self.is_alive():
            raise AssertionError("the subscription has not ended")
        return self


class Shutdown(harness.EndToEndTest):
    def start(self, **settings):
        self.service = self.inletd(settings)
        self.endpoint = self.service.create("demo")
        return self.service

    def await_records(self, count):
        harness.wait_until(lambda: self.service.get("demo")["status"].get("records") == str(count), "the records")

    def test_sigterm_and_sigint_stop_with_exit_code_0(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            service = self.start()
            service.signal(number)
            self.assertEqual(service.wait(), 0)
            self.assertIn(f"signal={signal.Signals(number).name}", service.log())
            self.assertTrue(service.events("service_stopped"))

    def test_subscribers_get_what_is_left_then_ending_and_unavailable(self):
        service = self.start()
        readers = [Subscriber(service, earliest=True, encoding=encoding) for encoding in ("JSON", "DATA")]
        with RawPeer(self.endpoint) as peer:
            peer.open().send(b"".join(frame(b'{"n":%d}' % n) for n in range(5000)))
            self.await_records(5000)
            service.signal(signal.SIGTERM)
            self.assertEqual(peer.close_code(), 1001)
        for reader in readers:
            reader.finish()
            self.assertEqual([record.offset for record in reader.records], list(range(1, 5001)))
            ending = reader.notices[-1].ending
            self.assertEqual((ending.reason, ending.retry), (pb.DRAINING, True))
            self.assertGreater(ending.retry_delay.ToNanoseconds(), 0)
            self.assertEqual((reader.error.code(), reader.reason), (grpc.StatusCode.UNAVAILABLE, "DRAINING"))
        self.assertEqual(service.wait(), 0)

    def test_health_turns_before_anything_is_closed(self):
        service = self.start(INLET__SHUTDOWN__DELAY="2s")
        answers = queue.Queue()
        with grpc.insecure_channel(service.address) as channel, RawPeer(self.endpoint) as peer:
            peer.open()
            watch = health_pb2_grpc.HealthStub(channel).Watch(health_pb2.HealthCheckRequest(service=harness.SERVICE))
            threading.Thread(target=self.pump, args=(watch, answers), daemon=True).start()
            serving = health_pb2.HealthCheckResponse
            self.assertEqual(answers.get(timeout=harness.PATIENCE), serving.SERVING)
            service.signal(signal.SIGTERM)
            self.assertEqual(answers.get(timeout=harness.PATIENCE), serving.NOT_SERVING)
            peer.send(frame(b'{"late":1}'))  # in the delay all goes on
            self.await_records(1)
            self.assertEqual(peer.close_code(), 1001)
        self.assertEqual(service.wait(), 0)

    @staticmethod
    def pump(watch, answers):
        try:
            for response in watch:
                answers.put(response.status)
        except grpc.RpcError:
            pass  # the end of the service

    def test_new_calls_are_refused_as_draining(self):
        service = self.start(INLET__SHUTDOWN__DRAINTIMEOUT="3s")
        self.stall_a_subscriber()
        with connect(service) as stub:
            service.signal(signal.SIGTERM)
            harness.wait_until(lambda: service.events("listener_closed"), "the listener to close")
            with self.assertRaises(grpc.RpcError) as caught:
                for _ in stub.Subscribe(pb.SubscribeRequest(stream="demo"), timeout=harness.PATIENCE):
                    pass
        self.assertEqual(caught.exception.code(), grpc.StatusCode.UNAVAILABLE)
        self.assertEqual(service.wait(), 0)

    def stall_a_subscriber(self):
        """A subscriber that takes nothing, and more records than its windows hold."""
        channel = grpc.insecure_channel(self.service.address, options=[("grpc.http2.lookahead_bytes", 65536),
                                                                       ("grpc.http2.bdp_probe", 0),
                                                                       ("grpc.use_local_subchannel_pool", 1)])
        self.addCleanup(channel.close)
        call = channel.unary_stream(f"/{harness.SERVICE}/Subscribe", pb.SubscribeRequest.SerializeToString,
                                    pb.SubscribeResponse.FromString)(pb.SubscribeRequest(stream="demo", earliest=True))
        next(call)
        with RawPeer(self.endpoint) as peer:
            peer.open().send(frame(b'{"a":"' + b"x" * 60_000 + b'"}') * 400)
            self.await_records(400)
        self.addCleanup(call.cancel)
        return call

    def test_a_subscriber_that_takes_nothing_delays_it_by_no_more_than_the_drain_time(self):
        service = self.start(INLET__SHUTDOWN__DRAINTIMEOUT="1s")
        self.stall_a_subscriber()
        started = time.monotonic()
        service.signal(signal.SIGTERM)
        self.assertEqual(service.wait(), 0)
        took = time.monotonic() - started
        self.assertGreater(took, 0.9, "it was waited for")
        self.assertLess(took, 20)

    def test_many_open_sockets_and_subscribers_stop_with_exit_code_0(self):
        service = self.start()
        readers = [Subscriber(service) for _ in range(50)]
        peers = [RawPeer(self.endpoint).open() for _ in range(200)]
        half_open = [RawPeer(self.endpoint) for _ in range(20)]
        service.signal(signal.SIGTERM)
        for peer in peers:
            self.assertEqual(peer.close_code(), 1001)
            peer.socket.close()
        for reader in readers:
            self.assertEqual(reader.finish().error.code(), grpc.StatusCode.UNAVAILABLE)
        self.assertEqual(service.wait(), 0)
        for peer in half_open:
            peer.socket.close()

    def test_a_peer_that_never_answers_the_close_does_not_hold_it(self):
        service = self.start()
        with RawPeer(self.endpoint) as peer:
            peer.open()  # and never reads again
            service.signal(signal.SIGTERM)
            self.assertEqual(service.wait(30), 0)

    def test_a_flood_does_not_hold_it_and_its_readers_see_no_hole(self):
        service = self.start()
        readers = [Subscriber(service, earliest=True, encoding=encoding) for encoding in ("JSON", "DATA")]
        floods = [threading.Thread(target=self.flood, daemon=True) for _ in range(2)]
        for flood in floods:
            flood.start()
        harness.wait_until(lambda: all(len(reader.records) > 10_000 for reader in readers), "the flood to be read")
        service.signal(signal.SIGTERM)
        for reader in readers:
            reader.finish()
            offsets = [record.offset for record in reader.records]
            gaps = [notice.gap for notice in reader.notices if notice.HasField("gap")]
            offsets += [offset for gap in gaps for offset in range(gap.first_offset, gap.last_offset + 1)]
            self.assertEqual(sorted(offsets), list(range(1, max(offsets) + 1)))
            self.assertTrue(reader.notices[-1].HasField("ending"))
        self.assertEqual(readers[0].records[-1].offset, readers[1].records[-1].offset, "both got all that was there")
        self.assertEqual(service.wait(), 0)
        for flood in floods:
            flood.join(harness.PATIENCE)

    def flood(self):
        data = b"".join(frame(b'{"n":%d}' % n) for n in range(100))
        with RawPeer(self.endpoint) as peer:
            peer.open()
            try:
                while True:
                    peer.send(data)
            except ConnectionError:
                pass  # the end of the service

    def test_a_second_signal_stops_at_once(self):
        service = self.start(INLET__SHUTDOWN__DELAY="10m")
        service.signal(signal.SIGTERM)
        harness.wait_until(lambda: service.events("service_stopping"), "the stop to begin")
        service.signal(signal.SIGINT)
        self.assertEqual(service.wait(10), 128 + signal.SIGINT)

    def test_a_reader_whose_socket_was_full_does_not_hold_the_exit(self):
        # Under a sanitizer gRPC is destroyed to the end, and takes ten seconds for it.
        times, longest = (1, 40) if harness.SANITIZED else (3, 5)
        for _ in range(times):
            service = self.start()
            with websockets.sync.client.connect(self.endpoint, compression=None) as peer:
                for _ in range(40):
                    peer.send('{"a":"%s"}' % ("x" * 1_000_000))
            self.await_records(40)
            self.assertEqual(len(Subscriber(service, earliest=True, max_records=40).finish().records), 40)
            began = time.monotonic()
            service.stop()
            self.assertLess(time.monotonic() - began, longest)

    def test_nothing_is_left_over(self):
        service = self.start()
        ports = [urllib.parse.urlsplit(self.endpoint).port, int(service.address.rsplit(":", 1)[1])]
        before = sorted(path.name for path in service.folder.iterdir())
        service.stop()
        self.assertEqual(sorted(path.name for path in service.folder.iterdir()), before)
        for port in ports:
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(("127.0.0.1", port))

    def test_it_starts_again_on_the_same_addresses_at_once(self):
        service = self.start(INLET__GRPC__ADDRESS=f"127.0.0.1:{harness.free_port()}",
                             WEBSOCKET__SOURCE__HTTPSERVERPORT=str(harness.free_port()))
        first = service.get("demo")["status"]["epoch"]
        with RawPeer(self.endpoint) as peer:
            peer.open()
            service.stop()
            service.start_again()
            self.assertEqual(service.get("demo")["status"]["endpoint"], self.endpoint)
        self.assertNotEqual(service.get("demo")["status"]["epoch"], first)


if __name__ == "__main__":
    harness.require("grpcurl")
    harness.main()
