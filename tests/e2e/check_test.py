"""CheckConnection: causes of failure planted by foreign servers, each found at its stage with a hint that would help."""
import json
import ssl
import time

import harness
from certificates import Authority
from clients import RawPeer
from foreign_servers import (BlackHole, Server, WebSocketServer, answers, hangs_up, is_mute, says, upgrades)

CHECK = "inlet.v1.ConnectionService/CheckConnection"
SECRET = "hush-1234567"


def server_frame(payload, opcode=1):
    return bytes([0x80 | opcode, len(payload)]) + payload


class CheckTest(harness.EndToEndTest):
    def setUp(self):
        self.authority = Authority()
        self.addCleanup(self.authority.close)
        self.service = self.inletd(settings={"INLET__EGRESS__PROXY": "true"})

    def plant(self, server):
        """Its port; it is closed when the test is over."""
        self.addCleanup(server.close)
        return server.port

    def plain(self, handle):
        return self.plant(Server(handle))

    def tls(self, handle=upgrades(), context=None, **options):
        return self.plant(Server(handle, context or self.authority.server_context(**options)))

    def check(self, deadline=30, **request):
        result = self.service.grpcurl(CHECK, request, options=["-max-time", str(deadline)])
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.messages[0]

    def check_url(self, url, settings=None, **options):
        return self.check(datasource=url, settings=settings or {}, **options)

    def trusting(self, **settings):
        return {"rootCARaw": self.authority.text, **settings}

    def assert_fails(self, answer, stage, *hints):
        """Reached `stage`, passed all before it, and the hint holds all of `hints`."""
        self.assertFalse(answer.get("reachable", False), answer)
        self.assertEqual(answer["stages"][-1]["name"], stage, answer)
        self.assertEqual([one.get("ok", False) for one in answer["stages"]],
                         [True] * (len(answer["stages"]) - 1) + [False], answer)
        for hint in hints:
            self.assertIn(hint, answer["hint"])


class Network(CheckTest):
    def test_name_unknown(self):
        answer = self.check_url("ws://no-such-host.invalid/", deadline=20)
        self.assert_fails(answer, "resolve", "no-such-host.invalid", "addr")

    def test_refused(self):
        port = harness.free_port()
        self.assert_fails(self.check_url(f"ws://127.0.0.1:{port}/"), "connect", str(port), "addr")

    def test_black_hole(self):
        port = self.plant(BlackHole())
        self.assert_fails(self.check_url(f"ws://127.0.0.1:{port}/"), "connect", "firewall", "addr")

    def test_egress_rules_hold(self):
        self.assert_fails(self.check_url("ws://169.254.169.254/latest"), "resolve", "link-local", "addr")

    def test_proxy_refuses(self):
        port = self.plain(answers("403 Forbidden"))
        answer = self.check_url("ws://feed.example.com:81/", {"proxyUrl": f"http://127.0.0.1:{port}"})
        self.assert_fails(answer, "connect", "proxyUrl", "feed.example.com:81")

    def test_proxy_wants_a_password(self):
        port = self.plain(answers("407 Proxy Authentication Required", 'Proxy-Authenticate: Basic realm="x"'))
        settings = {"proxyUrl": f"http://me:{SECRET}@127.0.0.1:{port}"}
        answer = self.check_url("ws://feed.example.com/", settings)
        self.assert_fails(answer, "connect", "proxyUrl", "user")
        self.assertNotIn(SECRET, json.dumps(answer))


