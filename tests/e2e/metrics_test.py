"""What Prometheus reads: judged by its own tools, read by Prometheus itself, and as docs/metrics.md says."""
import json
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import urllib.error
import urllib.parse
import urllib.request

from websockets.sync.client import connect

import harness

DOCS = harness.SOURCE_DIR / "docs/metrics.md"
# The library that serves them counts its own answers, and does not name them as promtool wants it.
OF_THE_LIBRARY = "exposer_"


def fetch(url):
    with urllib.request.urlopen(url, timeout=harness.PATIENCE) as answer:
        return answer.read().decode()


def metrics_url(service):
    return re.search(r"^  metrics +(\S+)$", service.output(), re.M).group(1)


def families(text):
    """name -> (type, names of labels), of the metrics in the text."""
    found = {}
    for name, kind in re.findall(r"^# TYPE (\S+) (\S+)$", text, re.M):
        labels = set()
        for inner in re.findall(rf"^{name}\{{(.*)\}} ", text, re.M):
            labels.update(re.findall(r'(\w+)="', inner))
        found[name] = (kind, labels)
    return {name: what for name, what in found.items() if not name.startswith(OF_THE_LIBRARY)}


def documented():
    """The same, of the tables in docs/metrics.md."""
    rows = re.findall(r"^\| `(\w+)` \| (counter|gauge) \|([^|]*)\|", DOCS.read_text(encoding="utf-8"), re.M)
    return {name: (kind, set(re.findall(r"`(\w+)`", labels))) for name, kind, labels in rows}


class Metrics(harness.EndToEndTest):
    def busy_service(self):
        """One that has something to say in every metric."""
        service = self.inletd(files={"inlet.yaml": "", "sources/websocket.yaml": "small: {maxMessageBytes: 1000}\n"})
        endpoint = service.create("demo", datasource="/demo")
        with connect(endpoint) as peer:
            for text in ('{"a": 1}', '{"a": 2}', "no JSON"):
                peer.send(text)
        harness.wait_until(lambda: service.get("demo")["status"].get("rejects") == "1", "the reject")
        return service

    def value(self, url, sample):
        match = re.search(rf"^{re.escape(sample)} (\S+)$", fetch(url), re.M)
        return float(match.group(1)) if match else None

    def test_promtool_finds_nothing_to_say(self):
        text = fetch(metrics_url(self.busy_service()))
        judged = harness.run("promtool", "check", "metrics", text=text)
        complaints = [line for line in judged.stderr.splitlines() if not line.startswith(OF_THE_LIBRARY)]
        self.assertEqual(complaints, [])
        self.assertIn(judged.returncode, (0, 3))  # 3: it has complained

    def test_the_documentation_lists_exactly_what_is_served(self):
        self.assertEqual(documented(), families(fetch(metrics_url(self.busy_service()))))

    def test_an_edit_of_the_sources_file_that_is_refused_shows(self):
        service = self.busy_service()
        url = metrics_url(service)
        refused = 'inlet_conf_key_file_reloads_total{result="refused"}'
        self.assertEqual(self.value(url, refused), 0)
        self.assertEqual(self.value(url, "inlet_conf_key_file_refused"), 0)
        file = service.folder / "sources/websocket.yaml"
        file.write_text("small: {maxMesageBytes: 1000}\n", encoding="utf-8")
        harness.wait_until(lambda: self.value(url, refused) == 1, "the refused edit")
        self.assertEqual(self.value(url, "inlet_conf_key_file_refused"), 1)
        file.write_text("small: {maxMessageBytes: 2000}\n", encoding="utf-8")
        harness.wait_until(lambda: self.value(url, "inlet_conf_key_file_refused") == 0, "the edit that is right")
        self.assertEqual(self.value(url, refused), 1)

    def test_without_a_file_there_is_no_metric_of_one(self):
        self.assertNotIn("conf_key_file", fetch(metrics_url(self.inletd())))

    def test_a_secret_is_in_no_metric(self):
        service = self.inletd()
        service.create("feed", datasource="ws://127.0.0.1:9/x?token=hunter2")
        text = fetch(metrics_url(service))
        self.assertIn('inlet_stream_connections{stream="feed"} 0', text)
        self.assertNotIn("hunter2", text)

    def test_a_port_that_is_taken_is_opened_when_it_is_free(self):
        with socket.socket() as holder:
            holder.bind(("127.0.0.1", 0))
            holder.listen()
            address = "127.0.0.1:%d" % holder.getsockname()[1]
            service = self.inletd({"INLET__METRICS__ADDRESS": address})
            self.assertEqual(len(service.events("metrics_unavailable")), 1)
            self.assertIn(f"metrics      {address} cannot be opened", service.output())
        harness.wait_until(lambda: service.events("metrics_open"), "the second try")
        self.assertIn("inlet_build_info", fetch(f"http://{address}/metrics"))

    def test_metrics_are_served_while_the_service_drains(self):
        service = self.inletd({"INLET__SHUTDOWN__DELAY": "2s"})
        url = metrics_url(service)
        service.signal(signal.SIGTERM)
        harness.wait_until(lambda: service.events("service_stopping"), "the stop")
        self.assertIn("inlet_build_info", fetch(url))
        self.assertEqual(service.wait(), 0)
        with self.assertRaises(urllib.error.URLError):
            fetch(url)


