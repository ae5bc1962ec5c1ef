"""What every end-to-end test needs: the real inletd, started and stopped, and programs that talk to it."""
import json
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

SOURCE_DIR = pathlib.Path(os.environ.get("INLET_SOURCE_DIR", pathlib.Path(__file__).parents[2]))
BIN_DIR = pathlib.Path(os.environ.get("INLET_BIN_DIR", SOURCE_DIR / "build/bin"))
INLETD = str(BIN_DIR / "inletd")
INLETCTL = str(BIN_DIR / "inletctl")
SERVICE = "inlet.v1.StreamService"
# How long anything may take on a machine that does ten other things; a test that passes never waits so long.
PATIENCE = 60

# A sanitizer makes all slower, and memory larger.
SANITIZED = b"__asan_init" in pathlib.Path(INLETD).read_bytes() if os.path.exists(INLETD) else False


def wait_until(predicate, what, timeout=PATIENCE):
    """The first true value of predicate(); AssertionError that names `what` after the timeout."""
    deadline = time.monotonic() + timeout
    while True:
        value = predicate()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {timeout} s in vain for {what}")
        time.sleep(0.02)


def environment(**changes):
    """The environment of a program under test: nothing of Inlet's own but what is given."""
    ours = ("INLET__", "WEBSOCKET__", "INLET_ADDRESS")
    plain = {name: value for name, value in os.environ.items() if not name.upper().startswith(ours)}
    plain.update(changes)
    return plain


def run(*command, text=None, timeout=PATIENCE, env=None, cwd=None):
    """Runs a program to its end; the result has returncode, stdout and stderr."""
    return subprocess.run([str(word) for word in command], input=text, capture_output=True, text=True, timeout=timeout,
                          env=env or environment(), cwd=cwd, check=False)


def messages(text):
    """The JSON documents that follow each other in a text, as grpcurl prints them."""
    decoder, found, at = json.JSONDecoder(), [], 0
    while True:
        at = re.compile(r"\s*").match(text, at).end()
        if at == len(text):
            return found
        document, at = decoder.raw_decode(text, at)
        found.append(document)