class Tls(CheckTest):
    def assert_tls_fails(self, port, settings, *hints, stage="tls"):
        answer = self.check_url(f"wss://127.0.0.1:{port}/", settings)
        self.assert_fails(answer, stage, *hints)
        return answer

    def test_tls_on_a_plain_port(self):
        port = self.plain(lambda connection: connection.recv(4096) and connection.sendall(
            b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"))
        self.assert_tls_fails(port, {}, "scheme to ws")

    def test_plain_on_a_tls_port(self):
        answer = self.check_url(f"ws://127.0.0.1:{self.tls()}/")
        self.assert_fails(answer, "upgrade", "scheme to wss")

    def test_expired(self):
        answer = self.assert_tls_fails(self.tls(days=-1), self.trusting(), "expired", "server needs a new one")
        self.assertIn("CN = server", answer["certificate_subject"])
        self.assertIn("Test CA", answer["certificate_issuer"])
        self.assertIn("certificate_expire_time", answer)

    def test_wrong_host(self):
        port = self.tls(alternative_names="DNS:other.example.com")
        self.assert_tls_fails(port, self.trusting(), "other.example.com", "serverName")
        answer = self.check_url(f"wss://127.0.0.1:{port}/", self.trusting(serverName="other.example.com"))
        self.assertTrue(answer.get("reachable"), answer)

    def test_unknown_issuer(self):
        port = self.tls()
        self.assert_tls_fails(port, {}, "rootCaPath", "Test CA", "insecureSkipVerify")
        self.assertTrue(self.check_url(f"wss://127.0.0.1:{port}/", {"insecureSkipVerify": True}).get("reachable"))

    def test_client_certificate_missing(self):
        for version, stage in ((ssl.TLSVersion.TLSv1_2, "tls"), (ssl.TLSVersion.TLSv1_3, "upgrade")):
            with self.subTest(version=version):
                context = self.authority.server_context(client_authority=self.authority)
                context.minimum_version = context.maximum_version = version
                port = self.tls(context=context)
                self.assert_tls_fails(port, self.trusting(), "certificationPath", "privateKeyPath", stage=stage)

    def test_tls_too_old(self):
        context = self.authority.server_context()
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
        self.assert_tls_fails(self.tls(context=context), self.trusting(), "tlsMinVersion", "update the server")

    def test_tls_older_than_demanded(self):
        context = self.authority.server_context()
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        self.assert_tls_fails(self.tls(context=context), self.trusting(tlsMinVersion="tls1.3"),
                              "tlsMinVersion to tls1.2")

    def test_mute_in_the_handshake(self):
        answer = self.check_url(f"wss://127.0.0.1:{self.plain(is_mute)}/", self.trusting(),
                                deadline=20 if harness.SANITIZED else 3)
        self.assert_fails(answer, "tls", "scheme to ws")

    def test_a_good_one_tells_version_and_certificate(self):
        answer = self.check_url(f"wss://127.0.0.1:{self.tls()}/", self.trusting())
        self.assertTrue(answer.get("reachable"), answer)
        self.assertEqual([one["name"] for one in answer["stages"]], ["resolve", "connect", "tls", "upgrade"])
        self.assertEqual(answer["tls_version"], "TLSv1.3")
        self.assertEqual(answer["certificate_subject"], "CN = server")


# Status line, headers, and what the hint must hold.
ANSWERS = [
    ("301 Moved Permanently", ["Location: https://new.example.com/v2"], ["wss://new.example.com/v2", "never followed"]),
    ("308 Permanent Redirect", ["Location: /v2/"], ["set datasource to /v2/"]),
    ("200 OK", ["Content-Type: text/html"], ["no WebSocket at /ws", "datasource"]),
    ("400 Bad Request", [], ["datasource", "requestHeader"]),
    ("401 Unauthorized", ["WWW-Authenticate: Bearer"], ["set requestHeader.Authorization", "Bearer"]),
    ("403 Forbidden", [], ["requestHeader.Authorization", "requestHeader.Origin"]),
    ("404 Not Found", [], ["/ws", "datasource"]),
    ("426 Upgrade Required", ["Sec-WebSocket-Version: 13"], ["proxy in between"]),
    ("429 Too Many Requests", ["Retry-After: 30"], ["30 s", "backoffMax"]),
    ("500 Internal Server Error", [], ["500"]),
    ("502 Bad Gateway", [], ["gateway"]),
    ("503 Service Unavailable", ["Retry-After: 120"], ["120 s"]),
]


class Upgrade(CheckTest):
    def test_each_status_has_its_hint(self):
        for status, headers, hints in ANSWERS:
            with self.subTest(status=status):
                port = self.plain(answers(status, *headers, "Set-Cookie: session=abc", "Server: foreign"))
                answer = self.check_url(f"ws://127.0.0.1:{port}/ws")
                self.assert_fails(answer, "upgrade", *hints)
                self.assertEqual(answer["http_status"], int(status[:3]))
                self.assertEqual(answer["response_header"]["server"], "foreign")
                self.assertNotIn("session=abc", json.dumps(answer))

    def test_mute_after_connect_is_told_before_the_deadline(self):
        port, begin = self.plain(is_mute), time.monotonic()
        deadline = 15 if harness.SANITIZED else 3
        answer = self.check_url(f"ws://127.0.0.1:{port}/", deadline=deadline)
        self.assert_fails(answer, "upgrade", "WebSocket server")
        self.assertLess(time.monotonic() - begin, deadline)

    def test_hangs_up(self):
        self.assert_fails(self.check_url(f"ws://127.0.0.1:{self.plain(hangs_up)}/"), "upgrade", "port in addr")

    def test_no_http(self):
        port = self.plain(says(b"SSH-2.0-OpenSSH_9.2\r\n"))
        self.assert_fails(self.check_url(f"ws://127.0.0.1:{port}/"), "upgrade", "port in addr")

    def test_bad_accept(self):
        port = self.plain(upgrades(wrong_accept=True))
        self.assert_fails(self.check_url(f"ws://127.0.0.1:{port}/"), "upgrade", "Sec-WebSocket-Accept", "in between")

    def test_subprotocol_refused(self):
        port = self.plant(WebSocketServer(lambda connection: None))
        answer = self.check_url(f"ws://127.0.0.1:{port}/", {"subprotocols": ["mine"]})
        self.assert_fails(answer, "upgrade", "subprotocols", "mine")

    def test_an_echoed_secret_is_hidden(self):
        port = self.plain(answers("401 Unauthorized", f"WWW-Authenticate: Bearer error={SECRET}"))
        answer = self.check_url(f"ws://127.0.0.1:{port}/?key={SECRET}",
                                {"requestHeader": {"Authorization": f"Bearer {SECRET}"}})
        self.assert_fails(answer, "upgrade", "does not accept")
        self.assertNotIn(SECRET, json.dumps(answer))
        self.assertNotIn(SECRET, self.service.log())


class Message(CheckTest):
    def assert_no_message(self, handle, *hints, **settings):
        answer = self.check_url(f"ws://127.0.0.1:{self.plain(handle)}/", settings, wait_for_message="1s")
        self.assert_fails(answer, "message", *hints)

    def test_no_first_message(self):
        self.assert_no_message(upgrades(), "openMessages", "wait_for_message")

    def test_open_messages_without_an_answer(self):
        self.assert_no_message(upgrades(), "check what they ask for", openMessages=["subscribe"])

    def test_only_binary(self):
        self.assert_no_message(upgrades(server_frame(b"\x00\x01", opcode=2)), "binary")

    def test_too_large(self):
        self.assert_no_message(upgrades(server_frame(b"x" * 100)), "maxMessageBytes", maxMessageBytes=50)

    def test_closed_instead(self):
        self.assert_no_message(upgrades(server_frame(b"\x03\xf0bad token", opcode=8)), "1008", "requestHeader")

    def test_a_server_that_answers_a_subscription_is_reachable(self):
        closed = []

        def handle(connection):
            connection.send(f'{{"echo": "{connection.recv()}"}}')
            try:
                connection.recv()
            except Exception as end:  # pylint: disable=broad-except
                closed.append(end.rcvd.code)
        port = self.plant(WebSocketServer(handle, subprotocols=["v1"]))
        answer = self.check_url(f"ws://127.0.0.1:{port}/", {"openMessages": ["hello"], "subprotocols": ["v1"]},
                                wait_for_message="20s")
        self.assertTrue(answer.get("reachable"), answer)
        self.assertEqual(answer["first_message"], '{"echo": "hello"}')
        self.assertEqual(answer["subprotocol"], "v1")
        self.assertEqual(answer["stages"][-1]["name"], "message")
        harness.wait_until(lambda: closed == [1000], "the close frame 1000")


class ServerRole(CheckTest):
    def test_a_path_is_free_then_the_streams_own(self):
        answer = self.check(datasource="/api/data")
        self.assertTrue(answer.get("reachable"), answer)
        self.assertEqual([one["name"] for one in answer["stages"]], ["bind", "path"])
        with RawPeer(self.service.create("demo", datasource="/api/data")) as peer:
            peer.open()
            harness.wait_until(lambda: "1 connections" in self.check(stream="demo")["stages"][1]["detail"], "the peer")
        answer = self.check(datasource="/api/data", settings={"maxMessageBytes": 10})
        self.assert_fails(answer, "path", "maxMessageBytes")

    def test_a_port_of_another_program_fails_at_bind(self):
        port = self.plain(is_mute)
        other = self.inletd(settings={"WEBSOCKET__SOURCE__HTTPSERVERPORT": str(port)})
        answer = other.grpcurl(CHECK, {"datasource": "/a"}).messages[0]
        self.assert_fails(answer, "bind", "source.httpServerPort")


class Inletctl(CheckTest):
    def test_prints_where_it_breaks_and_exits_with_1(self):
        port = self.plain(answers("401 Unauthorized"))
        result = self.service.inletctl("check", f"ws://127.0.0.1:{port}/ws")
        self.assertEqual((result.returncode, result.stderr), (1, ""))
        self.assertRegex(result.stdout, "\u2713 connect +[0-9.]+ m?s ")
        self.assertRegex(result.stdout, "\u2717 upgrade +[0-9.]+ m?s  the server answered 401")
        self.assertIn("not reachable: the server answered 401: set requestHeader.Authorization", result.stdout)
        self.assertNotIn("\x1b", result.stdout)

    def test_exits_with_0_when_it_is_reachable(self):
        port = self.plain(upgrades(server_frame(b'{"a":1}')))
        result = self.service.inletctl("check", f"ws://127.0.0.1:{port}/", "--wait-for-message", "20s", "--json")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertEqual(json.loads(result.stdout)["firstMessage"], '{"a":1}')

    def test_a_statement_and_a_stream(self):
        statement = 'CREATE STREAM demo () WITH (DATASOURCE="/api/data")'
        self.assertEqual(self.service.inletctl("check", statement).returncode, 0)
        self.assertEqual(self.service.inletctl("check", "--stream", "demo").returncode, 1)
        self.service.create("demo")
        self.assertEqual(self.service.inletctl("check", "--stream", "demo").returncode, 0)

    def test_usage_errors_exit_with_2(self):
        self.assertEqual(self.service.inletctl("check").returncode, 2)


if __name__ == "__main__":
    harness.require("grpcurl", "openssl")
    harness.main()
