"""The rows of the table: what each measures, and how."""

import os
import shlex
import subprocess
import time

from . import rig

SETTLE = 2.0  # seconds before memory is read
DRAIN = 6.0  # seconds that a service gets for what was sent to it


class Row:
    """One line of the table. measure() makes one run against one service and returns a dict of numbers and `notes`."""

    kinds = ("naive", "inlet")
    # These services are run once only: the figure does not vary, or the plain service needs very long.
    once = ()
    # The row that this one is read beside, by name: both run in turn.
    beside = None

    def __init__(self, name, what):
        self.name = name
        self.what = what

    def start(self, kind, programs):
        return rig.Service(kind, programs)

    def prepare(self, service):
        service.create()

    def measure(self, service, plan):
        raise NotImplementedError


class Throughput(Row):
    """Messages as fast as they go (or at `rate`), and readers that count them."""

    section = "throughput"

    def __init__(self, name, what, connections, subscribers, view="json", **options):
        super().__init__(name, what)
        self.connections = connections
        self.subscribers = subscribers
        self.view = view
        self.classes = options.pop("classes", False)
        self.idle = options.pop("idle", 0)
        self.streams = options.pop("streams", 0)
        self.stalled = options.pop("stalled", 0)
        self.rate = options.pop("rate", 0)
        self.kinds = options.pop("kinds", Row.kinds)
        self.once = options.pop("once", Row.once)
        assert not options

    def load_arguments(self, plan):
        # So many flooding connections would leave gigabytes in the kernel: they send one message a write, in turn.
        mode = "paced" if self.rate else ("single" if self.connections >= 100 else "flood")
        arguments = ["--mode", mode, "--connections", self.connections, "--idle", self.idle]
        arguments += ["--seconds", self.seconds(plan), "--drain-seconds", DRAIN]
        return arguments + (["--rate", self.rate] if self.rate else [])

    def seconds(self, plan):
        return plan.seconds

    def read_arguments(self):
        threads = max(1, min(self.subscribers, (os.cpu_count() or 2) // 2))
        arguments = ["subscribe", "demo", "--view", self.view, "--subscribers", self.subscribers]
        arguments += ["--threads", threads, "--seconds", 600, "--drain-seconds", DRAIN]
        return arguments + (["--classes"] if self.classes else []) + self.extra_read_arguments()

    def extra_read_arguments(self):
        return []

    def measure(self, service, plan):
        others = self.start_others(service)
        try:
            if not self.subscribers:
                return self.measure_nobody(service, plan)
            with service.read(*self.read_arguments()) as reader:
                reader.await_ready()
                with service.load(*self.load_arguments(plan)) as load:
                    load.await_ready()
                    return self.run(service, plan, load, reader)
        finally:
            for other in others:
                other.__exit__()

    def start_others(self, service):
        others = []
        if self.streams:
            others.append(service.read("streams", self.streams, "--hold"))
        if self.stalled:
            others.append(
                service.read("subscribe", "demo", "--subscribers", self.stalled, "--stall-every", 1, "--seconds", 600)
            )
        for other in others:
            other.await_ready()
        return others

    def run(self, service, plan, load, reader):
        during = plan.start_during(service)
        usage = rig.Usage(service)
        load.say()
        sent = load.report(self.seconds(plan) + 4 * DRAIN + 60)
        reader.say(sent["messages"])
        read = reader.report(DRAIN + 30)
        usage.stop()
        plan.end_during(during)
        return self.result(sent, read, usage)

    def result(self, sent, read, usage):
        check_sound(read)
        each = read["records_each"]
        passed_over = read["missing"] / max(1, read["subscribers"])
        return {
            "records_per_second": read["records_per_second_each"],
            "micros_per_record": usage.cpu_seconds * 1e6 / max(1, each),
            "lost_percent": 100 * passed_over / max(1, each + passed_over),
            "records_a_response": read["records_a_response"],
            "service_cpu": usage.cpu_seconds / usage.seconds,
            "reader_cpu": read["cpu_share"],
            "generator_cpu": sent["cpu_share"],
            "notes": bound_notes(sent, read, usage) + delivery_notes(sent, each + passed_over),
            "latency_ms": read.get("latency_ms"),
            "lateness_us": sent.get("lateness_us"),
            "dropped": sent["dropped"],
        }

    def measure_nobody(self, service, plan):
        with service.load(*self.load_arguments(plan)) as load:
            load.await_ready()
            during = plan.start_during(service)
            usage = rig.Usage(service)
            load.say()
            sent = load.report(self.seconds(plan) + 4 * DRAIN + 60)
            usage.stop()
            plan.end_during(during)
        if sent["closed_cleanly"] != self.connections:
            raise rig.BenchError("not all connections were closed by the service in time")
        return {
            "records_per_second": sent["messages"] / sent["drained_seconds"],
            "micros_per_record": usage.cpu_seconds * 1e6 / max(1, sent["messages"]),
            "lost_percent": 0.0,
            "records_a_response": 0.0,
            "service_cpu": usage.cpu_seconds / usage.seconds,
            "generator_cpu": sent["cpu_share"],
            "notes": bound_notes(sent, {}, usage),
        }


class Latency(Throughput):
    """An open loop at a fixed rate; from the moment a message is due to the subscriber's callback."""

    section = "latency"

    def __init__(self, name, what, rate, view="json"):
        super().__init__(name, what, connections=10, subscribers=1, view=view, rate=rate)

    def extra_read_arguments(self):
        return ["--latency"]

    # The last per mille of 1,000 records a second needs more of them.
    def seconds(self, plan):
        return plan.seconds * 2.5

    def result(self, sent, read, usage):
        result = super().result(sent, read, usage)
        if not read["latency_ms"]["count"] or read["without_stamp"]:
            raise rig.BenchError("records without a time stamp")
        if sent["dropped"]:
            result["notes"].append(f"cannot take the rate: {sent['dropped']} messages never sent")
        return result


class ConnectionMemory(Row):
    """Resident memory of connections that say nothing."""

    section = "memory"
    once = Row.kinds

    def __init__(self, name, what, connections):
        super().__init__(name, what)
        self.connections = connections

    def measure(self, service, plan):
        time.sleep(plan.settle)
        before = service.resident_bytes()
        with service.load("--mode", "idle", "--idle", self.connections, "--seconds", 0.01) as load:
            load.await_ready()
            time.sleep(plan.settle)
            service.check_alive()
            after = service.resident_bytes()
            load.say()
            load.report(30)
        return {"bytes": (after - before) / self.connections, "count": self.connections, "notes": []}


class Streams(Row):
    """Creating, listing and deleting streams one call after the other, and what they cost while they are idle."""

    section = "streams"

    def __init__(self, name, what, streams):
        super().__init__(name, what)
        self.streams = streams
        self.once = Row.kinds if streams >= 10_000 else ()

    def measure(self, service, plan):
        time.sleep(plan.settle / 4)
        before = service.resident_bytes()
        with service.read("streams", self.streams, "--hold") as churn:
            churn.await_ready()
            time.sleep(plan.settle / 4)
            usage = rig.Usage(service)
            time.sleep(plan.settle if self.once else plan.settle / 4)
            usage.stop()
            bytes_each = (service.resident_bytes() - before) / self.streams
            churn.say()
            report = churn.report(120)
        if report["error"]:
            raise rig.BenchError(report["error"])
        if report["listed"] < self.streams:
            raise rig.BenchError(f"{report['listed']} streams listed of {self.streams}")
        return {
            "create_per_second": report["create_per_second"],
            "delete_per_second": report["delete_per_second"],
            "slowest_page_ms": report["slowest_page_ms"],
            "bytes": bytes_each,
            "idle_cpu_percent": 100 * usage.cpu_seconds / usage.seconds,
            "notes": [],
        }


class Plan:
    """How a run is made: what the command line decides."""

    def __init__(self, seconds=2.0, repeats=3, settle=SETTLE, during=None):
        self.seconds = seconds
        self.repeats = repeats
        self.settle = settle
        self.during = during

    def start_during(self, service):
        if not self.during:
            return None
        return subprocess.Popen(shlex.split(self.during.format(pid=service.pid, seconds=self.seconds)))

    def end_during(self, process):
        if process:
            process.wait(60)


def check_sound(read):
    """Faults that no speed makes up for."""
    if read["malformed"]:
        raise rig.BenchError("a response was not well-formed")
    if read["backwards"]:
        raise rig.BenchError(f"{read['backwards']} records did not have a higher offset than the one before")
    if read["error"]:
        raise rig.BenchError(f"the call ended: {read['error']}")
    if not read["records"]:
        raise rig.BenchError("no records arrived")


def bound_notes(sent, read, usage):
    notes = []
    if sent["generator_bound"]:
        notes.append("generator-bound")
    if read.get("reader_bound"):
        notes.append("reader-bound")
    if usage.busiest_thread > 0.95:
        notes.append("service-bound")
    return notes


def delivery_notes(sent, delivered):
    left = sent["messages"] - delivered
    return [f"{left / max(1, sent['messages']):.0%} not delivered in time"] if left > 0.001 * sent["messages"] else []


def counted(number, noun):
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def matrix():
    """Connections x subscribers x views."""
    rows = []
    for view in ("json", "data"):
        for connections in (1, 10, 1000):
            for subscribers in (1, 10):
                what = f"{view.upper()} view, {counted(connections, 'connection')}, {counted(subscribers, 'subscriber')}"
                name = f"{view}-{connections}x{subscribers}"
                rows.append(Throughput(name, what, connections, subscribers, view))
    return rows


def all_rows():
    rows = matrix()
    for view in ("json", "data"):
        what = f"{view.upper()} view, 10 connections, read with the generated classes"
        rows.append(Throughput(f"{view}-10x1-classes", what, 10, 1, view, classes=True))
    rows += [
        Throughput("nobody-1", "nobody subscribed, 1 connection", 1, 0),
        Throughput("nobody-10", "nobody subscribed, 10 connections", 10, 0),
        Throughput("fan-100", "100 subscribers at 20,000 records/s each", 10, 100, rate=20_000, kinds=("inlet",)),
        Throughput("growth-idle", "json-1000x1 with 9,000 idle connections beside", 1000, 1, idle=9000, once=("naive",)),
        Throughput("growth-streams", "json-10x1 with 10,000 streams beside", 10, 1, streams=10_000, kinds=("inlet",)),
        Throughput("growth-stalled", "json-10x1 with 100 stalled subscribers", 10, 1, stalled=100, kinds=("inlet",)),
        Latency("latency-1k", "1,000 records/s", 1000),
        Latency("latency-100k", "100,000 records/s", 100_000),
        ConnectionMemory("memory-connection", "an idle connection", 2000),
    ]
    return rows + [Streams(f"streams-{n}", f"{n:,} streams", n) for n in (100, 1000, 10_000)]


def quick_rows():
    """One of each kind, small: shows that everything still works, and says nothing about speed."""
    return [
        Throughput("json-1x1", "JSON view, 1 connection, 1 subscriber", 1, 1),
        Throughput("data-100x2", "DATA view, 100 connections, 2 subscribers, 20 idle", 100, 2, "data", idle=20),
        Throughput("json-10x1-classes", "JSON view, read with the generated classes", 10, 1, classes=True),
        Throughput("nobody-1", "nobody subscribed, 1 connection", 1, 0),
        Latency("latency-1k", "1,000 records/s", 1000),
        Latency("latency-1k-data", "1,000 records/s, DATA view", 1000, "data"),
        ConnectionMemory("memory-connection", "an idle connection", 100),
        Streams("streams-100", "100 streams", 100),
    ]