def free_port():
    """A port of the loopback interface that nobody listens on, and that the system gives to no connection."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port


class Inletd:
    """One running inletd on free ports of the loopback interface.

    settings: environment variables such as {"INLET__LOG__LEVEL": "debug"}; files: name -> text, written to a folder of
    their own, of which inlet.yaml is given as --config.
    """

    def __init__(self, settings=None, files=None, wait=True, grpc_address="127.0.0.1:0"):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="inlet-e2e-"))
        self.arguments = self._write(files) if files else []
        self.settings = {"INLET__GRPC__ADDRESS": grpc_address, "INLET__METRICS__ADDRESS": "127.0.0.1:0",
                         "WEBSOCKET__SOURCE__HTTPSERVERIP": "127.0.0.1",
                         "WEBSOCKET__SOURCE__HTTPSERVERPORT": "0"}
        self.settings.update(settings or {})
        self.settings = {name: value for name, value in self.settings.items() if value is not None}
        self.process = None
        self.address = None
        self.start(wait)

    def _write(self, files):
        for name, content in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        return ["--config", str(self.folder / "inlet.yaml")] if "inlet.yaml" in files else []

    def start(self, wait=True):
        out, err = open(self.folder / "out", "a", encoding="utf-8"), open(self.folder / "err", "a", encoding="utf-8")
        with out, err:
            self.process = subprocess.Popen([INLETD, *self.arguments], stdout=out, stderr=err,
                                            env=environment(**self.settings), cwd=self.folder)
        if wait:
            self.await_start()

    def await_start(self):
        wait_until(lambda: self._banner_is_complete() or self.process.poll() is not None, "inletd's banner")
        if self.process.poll() is not None:
            raise AssertionError(f"inletd ended with {self.process.returncode}:\n{self.log()}")
        self.address = re.findall(r"^  gRPC +(\S+)$", self.output(), re.M)[-1]

    def start_again(self):
        """After it has ended: the same program with the same settings."""
        (self.folder / "out").write_text("", encoding="utf-8")
        self.start()

    def _banner_is_complete(self):
        return "inletctl subscribe" in self.output()

    @property
    def pid(self):
        return self.process.pid

    def output(self):
        return (self.folder / "out").read_text(encoding="utf-8")

    def log(self):
        return (self.folder / "err").read_text(encoding="utf-8", errors="replace")

    def events(self, name):
        """The lines of the (text) log that tell of this event."""
        return [line for line in self.log().splitlines() if f"event={name} " in line or line.endswith(f"event={name}")]

    def rss_bytes(self):
        status = pathlib.Path(f"/proc/{self.pid}/status").read_text(encoding="utf-8")
        return int(re.search(r"VmRSS:\s+(\d+) kB", status).group(1)) * 1024

    def signal(self, number):
        self.process.send_signal(number)

    def wait(self, timeout=PATIENCE):
        """The exit code."""
        try:
            return self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"inletd did not end within {timeout} s:\n{self.log()}") from None

    def stop(self):
        """SIGTERM. A clean stop is part of every test."""
        if self.process.poll() is None:
            self.signal(signal.SIGTERM)
        code = self.wait()
        if code != 0:
            raise AssertionError(f"inletd ended with {code}:\n{self.log()}")

    def discard(self):
        """What is left when a test is over, whatever became of it."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    # A stranger's way to it.
    def grpcurl(self, method, request=None, options=()):
        """Calls a method by reflection, as the README does. The result has returncode, stdout, stderr, and messages."""
        name = method if "." in method or "/" in method else f"{SERVICE}/{method}"
        data = ["-d", json.dumps(request)] if request is not None else []
        result = run("grpcurl", "-plaintext", *options, *data, self.address, name)
        result.messages = messages(result.stdout) if result.returncode == 0 else []
        return result

    def call(self, method, request):
        """As grpcurl(), where success is taken for granted: the messages."""
        result = self.grpcurl(method, request)
        if result.returncode != 0:
            raise AssertionError(f"{method} {request}: {result.stderr}")
        return result.messages

    def create(self, name, **fields):
        """Makes a stream and returns its endpoint."""
        return self.call("CreateStream", {"stream": {"name": name, **fields}})[0]["status"]["endpoint"]

    def get(self, name):
        return self.call("GetStream", {"name": name})[0]

    def inletctl(self, *arguments, text=None, timeout=PATIENCE):
        return run(INLETCTL, *arguments, text=text, timeout=timeout, env=environment(INLET_ADDRESS=self.address))


class EndToEndTest(unittest.TestCase):
    """Its services are stopped (exit code 0 is demanded) when the test is over; if it failed, their logs are shown."""

    maxDiff = None

    def inletd(self, *arguments, **options):
        service = Inletd(*arguments, **options)
        self.addCleanup(self._end, service)
        return service

    def _end(self, service):
        try:
            if service.process.poll() is None:
                service.stop()
        except AssertionError:
            service.process.kill()
            raise
        finally:
            if self._failed():
                print(f"--- {self.id()}: log of inletd {service.pid}\n{service.log()[-8000:]}---", file=sys.stderr)
            service.discard()

    def _failed(self):
        result = getattr(self._outcome, "result", None)
        return result is not None and any(test is self for test, _ in result.failures + result.errors)

    def assert_refused(self, result, code, *parts):
        """A call that failed with this code (as grpcurl writes it) and a message that holds all the parts."""
        self.assertNotEqual(result.returncode, 0, result.stdout)
        self.assertIn(f"Code: {code}", result.stderr)
        for part in parts:
            self.assertIn(part, result.stderr)


def require(*programs):
    """Ends the script: skipped, with the reason, where a foreign program is missing; failed, where one of ours is."""
    for program in (INLETD, INLETCTL, *programs):
        if shutil.which(program) is None:
            print(f"SKIPPED: {program} is not there" if program in programs else f"{program} is not built")
            sys.exit(77 if program in programs else 1)


def main():
    """Runs the script's tests. Exit code 77: nothing failed, but something was skipped."""
    program = unittest.main(exit=False, verbosity=2)
    if not program.result.wasSuccessful():
        sys.exit(1)
    for test, reason in program.result.skipped:
        print(f"SKIPPED: {test}: {reason}")
    sys.exit(77 if program.result.skipped else 0)
