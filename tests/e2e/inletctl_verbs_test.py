"""inletctl's verbs that change a stream, look at its connections and keep named settings, against the service."""
import json

import harness
from clients import RawPeer

SECRET = "hush-1234567"


class Verbs(harness.EndToEndTest):
    def setUp(self):
        self.service = self.inletd()

    def ok(self, *arguments, text=None):
        result = self.service.inletctl(*arguments, text=text)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def fails(self, *arguments, code=1):
        result = self.service.inletctl(*arguments)
        self.assertEqual(result.returncode, code, result.stdout + result.stderr)
        return result.stderr

    def state(self, name="demo"):
        return self.service.get(name)["status"]["state"]


class Changes(Verbs):
    def test_update_changes_what_is_named_and_nothing_else(self):
        self.service.create("demo", description="old", labels={"a": "1", "b": "2"})
        told = self.ok("update", "demo", "--set", "settings.pingInterval=500ms", "--set", "labels.a=3", "--clear",
                       "description")
        self.assertTrue(told.startswith("updated demo: settings.pingInterval, labels, description\n"), told)
        stream = self.service.get("demo")
        self.assertEqual(stream["settings"], {"ping_interval": "0.500s"})
        self.assertEqual(stream["labels"], {"a": "3", "b": "2"})
        self.assertNotIn("description", stream)

    def test_update_dry_run_and_etag(self):
        self.service.create("demo")
        etag = self.service.get("demo")["etag"]
        self.assertIn("would update demo: description", self.ok("update", "demo", "--set", "description=x", "--dry-run"))
        self.assertNotIn("description", self.service.get("demo"))
        self.ok("update", "demo", "--set", "description=x", "--etag", etag)
        self.assertIn("etag", self.fails("update", "demo", "--set", "description=y", "--etag", etag))
        self.assertIn("etag", self.fails("drop", "demo", "--etag", etag))
        self.assertIn("demo is as it was", self.ok("update", "demo", "--set", "description=x"))

    def test_update_makes_a_missing_stream_only_if_that_is_allowed(self):
        self.assertIn('"demo"', self.fails("update", "demo", "--set", "description=x"))
        self.assertIn("created demo", self.ok("update", "demo", "--allow-missing", "--from-file", "-",
                                              text="datasource: /api/data\ndescription: x\n"))
        self.assertEqual(self.service.get("demo")["datasource"], "/api/data")

    def test_the_services_own_words(self):
        self.service.create("demo")
        told = self.service.grpcurl("UpdateStream", {"stream": {"name": "demo", "labels": {"-bad": "x"}}})
        self.assertIn(self.fails("update", "demo", "--set", "labels.-bad=x").splitlines()[0], told.stderr)
        wrong = self.fails("update", "demo", "--set", "settings.pingInterval=1ms", code=2)
        self.assertIn("--set: settings.pingInterval: must be", wrong)

    def test_pause_resume_and_lists_by_state_and_label(self):
        self.service.create("demo", labels={"site": "berlin"})
        self.service.create("other", labels={"site": "rome"})
        self.assertIn("demo is paused", self.ok("PAUSE", "STREAM", "demo"))
        self.assertEqual(self.state(), "PAUSED")
        self.assertEqual(self.ok("list", "--names", "--state", "paused"), "demo\n")
        self.assertEqual(self.ok("list", "--names", "--label", "site=rome"), "other\n")
        self.assertEqual(self.ok("list", "--names", "--label", "site=rome", "--state", "paused"), "")
        self.assertIn("demo is listening", self.ok("resume", "demo"))
        self.assertIn("demo is listening", self.ok("reconnect", "demo"))


class Connections(Verbs):
    def test_who_is_connected_and_what_they_are_sent(self):
        endpoint = self.service.create("cars", datasource="/cars/{id}").replace("%7B", "{").replace("%7D", "}")
        with RawPeer(endpoint.replace("{id}", "7")) as seven, RawPeer(endpoint.replace("{id}", "8")) as eight:
            seven.open()
            eight.open()
            harness.wait_until(lambda: self.service.get("cars")["status"].get("connections") == 2, "both")
            table = self.ok("connections", "cars")
            self.assertIn("id=7", table)
            self.assertIn("/cars/8", table)
            found = json.loads(self.ok("connections", "cars", "--json"))["connections"]
            ids = {one["origin"]["variables"]["id"]: one["id"] for one in found}
            self.assertEqual(self.ok("send", "cars", "stop", "--where", "id=7"), "sent to 1 connection\n")
            self.assertEqual(self.ok("send", "cars", "-", "--all", text="all\n"), "sent to 2 connections\n")
            self.assertEqual(self.ok("send", "cars", "eight", "--to", ids["8"]), "sent to 1 connection\n")
            self.assertEqual(self.ok("close", "cars", ids["7"], "--code", "1008", "--reason", "enough"),
                             f"closed connection {ids['7']}\n")
            harness.wait_until(lambda: self.service.get("cars")["status"].get("connections") == 1, "the close")
        self.assertNotEqual(self.fails("close", "cars", "999999"), "")
        self.assertIn("--to ID, --where VARIABLE=VALUE or --all", self.fails("send", "cars", "to nobody in particular"))

    def test_nobody_is_no_error(self):
        self.service.create("demo")
        result = self.service.inletctl("connections", "demo")
        self.assertEqual((result.returncode, result.stdout), (0, ""))
        self.assertIn("nobody is connected", result.stderr)


class ConfKeys(Verbs):
    def test_put_get_and_delete(self):
        self.assertIn("created exchange", self.ok("conf-key", "put", "exchange", "pingInterval=5s",
                                                  f"requestHeader.X-Key={SECRET}"))
        shown = self.ok("conf-key", "get", "exchange")
        self.assertIn("pingInterval: 5s", shown)
        self.assertIn('X-Key: "<redacted>"', shown)
        self.assertIn("exchange", self.ok("conf-keys"))
        self.assertIn("updated exchange: pingInterval", self.ok("conf-key", "put", "exchange", "pingInterval=6s"))
        self.assertIn("updated exchange: requestHeader.X-Key (a secret)\n",
                      self.ok("conf-key", "put", "exchange", "requestHeader.X-Key=another"))
        self.assertIn('"<redacted>"', self.ok("conf-key", "get", "exchange", "--json"))
        self.service.create("demo", confKey="exchange")
        self.assertIn("demo", self.fails("conf-key", "delete", "exchange"))
        self.ok("drop", "demo")
        self.assertEqual(self.ok("conf-key", "delete", "exchange"), "deleted exchange\n")
        self.assertIn("exchange", self.fails("conf-key", "get", "exchange"))

    def test_a_dry_run_changes_nothing(self):
        self.assertIn("would create k", self.ok("conf-key", "put", "k", "pingInterval=5s", "--dry-run"))
        self.fails("conf-key", "get", "k")
        self.assertIn("pingInterval", self.fails("conf-key", "put", "k", "pingInterval=1ms", code=2))


if __name__ == "__main__":
    harness.require("grpcurl")
    harness.main()
