#!/usr/bin/env python3
"""How long a start takes that finds many streams: makes them, restarts the service, and waits until it answers calls.

Usage: scripts/with-tools.sh python bench/restore.py [STREAMS]    (10000)
Needs build/bin/inletd. Prints creation, the start itself, and how many streams the first call lists.
"""
import concurrent.futures
import pathlib
import sys
import time

import grpc

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tests/e2e"))
import harness  # noqa: E402, of the tests
from clients import pb, pb_grpc  # noqa: E402

CLIENTS = 8


def names(stub):
    found, token = [], ""
    while True:
        page = stub.ListStreams(pb.ListStreamsRequest(page_size=1000, page_token=token), timeout=harness.PATIENCE)
        found += [stream.name for stream in page.streams]
        token = page.next_page_token
        if not token:
            return found


def stub_of(service):
    return pb_grpc.StreamServiceStub(grpc.insecure_channel(service.address))


def create(service, numbers):
    stub = stub_of(service)
    for number in numbers:
        stream = pb.Stream(name=f"s{number:06}", datasource=f"/devices/{number}/events", labels={"team": "feeds"},
                           description="one of many", settings={"max_message_bytes": 65536})
        stub.CreateStream(pb.CreateStreamRequest(stream=stream), timeout=harness.PATIENCE)


def main(count):
    service = harness.Inletd()
    try:
        begin = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(lambda part: create(service, range(part, count, CLIENTS)), range(CLIENTS)))
        made = time.monotonic() - begin
        service.process.kill()
        service.process.wait()
        size = sum(file.stat().st_size for file in (service.folder / "data").iterdir())
        begin = time.monotonic()
        service.start_again()
        found = len(names(stub_of(service)))
        restored = time.monotonic() - begin
        print(f"{count} streams: made in {made:.1f} s by {CLIENTS} clients ({count / made:.0f}/s), data {size / 1e6:.1f} MB; "
              f"after kill -9 the first {found} were listed {restored:.2f} s after the start of the process")
        print(service.events("streams_restored")[-1])
        return 0 if found == count else 1
    finally:
        service.discard()


sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
