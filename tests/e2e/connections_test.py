"""Connections one by one: listed, written to, closed; and who is at their other end, behind a proxy too."""
import asyncio
import json
import subprocess
import urllib.parse

import websockets

import clients
import harness

SERVICE = "inlet.v1.ConnectionService"


def on_path(endpoint, path):
    return urllib.parse.urlunsplit(urllib.parse.urlsplit(endpoint)._replace(path=path))


class Connections(harness.EndToEndTest):
    def start(self, source=""):
        settings = f"source:\n  listen: on_demand\n{source}"
        service = self.inletd(files={"inlet.yaml": "", "sources/websocket.yaml": settings})
        service.create("fleet", datasource="/devices/{id}")
        return service, service.get("fleet")["status"]["endpoint"]

    def connections(self, service, count):
        """All, when there are so many."""
        def seen():
            page = service.call(f"{SERVICE}/ListConnections", {"stream": "fleet"})[0]
            found = page.get("connections", [])
            return found if len(found) == count else None
        return harness.wait_until(seen, f"{count} connections")

    def send(self, service, text, **target):
        answer = service.call(f"{SERVICE}/Send", {"stream": "fleet", "text": text, **target})
        return answer[0].get("sent", 0) if answer else 0

    def test_python_websockets(self):
        service, endpoint = self.start()

        async def talk():
            async with websockets.connect(on_path(endpoint, "/devices/pump"), compression=None) as pump, \
                       websockets.connect(on_path(endpoint, "/devices/valve"), compression=None) as valve:
                await pump.send('{"from": "pump"}')
                await asyncio.to_thread(self.talk_to_both, service)
                self.assertEqual([await pump.recv(), await pump.recv()], ["all", "by id"])
                self.assertEqual([await valve.recv(), await valve.recv()], ["all", "by variable"])
                await asyncio.to_thread(self.close_pump, service)
                with self.assertRaises(websockets.ConnectionClosed) as closed:
                    await pump.recv()
                self.assertEqual((closed.exception.rcvd.code, closed.exception.rcvd.reason), (4001, "that was all"))
                await valve.send('{"from": "valve"}')
                await asyncio.to_thread(self.connections, service, 1)

        asyncio.run(talk())
        harness.wait_until(lambda: int(service.get("fleet")["status"].get("records", 0)) == 2, "both records")
        responses = service.call("Subscribe", {"stream": "fleet", "earliest": True, "encoding": "JSON",
                                               "stop_when_caught_up": True})
        records = [record for response in responses for record in response.get("records", [])]
        self.assertEqual([(json.loads(record["json"])["from"], record["origin"]["variables"]) for record in records],
                         [("pump", {"id": "pump"}), ("valve", {"id": "valve"})])

    def talk_to_both(self, service):
        both = self.connections(service, 2)
        self.pump = next(one["id"] for one in both if one["origin"]["path"] == "/devices/pump")
        self.assertEqual(self.send(service, "all", all=True), 2)
        self.assertEqual(self.send(service, "by id", connection=self.pump), 1)
        self.assertEqual(self.send(service, "by variable", variables={"values": {"id": "valve"}}), 1)
        self.assertEqual(self.send(service, "nobody", variables={"values": {"id": "motor"}}), 0)

    def close_pump(self, service):
        order = {"stream": "fleet", "connection": self.pump, "code": 4001, "reason": "that was all"}
        service.call(f"{SERVICE}/CloseConnection", order)

    def test_node_ws(self):
        harness.require("node")
        service, endpoint = self.start()
        command = ["node", str(harness.SOURCE_DIR / "tests/e2e/connect.js"), on_path(endpoint, "/devices/7")]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=harness.environment()) as node:
            connection = self.connections(service, 1)[0]
            self.assertEqual(connection["origin"]["variables"], {"id": "7"})
            service.call(f"{SERVICE}/CloseConnection", {"stream": "fleet", "connection": connection["id"],
                                                        "code": 3000, "reason": "go"})
            output, _ = node.communicate(timeout=harness.PATIENCE)
        self.assertEqual(output.splitlines(), ['{"open":true}', '{"code":3000,"reason":"go"}'])

    def test_what_cannot_be_done_is_told(self):
        service, _ = self.start()
        unknown = service.grpcurl(f"{SERVICE}/CloseConnection", {"stream": "fleet", "connection": 77})
        self.assert_refused(unknown, "NotFound", "77")
        unsaid = service.grpcurl(f"{SERVICE}/Send", {"stream": "fleet", "text": "hi"})
        self.assert_refused(unsaid, "InvalidArgument", "to whom")

    def test_the_proxy_protocol(self):
        service, endpoint = self.start("  trustedProxies: [127.0.0.0/8]\n  proxyProtocol: on\n")
        with clients.RawPeer(on_path(endpoint, "/devices/7")) as peer:
            peer.send(b"PROXY TCP4 203.0.113.7 10.0.0.1 56324 443\r\n")
            peer.open()
            self.assertEqual(self.connections(service, 1)[0]["origin"]["peer"], "203.0.113.7:56324")
        with clients.RawPeer(on_path(endpoint, "/devices/7")) as stranger:
            stranger.send(clients.request_bytes(stranger.path, stranger.host))
            self.assertEqual(stranger.read_to_end(), b"")
        self.assertTrue(harness.wait_until(lambda: service.events("proxy_header_refused"), "the log"))

    def test_forwarded_for(self):
        for trusted, peer_shown in (("127.0.0.1", "203.0.113.7"), ("10.0.0.0/8", "127.0.0.1:")):
            service, endpoint = self.start(f"  trustedProxies: [{trusted}]\n")
            with clients.RawPeer(on_path(endpoint, "/devices/7")) as peer:
                peer.handshake(X_Forwarded_For="1.1.1.1, 203.0.113.7")
                shown = self.connections(service, 1)[0]["origin"]["peer"]
                self.assertTrue(shown.startswith(peer_shown), shown)


if __name__ == "__main__":
    harness.main()