class Prometheus:
    """Prometheus itself, reading one service every second, with these rules."""

    def __init__(self, test, target, rules):
        folder = tempfile.mkdtemp(prefix="inlet-prometheus-")
        test.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        config = {"global": {"scrape_interval": "1s", "evaluation_interval": "1s"}, "rule_files": ["rules.yml"],
                  "scrape_configs": [{"job_name": "inlet", "static_configs": [{"targets": [target]}]}]}
        pathlib.Path(folder, "rules.yml").write_text(rules, encoding="utf-8")
        pathlib.Path(folder, "prometheus.yml").write_text(json.dumps(config), encoding="utf-8")
        self.address = f"127.0.0.1:{harness.free_port()}"
        process = subprocess.Popen(
            ["prometheus", f"--config.file={folder}/prometheus.yml", f"--web.listen-address={self.address}",
             f"--storage.tsdb.path={folder}/data"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        test.addCleanup(process.wait)
        test.addCleanup(process.kill)

    def query(self, text):
        """The values of the answer's rows; none while it has not started."""
        try:
            answer = json.loads(fetch(f"http://{self.address}/api/v1/query?query={urllib.parse.quote(text)}"))
        except urllib.error.HTTPError as error:
            if error.code == 503:
                return []
            raise AssertionError(f"{text}: {error.read().decode()}") from None
        except urllib.error.URLError:
            return []
        return [float(row["value"][1]) for row in answer["data"]["result"]]


class Alerts(harness.EndToEndTest):
    rules = "\n".join(re.findall(r"^```yaml\n(groups:.*?)^```$", DOCS.read_text(encoding="utf-8"), re.M | re.S))

    def test_the_rules_of_the_documentation_are_valid_and_name_what_there_is(self):
        with tempfile.NamedTemporaryFile("w", suffix=".yml") as file:
            file.write(self.rules)
            file.flush()
            judged = harness.run("promtool", "check", "rules", file.name)
        self.assertEqual(judged.returncode, 0, judged.stderr)
        expressions = " ".join(re.findall(r"expr: (.*)", self.rules))
        names = set(re.findall(r"\b(?:inlet|process)_\w+", expressions))
        self.assertGreater(len(names), 5)
        self.assertEqual(names - set(documented()), set())

    def test_prometheus_reads_the_service_and_alerts_of_a_refused_edit(self):
        service = self.inletd(files={"inlet.yaml": "", "sources/websocket.yaml": ""})
        prometheus = Prometheus(self, metrics_url(service).split("/")[2], self.rules)
        harness.wait_until(lambda: prometheus.query('up{job="inlet"}') == [1], "a scrape")
        self.assertEqual(prometheus.query("inlet_conf_key_file_refused"), [0])
        firing = 'count(ALERTS{alertname="InletConfKeysRefused"})'
        self.assertEqual(prometheus.query(firing), [])
        (service.folder / "sources/websocket.yaml").write_text("default: {nonsense: 1}\n", encoding="utf-8")
        harness.wait_until(lambda: prometheus.query(firing) == [1], "the alert")


if __name__ == "__main__":
    harness.require("prometheus", "promtool")
    harness.main()
