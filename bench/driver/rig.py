"""Starts services, load generators and readers on loopback, and watches what a service uses."""

import json
import os
import pathlib
import random
import resource
import select
import shlex
import shutil
import signal
import socket
import subprocess
import tempfile
import time

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
# Below the range from which the kernel takes the ports of outgoing connections: ten thousand of those are opened here.
PORTS = range(20000, 32000)


class BenchError(Exception):
    """A run that did not work; the text says why."""


def raise_file_limit():
    """As many connections as the machine allows: children inherit it."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def free_ports(count):
    """Ports of 127.0.0.1 that nobody listens on, a moment ago."""
    found = []
    for port in random.sample(PORTS, len(PORTS)):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        found.append(port)
        if len(found) == count:
            return found
    raise BenchError("no free ports")


class Program:
    """A child that prints 'ready' (and 'listening' before it, if it listens), may wait for a line, and ends with a line of JSON."""

    def __init__(self, command):
        self.command = [str(word) for word in command]
        self.process = subprocess.Popen(
            self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        self.buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()

    def _line(self, timeout):
        deadline = time.monotonic() + timeout
        out = self.process.stdout.fileno()
        while b"\n" not in self.buffer:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([out], [], [], left)[0]:
                raise BenchError(f"no answer in {timeout:.0f} s from {shlex.join(self.command)}")
            piece = os.read(out, 65536)
            if not piece:
                reason = self.process.stderr.read().decode(errors="replace").strip()
                raise BenchError(f"{shlex.join(self.command)}: {reason or 'ended early'}")
            self.buffer += piece
        line, self.buffer = self.buffer.split(b"\n", 1)
        return line.decode()

    def await_word(self, word, timeout=120):
        line = self._line(timeout)
        if line != word:
            raise BenchError(f"{shlex.join(self.command)}: {line}")

    def await_ready(self):
        self.await_word("ready")

    def say(self, line=""):
        try:
            self.process.stdin.write(f"{line}\n".encode())
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # it has ended by itself, and its report is there to be read

    def report(self, timeout):
        while True:
            line = self._line(timeout)
            if line.startswith("{"):
                return json.loads(line)


def make_certificate(folder):
    """PEM files of a certificate for 127.0.0.1, which is its own authority, and of its key."""
    names = folder / "certificate.pem", folder / "key.pem"
    words = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    words += ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    done = subprocess.run(words + ["-out", names[0], "-keyout", names[1]], capture_output=True, timeout=30)
    if done.returncode != 0:
        raise BenchError(f"openssl: {done.stderr.decode(errors='replace').strip()}")
    return names


class Service:
    """inletd or the plain service, with free ports, in a folder of its own."""

    def __init__(self, kind, programs, tls=False):
        self.kind = kind
        self.programs = programs
        grpc_port, self.ws_port, self.load_port = free_ports(3)
        self.tls = tls
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=f"inlet-bench-{kind}-"))
        self.address = f"127.0.0.1:{grpc_port}"
        self.certificate, self.key = make_certificate(self.folder) if kind == "inlet" else (None, None)
        environment = dict(os.environ)
        if kind == "inlet":
            environment["INLET__GRPC__ADDRESS"] = self.address
            environment["INLET__METRICS__ADDRESS"] = "127.0.0.1:0"
            environment["WEBSOCKET__SOURCE__HTTPSERVERIP"] = "127.0.0.1"
            environment["WEBSOCKET__SOURCE__HTTPSERVERPORT"] = str(self.ws_port)
            if tls:
                environment["WEBSOCKET__SOURCE__HTTPSERVERTLS__CERTFILE"] = str(self.certificate)
                environment["WEBSOCKET__SOURCE__HTTPSERVERTLS__KEYFILE"] = str(self.key)
            command = [programs.inletd]
        else:
            command = [programs.naive, "--grpc", self.address, "--ws-port", str(self.ws_port)]
        self.log = open(self.folder / "log", "wb")
        self.process = subprocess.Popen(
            [str(word) for word in command],
            env=environment,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def create(self, name="demo", datasource="/demo", *options):
        words = [self.programs.read, "--address", self.address, "create", name, datasource, *options]
        done = subprocess.run([str(word) for word in words], capture_output=True, timeout=30)
        if done.returncode != 0:
            raise BenchError(f"{self.kind}: {done.stderr.decode().strip()}\n{self.tail()}")

    def tail(self):
        return (self.folder / "log").read_text(errors="replace")[-2000:]

    def check_alive(self):
        if self.process.poll() is not None:
            raise BenchError(f"{self.kind} ended with {self.process.returncode}\n{self.tail()}")

    @property
    def pid(self):
        return self.process.pid

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def resident_bytes(self):
        return int(pathlib.Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * PAGE

    def thread_times(self):
        """For each thread: seconds in which it ran or waited for a core."""
        times = {}
        for task in pathlib.Path(f"/proc/{self.pid}/task").iterdir():
            try:
                ran, waited = (task / "schedstat").read_text().split()[:2]
                times[task.name] = (int(ran) + int(waited)) / 1e9
            except (OSError, ValueError):
                continue
        return times

    def load(self, *arguments):
        """Clients of this service."""
        url = f"{'wss' if self.tls else 'ws'}://127.0.0.1:{self.ws_port}/demo"
        trust = ["--authority", self.certificate] if self.tls else []
        return Program([self.programs.load, url, "--gate", *trust, *arguments])

    def load_url(self, tls):
        return f"{'wss' if tls else 'ws'}://127.0.0.1:{self.load_port}/demo"

    def listening_load(self, tls, *arguments):
        """A server at load_url()."""
        identity = ["--certificate", self.certificate, "--key", self.key] if tls else []
        return Program([self.programs.load, self.load_url(tls), "--listen", "--gate", *identity, *arguments])

    def read(self, *arguments):
        return Program([self.programs.read, "--address", self.address, *arguments])


class Usage:
    """What a service used between construction and stop()."""

    def __init__(self, service):
        self.service = service
        self.began = time.monotonic()
        self.cpu_before = service.cpu_seconds()
        self.threads_before = service.thread_times()

    def stop(self):
        self.service.check_alive()
        self.seconds = time.monotonic() - self.began
        self.cpu_seconds = self.service.cpu_seconds() - self.cpu_before
        after = self.service.thread_times()
        used = [value - self.threads_before.get(thread, 0) for thread, value in after.items()]
        self.busiest_thread = max(used, default=0) / max(self.seconds, 1e-9)
        return self


class Programs:
    """Where everything lies."""

    def __init__(self, folder, inletd=None):
        folder = pathlib.Path(folder).resolve()
        self.load = folder / "inlet-load"
        self.read = folder / "inlet-read"
        self.naive = folder / "inlet-naive"
        self.inletd = pathlib.Path(inletd).resolve() if inletd else folder / "inletd"

    def missing(self, kinds):
        wanted = [self.load, self.read]
        wanted += [self.inletd] if "inlet" in kinds else []
        wanted += [self.naive] if "naive" in kinds else []
        return [path for path in wanted if not os.access(path, os.X_OK)]
