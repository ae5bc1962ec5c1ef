"""The README's own commands, taken from it and run in its order: what it says is what happens."""
import os
import re
import unittest

import harness

README = (harness.SOURCE_DIR / "README.md").read_text(encoding="utf-8")


def blocks():
    """(language, text) of each fenced block."""
    return re.findall(r"^```(\w*)\n(.*?)^```$", README, re.M | re.S)


class Readme(harness.EndToEndTest):
    def setUp(self):
        port = harness.free_port()
        self.service = self.inletd({"WEBSOCKET__SOURCE__HTTPSERVERPORT": str(port)})
        self.places = {"localhost:50051": self.service.address, "localhost:10081": f"127.0.0.1:{port}",
                       "build/bin/inletctl": harness.INLETCTL}

    def here(self, text):
        """With the addresses of this service instead of the default ones."""
        for place, ours in self.places.items():
            text = text.replace(place, ours)
        return text

    def send(self, block):
        """The block that shows a WebSocket client at work: its command, and after each > what is typed there."""
        command = self.here(re.search(r"^\S*python3? (-m websockets .*)$", block, re.M).group(1))
        typed = [self.here(line) for line in re.findall(r"^> (.*)$", block, re.M)]
        self.assertTrue(typed)
        result = harness.run("python", *command.split(), text="\n".join(typed) + "\n")
        self.assertEqual(result.returncode, 0, result.stderr)

    def shell(self, command):
        env = harness.environment(INLET_ADDRESS=self.service.address)
        result = harness.run("bash", "-c", self.here(command), env=env)
        self.assertEqual(result.returncode, 0, f"{command}\n{result.stdout}{result.stderr}")
        return result.stdout

    def test_its_commands_work_one_after_the_other(self):
        shown = []
        for language, block in blocks():
            if "-m websockets " in block:
                self.send(block)
                harness.wait_until(lambda: self.service.get("demo")["status"].get("records") == "3", "its records")
            elif language == "sh":
                shown += [(line, self.shell(line)) for line in block.splitlines() if line]
        self.assertGreater(len(shown), 4, "the README has no commands")
        for line, output in shown:
            if "Subscribe" in line or "inletctl subscribe" in line:
                for temperature in ("21.5", "22", "23"):
                    self.assertIn(temperature, output, line)

    def test_its_columns_do_what_it_says(self):
        [line] = [line for language, block in blocks() if language == "sh" for line in block.splitlines()
                  if "STRICT_VALIDATION" in line]
        self.shell(line)
        sent, record = re.search(r"`(\{[^`]*\})` becomes `(\{[^`]*\})`", README).groups()
        reject = re.search(r"`(\{[^`]*\})` is a\s+reject", README).group(1)
        result = harness.run("python", "-m", "websockets", self.here("ws://localhost:10081/sensors"),
                             text=f"{sent}\n{reject}\n")
        self.assertEqual(result.returncode, 0, result.stderr)
        harness.wait_until(lambda: self.service.get("sensors")["status"].get("messages") == "2", "its messages")
        [response, *_] = [response for response in self.service.call("Subscribe", {
            "stream": "sensors", "earliest": True, "encoding": "JSON", "stop_when_caught_up": True})
            if "records" in response]
        self.assertEqual([each["json"] for each in response["records"]], [record])
        self.assertIn("SCHEMA_MISMATCH", self.service.get("sensors")["status"]["last_reject"])

    def test_what_needs_a_remote_server_is_valid(self):
        lines = [line for language, block in blocks() if not language for line in block.splitlines()
                 if line.startswith("build/bin/inletctl create ")]
        self.assertTrue(lines)
        for line in lines:
            self.shell(f"{line} --validate-only")


class Text(unittest.TestCase):
    def test_each_word_after_make_is_a_target(self):
        makefile = (harness.SOURCE_DIR / "Makefile").read_text(encoding="utf-8")
        targets = set(re.findall(r"^([a-z-]+):", makefile, re.M))
        named = set(re.findall(r"\bmake ([a-z-]+)$", README, re.M)) | {"run", "test"}
        self.assertLessEqual(named, targets)

    def test_each_file_that_it_links_is_there(self):
        for link in re.findall(r"\]\(([^)#:]+)\)", README):
            self.assertTrue(os.path.exists(harness.SOURCE_DIR / link), link)

    def test_each_option_of_create_stream_is_documented(self):
        source = (harness.SOURCE_DIR / "service/sql/statement.cc").read_text(encoding="utf-8")
        names = re.findall(r'case OptionName::\w+:\s+return "(\w+)"', source)
        text = (harness.SOURCE_DIR / "docs/sql.md").read_text(encoding="utf-8")
        self.assertGreater(len(names), 5)
        self.assertEqual([name for name in names if f"`{name}`" not in text], [])


if __name__ == "__main__":
    harness.require("grpcurl")
    harness.main()
