"""Readers in bad places: deleted streams, evicted and foreign positions, storms, and readers that do not read."""
import concurrent.futures
import contextlib
import threading

import grpc

import harness
from clients import RawPeer, connect, error_reason, frame, pb

def kinds(notices):
    return [notice.WhichOneof("kind") for notice in notices]


class Result:
    """All that a subscription gave, and how it ended."""

    def __init__(self, responses):
        self.records, self.notices, self.code, self.reason, self.message = [], [], grpc.StatusCode.OK, None, ""
        try:
            for response in responses:
                self.records.extend(response.records)
                if response.HasField("notice"):
                    self.notices.append(response.notice)
        except grpc.RpcError as error:
            self.code, self.reason, self.message = error.code(), error_reason(error), error.details()

    @property
    def offsets(self):
        return [record.offset for record in self.records]


class Positions(harness.EndToEndTest):
    def setUp(self):
        self.service = self.inletd()

    def feed(self, count):
        with RawPeer(self.service.get("demo")["status"]["endpoint"]) as peer:
            peer.open().send(b"".join(frame(b'{"n":%d}' % n) for n in range(count)))
            harness.wait_until(lambda: self.service.get("demo")["status"].get("records") == str(count), "the records")

    def read(self, **request):
        request.setdefault("stop_when_caught_up", True)
        with connect(self.service) as stub:
            return Result(stub.Subscribe(pb.SubscribeRequest(stream="demo", encoding="JSON", **request),
                                         timeout=harness.PATIENCE))

    def after(self, offset, epoch=None, **request):
        epoch = epoch or self.service.get("demo")["status"]["epoch"]
        return self.read(after=pb.Position(epoch=epoch, offset=offset), **request)

    def test_a_position_ahead_is_out_of_range_with_the_next_offset(self):
        self.service.create("demo")
        self.feed(5)
        result = self.after(6)
        self.assertEqual((result.code, result.reason), (grpc.StatusCode.OUT_OF_RANGE, "OFFSET_AHEAD"))
        self.assertIn("6", result.message)
        self.assertEqual(self.after(5).offsets, [])

    def test_a_foreign_epoch_is_a_gap_and_then_all_that_is_kept_also_with_fail(self):
        self.service.create("demo")
        self.feed(5)
        for when_behind in ("SKIP", "FAIL"):
            result = self.after(3, epoch="another", when_behind=when_behind)
            self.assertEqual(kinds(result.notices), ["started", "gap", "caught_up"])
            self.assertEqual(result.notices[1].gap.cause, pb.Gap.NEW_EPOCH)
            self.assertEqual(result.offsets, [1, 2, 3, 4, 5])

    def test_an_evicted_position_is_a_gap_with_skip_and_the_first_offset_kept_with_fail(self):
        self.service.create("demo", retention={"max_records": "10"})
        self.feed(30)
        result = self.after(5)
        self.assertEqual(kinds(result.notices), ["started", "gap", "caught_up"])
        gap = result.notices[1].gap
        self.assertEqual((gap.cause, gap.first_offset, gap.last_offset), (pb.Gap.EVICTED, 6, 20))
        self.assertEqual(result.offsets, list(range(21, 31)))
        failed = self.after(5, when_behind="FAIL")
        self.assertEqual((failed.code, failed.reason), (grpc.StatusCode.OUT_OF_RANGE, "OFFSET_EVICTED"))
        self.assertIn("21", failed.message)
        self.assertEqual(self.after(20, when_behind="FAIL").offsets, list(range(21, 31)), "nothing is missing")

    def test_a_stream_made_anew_is_a_new_epoch(self):
        self.service.create("demo")
        self.feed(5)
        old = self.service.get("demo")["status"]["epoch"]
        self.service.call("DeleteStream", {"name": "demo"})
        self.service.create("demo")
        self.feed(2)
        result = self.after(5, epoch=old)
        self.assertEqual((kinds(result.notices), result.offsets), (["started", "gap", "caught_up"], [1, 2]))

    def test_deletion_ends_readers_with_ending_and_not_found(self):
        self.service.create("demo")
        self.feed(5)
        with connect(self.service) as stub, concurrent.futures.ThreadPoolExecutor() as pool:
            calls = [stub.Subscribe(pb.SubscribeRequest(stream="demo", earliest=True)) for _ in range(10)]
            started = [next(call) for call in calls]
            self.assertTrue(all(response.notice.HasField("started") for response in started))
            results = [pool.submit(Result, call) for call in calls]
            self.service.call("DeleteStream", {"name": "demo"})
            for result in (future.result(harness.PATIENCE) for future in results):
                self.assertEqual((result.code, result.reason), (grpc.StatusCode.NOT_FOUND, "STREAM_DELETED"))
                ending = result.notices[-1].ending
                self.assertEqual((ending.reason, ending.retry), (pb.STREAM_DELETED, False))

    def test_silence_brings_heartbeats_with_the_place_to_resume(self):
        self.service.create("demo")
        self.feed(5)
        with connect(self.service) as stub:
            request = pb.SubscribeRequest(stream="demo", earliest=True)
            request.heartbeat_interval.seconds = 1
            call = stub.Subscribe(request, timeout=harness.PATIENCE)
            heartbeat = next(r.notice.heartbeat for r in call if r.notice.HasField("heartbeat"))
            call.cancel()
        self.assertEqual(heartbeat.resume_after.offset, 5)
        self.assertEqual(heartbeat.resume_after.epoch, self.service.get("demo")["status"]["epoch"])

    def test_a_thousand_at_once(self):
        endpoint = self.service.create("demo")
        with connect(self.service) as stub, RawPeer(endpoint) as peer:
            calls = [stub.Subscribe(pb.SubscribeRequest(stream="demo", max_records=3), timeout=4 * harness.PATIENCE)
                     for _ in range(1000)]
            for call in calls:
                self.assertTrue(next(call).notice.HasField("started"))
            self.assertEqual(self.service.get("demo")["status"]["subscribers"], 1000)
            peer.open().send(b"".join(frame(b'{"n":%d}' % n) for n in range(3)))
            for call in calls:
                self.assertEqual(Result(call).offsets, [1, 2, 3])
        harness.wait_until(lambda: "subscribers" not in self.service.get("demo")["status"], "all to be gone")

    def test_one_more_than_the_operator_allows_is_resource_exhausted(self):
        service = self.inletd({"INLET__GRPC__MAXSUBSCRIBERS": "2"})
        service.create("demo")
        with connect(service) as stub:
            calls = [stub.Subscribe(pb.SubscribeRequest(stream="demo")) for _ in range(2)]
            for call in calls:
                next(call)
            result = Result(stub.Subscribe(pb.SubscribeRequest(stream="demo")))
            self.assertEqual((result.code, result.reason), (grpc.StatusCode.RESOURCE_EXHAUSTED, "LIMIT_REACHED"))
            calls[0].cancel()
            harness.wait_until(lambda: service.get("demo")["status"].get("subscribers") == 1, "one to be gone")
            next(stub.Subscribe(pb.SubscribeRequest(stream="demo")))


