"""Who may connect to a path of Inlet's server: tokens, origins, numbers, subprotocols, as foreign clients see it."""
import websockets
from websockets.sync.client import connect

import harness


class Access(harness.EndToEndTest):
    def stream(self, **settings):
        service = self.inletd({"INLET_SECRET_TOKEN": "hunter2"})
        return service, service.create("demo", settings=settings)

    def refusal(self, endpoint, **options):
        """The answer to a handshake that is refused."""
        with self.assertRaises(websockets.exceptions.InvalidStatus) as refused:
            connect(endpoint, compression=None, **options)
        return refused.exception.response

    def send_one(self, service, endpoint, **options):
        with connect(endpoint, compression=None, **options) as peer:
            peer.send('{"n":1}')
            harness.wait_until(lambda: service.get("demo")["status"].get("records"), "the record")
            return peer.subprotocol

    def test_a_token_opens_and_its_want_is_401(self):
        service, endpoint = self.stream(bearerTokens=["${env:INLET_SECRET_TOKEN}", "literal-1"])
        for header in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic hunter2"}):
            answer = self.refusal(endpoint, additional_headers=header)
            self.assertEqual(answer.status_code, 401)
            self.assertIn("Bearer", answer.headers["WWW-Authenticate"])
        for token in ("hunter2", "literal-1"):
            self.send_one(service, endpoint, additional_headers={"Authorization": f"Bearer {token}"})
        shown = service.inletctl("show", "demo", "--json").stdout
        self.assertIn("401", shown)
        for secret in ("hunter2", "literal-1"):
            self.assertNotIn(secret, shown + service.log())

    def test_another_origin_is_403(self):
        service, endpoint = self.stream(allowedOrigins=["https://app.example.com", "*.example.org"])
        self.assertEqual(self.refusal(endpoint, origin="https://evil.example.com").status_code, 403)
        self.assertEqual(self.refusal(endpoint, origin="https://example.org.evil.net").status_code, 403)
        for origin in ("https://app.example.com", "https://a.example.org", None):
            self.send_one(service, endpoint, origin=origin)

    def test_one_connection_too_many_is_503_and_says_when_to_come_back(self):
        service, endpoint = self.stream(maxConnections=1)
        with connect(endpoint, compression=None):
            answer = self.refusal(endpoint)
            self.assertEqual(answer.status_code, 503)
            self.assertGreater(int(answer.headers["Retry-After"]), 0)
        harness.wait_until(lambda: not service.get("demo")["status"].get("connections"), "the end of the first")
        self.send_one(service, endpoint)

    def test_the_first_subprotocol_of_ours_that_the_client_speaks_is_chosen(self):
        service, endpoint = self.stream(subprotocols=["v2.example", "v1.example"])
        chosen = self.send_one(service, endpoint, subprotocols=["other", "v1.example", "v2.example"])
        self.assertEqual(chosen, "v2.example")
        self.assertEqual(self.refusal(endpoint, subprotocols=["other"]).status_code, 400)

    def test_two_streams_on_a_path_must_agree(self):
        service, _endpoint = self.stream(bearerTokens=["one"])
        request = {"stream": {"name": "second", "datasource": "/demo", "settings": {"bearerTokens": ["two"]}}}
        self.assert_refused(service.grpcurl("CreateStream", request), "FailedPrecondition", "bearerTokens", "demo")


if __name__ == "__main__":
    harness.require("grpcurl")
    harness.main()
