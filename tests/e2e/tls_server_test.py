"""TLS on the WebSocket server: foreign clients over wss, client certificates, and certificates that change on disk."""
import asyncio
import json
import os
import pathlib
import shutil
import ssl
import tempfile

import websockets

import harness

COUNT = 5_000


class Certificates:
    """An authority and what it has signed, made by the openssl program in a folder of its own."""

    def __init__(self, case):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="inlet-e2e-tls-"))
        case.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self._openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                      "-subj", "/CN=authority", "-keyout", "ca.key", "-out", "ca.crt")

    def _openssl(self, *arguments):
        result = harness.run("openssl", *arguments, cwd=self.folder)
        if result.returncode != 0:
            raise AssertionError(result.stderr)

    def issue(self, name):
        """Makes NAME.crt and NAME.key for localhost."""
        (self.folder / "names").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n", encoding="utf-8")
        self._openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}",
                      "-keyout", f"{name}.key", "-out", "request")
        self._openssl("x509", "-req", "-in", "request", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial",
                      "-days", "1", "-extfile", "names", "-out", f"{name}.crt")
        return self.folder / f"{name}.crt", self.folder / f"{name}.key"

    def client_context(self, own=None):
        context = ssl.create_default_context(cafile=self.folder / "ca.crt")
        if own:
            context.load_cert_chain(*own)
        return context


def replace(source, target):
    """As a careful program does it: the file is the old one or the new one, never half of it."""
    shutil.copy(source, f"{target}.new")
    os.replace(f"{target}.new", target)


def common_name(peer):
    certificate = peer.transport.get_extra_info("ssl_object").getpeercert()
    return dict(pair for part in certificate["subject"] for pair in part)["commonName"]


class TlsServer(harness.EndToEndTest):
    def setUp(self):
        self.certificates = Certificates(self)
        self.first, self.second = self.certificates.issue("first"), self.certificates.issue("second")
        self.certfile, self.keyfile = (self.certificates.folder / name for name in ("server.crt", "server.key"))
        replace(self.first[0], self.certfile)
        replace(self.first[1], self.keyfile)

    def start(self, **settings):
        variables = {"CERTFILE": self.certfile, "KEYFILE": self.keyfile, **settings}
        service = self.inletd({f"WEBSOCKET__SOURCE__HTTPSERVERTLS__{name}": str(value)
                               for name, value in variables.items() if value is not None})
        return service, service.create("demo")

    def connect(self, endpoint, own=None):
        return websockets.connect(endpoint, ssl=self.certificates.client_context(own), compression=None)

    async def name_seen(self, endpoint):
        async with self.connect(endpoint) as peer:
            return common_name(peer)

    def records(self, service):
        return int(service.get("demo")["status"].get("records", 0))

    def test_the_banner_the_log_and_the_endpoint_say_wss(self):
        service, endpoint = self.start()
        self.assertRegex(service.output(), r"(?m)^  WebSocket +wss://127\.0\.0\.1:")
        self.assertIn("wss://", service.events("service_started")[0])
        self.assertTrue(endpoint.startswith("wss://127.0.0.1:"), endpoint)

    def test_python_websockets(self):
        service, endpoint = self.start()

        async def send():
            async with self.connect(endpoint) as peer:
                for n in range(COUNT):
                    await peer.send(json.dumps({"n": n, "text": "x" * (n % 300)}))

        asyncio.run(send())
        harness.wait_until(lambda: self.records(service) == COUNT, "all records")

    def test_node_ws(self):
        service, endpoint = self.start()
        path = service.folder / "messages"
        path.write_text("".join(json.dumps([json.dumps({"n": n})]) + "\n" for n in range(COUNT)), encoding="utf-8")
        result = harness.run("node", harness.SOURCE_DIR / "tests/e2e/send.js", endpoint, path,
                             timeout=4 * harness.PATIENCE,
                             env=harness.environment(NODE_EXTRA_CA_CERTS=str(self.certificates.folder / "ca.crt")))
        self.assertEqual((result.returncode, result.stdout), (0, '{"code":1000}\n'), result.stderr)
        harness.wait_until(lambda: self.records(service) == COUNT, "all records")

    def test_a_client_certificate_is_demanded_where_there_is_a_client_ca_file(self):
        service, endpoint = self.start(CLIENTCAFILE=self.certificates.folder / "ca.crt")
        client = self.certificates.issue("client")

        async def send(own):
            async with self.connect(endpoint, own) as peer:
                await peer.send("{}")

        asyncio.run(send(client))
        harness.wait_until(lambda: self.records(service) == 1, "the record of the client with a certificate")
        with self.assertRaises((ssl.SSLError, OSError, websockets.exceptions.WebSocketException)):
            asyncio.run(send(None))
        self.assertEqual(self.records(service), 1)

    def test_a_certificate_that_changes_on_disk_is_for_new_connections_alone(self):
        service, endpoint = self.start()

        async def rotate():
            async with self.connect(endpoint) as old:
                self.assertEqual(common_name(old), "first")
                replace(self.second[0], self.certfile)
                replace(self.second[1], self.keyfile)
                while not service.events("tls_certificate_replaced"):
                    await asyncio.sleep(0.05)
                while await self.name_seen(endpoint) != "second":
                    await asyncio.sleep(0.05)
                await old.send("{}")
                await (await old.ping())

        asyncio.run(asyncio.wait_for(rotate(), harness.PATIENCE))
        harness.wait_until(lambda: self.records(service) == 1, "the record of the old connection")
        self.assertEqual(service.events("tls_certificate_refused"), [])

    def test_a_bad_file_is_logged_once_and_the_old_certificate_is_kept(self):
        service, endpoint = self.start()
        replace(self.second[1], self.keyfile)
        refused = harness.wait_until(lambda: service.events("tls_certificate_refused"), "the refusal")
        self.assertIn("is not the key of the certificate", refused[0])
        self.assertIn(str(self.keyfile), refused[0])
        self.assertEqual(asyncio.run(self.name_seen(endpoint)), "first")
        self.keyfile.unlink()
        harness.wait_until(lambda: len(service.events("tls_certificate_refused")) == 2, "the missing file")
        replace(self.first[1], self.keyfile)
        harness.wait_until(lambda: service.events("tls_certificate_replaced"), "the files that are right again")
        self.assertEqual(len(service.events("tls_certificate_refused")), 2)
        self.assertNotIn("PRIVATE KEY", service.log())

    def test_files_that_do_not_fit_refuse_to_start(self):
        variables = {"WEBSOCKET__SOURCE__HTTPSERVERTLS__CERTFILE": str(self.certfile),
                     "WEBSOCKET__SOURCE__HTTPSERVERTLS__KEYFILE": str(self.second[1])}
        for arguments in ([], ["--check-config"]):
            result = harness.run(harness.INLETD, *arguments, env=harness.environment(
                INLET__GRPC__ADDRESS="127.0.0.1:0", **variables))
            self.assertEqual(result.returncode, 1, result.stdout)
            self.assertIn("WEBSOCKET__SOURCE__HTTPSERVERTLS__KEYFILE: source.httpServerTls.keyfile: ", result.stderr)
            self.assertIn("is not the key of the certificate in certfile", result.stderr)


if __name__ == "__main__":
    harness.require("grpcurl", "node", "openssl")
    harness.main()