# A client that does not grow its windows: what it does not read stays in the service.
SMALL_WINDOW = (("grpc.http2.lookahead_bytes", 65536), ("grpc.http2.bdp_probe", 0))
RECORD = b'{"pad":"' + b"x" * 60_000 + b'"}'


class Stalls(harness.EndToEndTest):
    def setUp(self):
        self.service = self.inletd()
        self.endpoint = self.service.create("demo", retention={"max_bytes": str(8 << 20)})

    def stalled(self, stack, stall_timeout, encoding="JSON"):
        """A subscription that reads its first response and then nothing."""
        stub = stack.enter_context(connect(self.service, *SMALL_WINDOW))
        request = pb.SubscribeRequest(stream="demo", encoding=encoding)
        request.stall_timeout.seconds = stall_timeout
        call = stub.Subscribe(request)
        next(call)
        return call

    def reader(self, stack, count):
        """A future of the offsets that a proper reader gets."""
        stub = stack.enter_context(connect(self.service))
        call = stub.Subscribe(pb.SubscribeRequest(stream="demo", encoding="JSON", max_records=count))
        next(call)
        self.read = 0
        pool = stack.enter_context(concurrent.futures.ThreadPoolExecutor(1))
        return pool.submit(self.drain, call)

    def drain(self, call):
        offsets = []
        for response in call:
            offsets.extend(record.offset for record in response.records)
            self.read = len(offsets)
        return offsets

    def send(self, peer, count, first=0):
        """Never so far ahead of the reader that its records would be evicted."""
        for n in range(first, count, 20):
            harness.wait_until(lambda: n - self.read <= 40, "the reader to keep pace")
            peer.send(frame(RECORD) * 20)

    def test_a_stalled_reader_is_ended_and_another_reads_all(self):
        count = 600
        with contextlib.ExitStack() as stack:
            stalled = [self.stalled(stack, 1, encoding) for encoding in ("JSON", "DATA")]
            future = self.reader(stack, count)
            peer = stack.enter_context(RawPeer(self.endpoint)).open()
            self.send(peer, count)
            self.assertEqual(future.result(harness.PATIENCE), list(range(1, count + 1)))
            harness.wait_until(lambda: "subscribers" not in self.service.get("demo")["status"], "their end")
            for call in stalled:
                result = Result(call)
                self.assertEqual(result.code, grpc.StatusCode.RESOURCE_EXHAUSTED)
                self.assertIn("did not take a response for 1s", result.message)
                self.assertLess(len(result.records), count)

    def test_stalled_readers_cost_bounded_memory(self):
        count = 5000  # of 60 KB: 300 MB
        with contextlib.ExitStack() as stack:
            stalled = [self.stalled(stack, 600, "JSON" if n % 2 else "DATA") for n in range(10)]
            future = self.reader(stack, count)
            peer = stack.enter_context(RawPeer(self.endpoint)).open()
            self.send(peer, count // 10)
            before = self.service.rss_bytes()
            samples = self.sampled(lambda: self.send(peer, count, count // 10))
            self.assertEqual(future.result(harness.PATIENCE), list(range(1, count + 1)))
            self.assertEqual(self.service.get("demo")["status"]["subscribers"], len(stalled), "they are still there")
        if not harness.SANITIZED:
            self.assertLess(max(samples), before + (32 << 20), "it grows with what a stalled reader does not read")
            self.assertLess(max(samples), 128 << 20)

    def sampled(self, act):
        """The memory of the service in the course of act()."""
        samples, enough = [], threading.Event()
        sampler = threading.Thread(target=self.sample, args=(samples, enough), daemon=True)
        sampler.start()
        act()
        enough.set()
        sampler.join()
        return samples

    def sample(self, samples, enough):
        samples.append(self.service.rss_bytes())
        while not enough.wait(0.1):
            samples.append(self.service.rss_bytes())

    def test_a_reader_that_falls_behind_is_told_what_it_missed(self):
        count = 600  # 36 MB through a log of 8
        with contextlib.ExitStack() as stack:
            call = self.stalled(stack, 600)
            future = self.reader(stack, count)
            peer = stack.enter_context(RawPeer(self.endpoint)).open()
            self.send(peer, count)
            future.result(harness.PATIENCE)
            seen, gaps = self.read_to(call, count)
        self.assertTrue(gaps, "nothing was evicted: this test tests nothing")
        missing = [offset for gap in gaps for offset in range(gap.first_offset, gap.last_offset + 1)]
        self.assertEqual(sorted(seen + missing), list(range(1, count + 1)), "each is read, or told to be missing")

    def read_to(self, call, last):
        seen, gaps = [], []
        for response in call:
            seen.extend(record.offset for record in response.records)
            if response.notice.HasField("gap"):
                gaps.append(response.notice.gap)
            if seen and seen[-1] == last:
                call.cancel()
                return seen, gaps
        raise AssertionError("the subscription ended")


if __name__ == "__main__":
    harness.require("grpcurl")
    harness.main()
