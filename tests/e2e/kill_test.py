"""kill -9 at any moment: what was acknowledged is there after the next start, and nothing else is.

Clients change streams and conf keys of their own names at random while the service is killed, round after round. Each
keeps the last acknowledged definition of each name, and, if a call was not answered, what that call would have made of it.

INLET_KILL_ROUNDS: how many rounds. INLET_KILL_SEED: repeats the choices (not the moments) of a run.
"""
import contextlib
import os
import random
import threading
import time

import grpc

import harness
from clients import pb, pb_grpc

ROUNDS = int(os.environ.get("INLET_KILL_ROUNDS", "8" if harness.SANITIZED else "30"))
SEED = int(os.environ.get("INLET_KILL_SEED", str(random.randrange(1 << 30))))
CLIENTS = 4
NAMES = 6  # of each client
UNANSWERED = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED, grpc.StatusCode.DEADLINE_EXCEEDED)


class Refused(Exception):
    """The service answered no."""


class Client:
    """Changes its own streams, one call after the other, until the service is gone."""

    def __init__(self, number):
        self.random = random.Random(f"{SEED}/{number}")
        self.names = [f"c{number}_{i}" for i in range(NAMES)]
        # What each name may be found as: (description, paused), or None for no stream.
        self.possible = {name: {None} for name in self.names}
        self.acknowledged = 0

    def known(self, name):
        return next(iter(self.possible[name]))

    def run(self, address):
        with grpc.insecure_channel(address, options=[("grpc.use_local_subchannel_pool", 1)]) as channel:
            stub = pb_grpc.StreamServiceStub(channel)
            with contextlib.suppress(ConnectionError):
                while True:
                    self.change(stub, self.random.choice(self.names))

    def change(self, stub, name):
        before = self.known(name)
        after, call, request = self.choose(stub, name, before)
        self.possible[name] = {before, after}
        try:
            call(request, timeout=harness.PATIENCE)
        except grpc.RpcError as error:
            if error.code() in UNANSWERED:
                raise ConnectionError from error
            raise AssertionError(f"{request}: {error.code()}: {error.details()}") from error
        self.possible[name] = {after}
        self.acknowledged += 1

    def choose(self, stub, name, before):
        """What the stream would be, and the call that makes it so."""
        words = f"{self.random.randrange(1 << 60):x}" * self.random.choice((1, 1, 60))
        if before is None:
            return (words, False), stub.CreateStream, pb.CreateStreamRequest(
                stream=pb.Stream(name=name, description=words))
        kind = self.random.choice(("update", "update", "pause", "delete", "refused"))
        if kind == "update":
            return (words, before[1]), stub.UpdateStream, pb.UpdateStreamRequest(
                stream=pb.Stream(name=name, description=words), update_mask={"paths": ["description"]})
        if kind == "pause":
            return (before[0], not before[1]), stub.ResumeStream if before[1] else stub.PauseStream, (
                pb.ResumeStreamRequest(name=name) if before[1] else pb.PauseStreamRequest(name=name))
        if kind == "delete":
            return None, stub.DeleteStream, pb.DeleteStreamRequest(name=name)
        return before, self.must_refuse(stub), pb.CreateStreamRequest(stream=pb.Stream(name=name, description=words))

    def must_refuse(self, stub):
        def call(request, timeout):
            try:
                stub.CreateStream(request, timeout=timeout)
            except grpc.RpcError as error:
                if error.code() == grpc.StatusCode.ALREADY_EXISTS:
                    return
                raise
            raise AssertionError(f"{request.stream.name} was made twice")
        return call

    def settle(self, found):
        """What is there now is what is known, if it may be there at all."""
        for name in self.names:
            if found.get(name) not in self.possible[name]:
                raise AssertionError(f"{name} is {found.get(name)}, and may be one of {self.possible[name]}")
            self.possible[name] = {found.get(name)}


def found_in(service):
    with grpc.insecure_channel(service.address, options=[("grpc.use_local_subchannel_pool", 1)]) as channel:
        stub = pb_grpc.StreamServiceStub(channel)
        streams = stub.ListStreams(pb.ListStreamsRequest(page_size=1000), timeout=harness.PATIENCE).streams
    states = pb.StreamStatus.State
    for stream in streams:
        if stream.status.state not in (states.LISTENING, states.PAUSED):
            raise AssertionError(f"{stream.name}: {states.Name(stream.status.state)}: {stream.status.reason}")
    return {stream.name: (stream.description, stream.status.state == states.PAUSED) for stream in streams}


class Killed(harness.EndToEndTest):
    def test_nothing_acknowledged_is_lost_and_nothing_is_invented(self):
        print(f"INLET_KILL_SEED={SEED}")
        service = self.inletd()
        clients = [Client(number) for number in range(CLIENTS)]
        moments = random.Random(SEED)
        for number in range(ROUNDS):
            failures = self.round(service, clients, moments.uniform(0, 0.6))
            self.assertEqual(failures, [], f"in round {number}")
            service.start_again()
            found = found_in(service)
            strangers = set(found) - {name for client in clients for name in client.names}
            self.assertEqual(strangers, set())
            for client in clients:
                client.settle(found)
        acknowledged = sum(client.acknowledged for client in clients)
        print(f"{ROUNDS} rounds, {acknowledged} changes acknowledged, {len(found)} streams at the end")
        self.assertGreater(acknowledged, ROUNDS, "the clients changed hardly anything")

    def round(self, service, clients, seconds):
        """Kills the service in the midst of the clients' calls; what went wrong with them."""
        failures = []

        def work(client):
            try:
                client.run(service.address)
            except Exception as error:  # noqa: BLE001, told by the test's own thread
                failures.append(error)

        threads = [threading.Thread(target=work, args=(client,)) for client in clients]
        for thread in threads:
            thread.start()
        time.sleep(seconds)  # the moment is the choice that this test is about
        service.process.kill()
        service.process.wait()
        for thread in threads:
            thread.join(2 * harness.PATIENCE)
        return failures


if __name__ == "__main__":
    harness.require()
    harness.main()
