"""Rows of Inlet alone: TLS, the client role, and many streams, each beside a plain row that runs in turn with it."""

import contextlib

from . import rig
from .rows import Throughput


class Variant(Throughput):
    """A throughput row with TLS, with Inlet dialling a listening load generator, or with a stream for each connection."""

    section = "roles"

    def __init__(self, name, what, beside, connections, **options):
        self.tls = options.pop("tls", False)
        self.client = options.pop("client", False)
        self.each = options.pop("each", False)
        super().__init__(name, what, connections, connections if self.each else 1, kinds=("inlet",), **options)
        self.beside = beside

    def start(self, kind, programs):
        return rig.Service(kind, programs, tls=self.tls and not self.client)

    def count(self, option):
        return [option, self.connections] if self.each else []

    def prepare(self, service):
        if not self.client:
            service.create("demo", "/demo", *self.count("--count"))

    def extra_read_arguments(self):
        return self.count("--streams")

    def load_arguments(self, plan):
        return super().load_arguments(plan) + ([] if self.client else self.count("--paths"))

    def measure(self, service, plan):
        if not self.client:
            return super().measure(service, plan)
        with contextlib.ExitStack() as stack:
            load = stack.enter_context(service.listening_load(self.tls, *self.load_arguments(plan)))
            load.await_word("listening")
            trust = ["--authority", service.certificate] if self.tls else []
            service.create("demo", service.load_url(self.tls), *self.count("--count"), *trust)
            reader = stack.enter_context(service.read(*self.read_arguments()))
            reader.await_ready()
            load.await_ready()
            return self.run(service, plan, load, reader)

    def result(self, sent, read, usage):
        """With a stream for each connection, the figures are those of all streams together."""
        if self.each:
            rate = read["records_per_second_each"] * read["subscribers"]
            read = dict(read, records_each=read["records"], records_per_second_each=rate, subscribers=1)
        return super().result(sent, read, usage)


def rows():
    return [
        Variant("json-1x1-tls", "TLS, 1 connection", "json-1x1", 1, tls=True),
        Variant("json-10x1-tls", "TLS, 10 connections", "json-10x1", 10, tls=True),
        Variant("json-1000x1-tls", "TLS, 1,000 connections", "json-1000x1", 1000, tls=True),
        Variant("json-1x1-client", "client role, 1 stream", "json-1x1", 1, client=True),
        Variant("json-1x1-client-tls", "client role, 1 stream, TLS", "json-1x1", 1, client=True, tls=True),
        Variant("streams-100x1", "100 streams with a connection each", None, 100, each=True),
        Variant("streams-100x1-client", "client role, 100 streams to one server", "streams-100x1", 100, each=True, client=True),
    ]


def quick_rows():
    return [
        Variant("json-1x1-tls", "TLS, 1 connection", "json-1x1", 1, tls=True),
        Variant("json-1x1-client", "client role, 1 stream", "json-1x1", 1, client=True),
        Variant("streams-3x1", "3 streams with a connection each", None, 3, each=True),
        Variant("streams-3x1-client-tls", "client role, 3 streams, TLS", "streams-3x1", 3, each=True, client=True, tls=True),
    ]
