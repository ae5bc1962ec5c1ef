"""inletctl as its user sees it: what it prints, where, and which exit code it leaves."""
import json
import os
import shlex
import signal
import subprocess

import harness
from clients import RawPeer, frame

CREATE = 'CREATE STREAM demo () WITH (DATASOURCE="/api/data", FORMAT="json", TYPE="websocket")'


class Inletctl(harness.EndToEndTest):
    def setUp(self):
        self.service = self.inletd()

    def ok(self, *arguments, **options):
        """Standard output of a call that must succeed and say nothing on standard error."""
        result = self.service.inletctl(*arguments, **options)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        return result.stdout

    def fails(self, code, *arguments):
        """Standard error of a call that must fail with this code and print nothing else."""
        result = self.service.inletctl(*arguments)
        self.assertEqual((result.returncode, result.stdout), (code, ""), result.stderr)
        return result.stderr

    def shell(self, script, code=0, **options):
        """bash runs this; `inletctl` is on its path."""
        path = f"{harness.BIN_DIR}:{os.environ['PATH']}"
        env = harness.environment(INLET_ADDRESS=self.service.address, PATH=path)
        result = harness.run("bash", "-c", script, env=env, **options)
        self.assertEqual(result.returncode, code, result.stderr)
        return result

    def feed(self, *texts, name="demo"):
        """Sends texts that are a record each; when it returns they are in the log."""
        status = self.service.get(name)["status"]
        with RawPeer(status["endpoint"]) as peer:
            peer.open().send(b"".join(frame(text.encode()) for text in texts))
            goal = str(int(status.get("records", 0)) + len(texts))
            harness.wait_until(lambda: self.service.get(name)["status"].get("records") == goal, "the records")

    def numbers(self, count, first=0):
        self.feed(*[f'{{"n":{n}}}' for n in range(first, first + count)])


class Streams(Inletctl):
    def test_create_from_a_statement_says_where_to_connect(self):
        self.assertIn("/api/data", self.ok("create", CREATE))
        self.assertEqual(self.service.get("demo")["datasource"], "/api/data")

    def test_create_from_a_name(self):
        self.assertIn("ws://127.0.0.1:", self.ok("create", "--name", "demo", "--datasource", "/d"))
        self.assertEqual(self.service.get("demo")["datasource"], "/d")

    def test_create_from_a_file_or_standard_input(self):
        path = self.service.folder / "demo.sql"
        path.write_text(CREATE, encoding="utf-8")
        self.ok("create", "--file", path)
        self.ok("create", "--file", "-", text=CREATE.replace("demo", "other"))
        self.assertEqual(self.ok("list", "--names"), "demo\nother\n")

    def test_the_connectors_own_shell_form(self):
        """As its documentation has it, the quotes in odd places included."""
        for name, options in (("demo", 'format="json", datasource="/api/data", type="websocket"'),
                              ("keyed", 'CONF_KEY="default", datasource="/keyed", type="websocket"')):
            self.shell(f"inletctl CREATE STREAM {name}'() with({options})'")
        self.assertEqual(self.service.get("demo")["datasource"], "/api/data")
        self.assertEqual(self.service.get("keyed")["conf_key"], "default")

    def test_validate_only_makes_nothing_and_allow_existing_makes_it_once(self):
        self.ok("create", "--validate-only", CREATE)
        self.assertEqual(self.ok("list", "--names"), "")
        self.assertIn("created demo", self.ok("create", "--allow-existing", CREATE))
        self.assertIn("demo exists already, unchanged", self.ok("create", "--allow-existing", CREATE))
        self.assertIn("--allow-existing", self.fails(1, "create", CREATE))
        self.assertIn("datasource", self.fails(1, "create", "--allow-existing", CREATE.replace("/api", "/b")))

    def test_verbs_in_any_case_and_the_other_words_of_the_dialect(self):
        self.ok("Create", CREATE)
        self.assertIn("demo", self.ok("LIST"))
        self.assertIn("demo", self.ok("Show", "demo"))
        self.ok("DROP", "STREAM", "demo")
        self.assertEqual(self.ok("list", "--names"), "")

    def test_list_and_show_tell_what_is_there(self):
        self.ok("create", CREATE)
        self.numbers(7)
        header, row = self.ok("list").splitlines()
        self.assertEqual((header.split()[0], row.split()[0], row.split()[-1]), ("NAME", "demo", "7"))
        self.assertEqual(json.loads(self.ok("list", "--json"))["streams"][0]["name"], "demo")
        shown = self.ok("show", "demo")
        self.assertIn(self.service.get("demo")["status"]["endpoint"], shown)
        self.assertIn("7 records", shown)
        self.assertEqual(json.loads(self.ok("show", "demo", "--json"))["status"]["records"], "7")

    def test_drop_removes_and_a_missing_one_is_an_error_unless_allowed(self):
        for name in ("a", "b"):
            self.ok("create", "--name", name)
        self.ok("drop", "a", "b")
        self.assertEqual(self.ok("list", "--names"), "")
        self.assertIn('"a"', self.fails(1, "drop", "a"))
        self.assertEqual(self.ok("drop", "--missing-ok", "a"), "a was not there\n")


class Errors(Inletctl):
    def test_an_error_of_the_service_is_exit_code_1_and_its_message(self):
        self.ok("create", "--name", "temperature")
        self.assertIn('did you mean "temperature"', self.fails(1, "show", "temprature"))
        self.assertIn("line 1, column", self.fails(1, "create", "CREATE STREAM demo () WITH (DATASOURCE=/x)"))
        self.assertIn('did you mean "temperature"', self.fails(1, "subscribe", "temprature"))

    def test_a_wrong_command_line_is_exit_code_2(self):
        for arguments in ((), ("lst",), ("show",), ("list", "--nonsense"), ("subscribe", "demo", "--from", "soon"),
                          ("subscribe", "demo", "--max", "-1"), ("create",), ("create", "--name", "a", CREATE)):
            with self.subTest(arguments):
                self.assertNotEqual(self.fails(2, *arguments), "")

    def test_no_service_is_exit_code_1_within_the_timeout(self):
        address = f"127.0.0.1:{harness.free_port()}"
        self.assertIn(address, self.fails(1, "list", "--address", address, "--timeout", "2s"))

    def test_a_statement_that_cannot_be_read_is_exit_code_2_with_the_reason(self):
        self.assertIn("No such file or directory", self.fails(2, "create", "--file", "/nowhere/demo.sql"))
        self.assertIn("Is a directory", self.fails(2, "create", "--file", self.service.folder))
        path = self.service.folder / "latin1.sql"
        path.write_bytes(CREATE.replace("data", "d\u00e4ta").encode("latin-1"))
        self.assertEqual(self.fails(2, "create", "--file", path), "the statement is not UTF-8\n")

    def test_without_streams_a_list_is_a_sentence_alone(self):
        result = self.service.inletctl("list")
        self.assertEqual((result.returncode, result.stdout), (0, ""))
        self.assertIn("no streams yet", result.stderr)

    def test_the_websocket_port_is_recognised(self):
        self.ok("create", CREATE)
        address = self.service.get("demo")["status"]["endpoint"].split("/")[2]
        self.assertIn("the WebSocket port?", self.fails(1, "list", "--address", address, "--timeout", "5s"))

    def test_help_is_on_standard_output(self):
        for words in (("--help",), ("create", "--help"), ("subscribe", "-h")):
            self.assertIn("Examples:", self.ok(*words))


class Subscribe(Inletctl):
    def setUp(self):
        super().setUp()
        self.ok("create", CREATE)

    def read(self, position, *arguments):
        text = self.ok("subscribe", "demo", "--from", position, "--until-now", "--quiet", *arguments)
        return [json.loads(line)["n"] for line in text.splitlines()]

    def test_from_says_where_to_start(self):
        self.numbers(20)
        epoch = self.service.get("demo")["status"]["epoch"]
        for position, wanted in (("earliest", range(20)), ("latest", ()), ("-3", range(17, 20)), ("-1h", range(20)),
                                 ("2020-01-31T12:00:00Z", range(20)), (f"{epoch}:18", range(17, 20))):
            with self.subTest(position):
                self.assertEqual(self.read(position), list(wanted))

    def test_a_bare_offset_is_of_this_epoch_and_warns(self):
        self.numbers(5)
        result = self.service.inletctl("subscribe", "demo", "--from", "4", "--until-now")
        self.assertEqual((result.returncode, result.stdout), (0, '{"n":3}\n{"n":4}\n'))
        epoch = self.service.get("demo")["status"]["epoch"]
        self.assertIn(f"may be another record after a restart: --from {epoch}:4 is exact", result.stderr)

    def test_an_offset_to_come_is_told_as_it_was_given(self):
        self.numbers(5)
        result = self.service.inletctl("subscribe", "demo", "--from", "13")
        self.assertEqual(result.returncode, 1)
        self.assertIn("there is no record 13 yet: the next one will be 6", result.stderr)

    def test_a_record_is_a_line_and_the_very_text(self):
        texts = ['{"b": 1,  "a": 12345678901234567890, "é": "\\u00e9"}', '{"multi":\n1}']
        self.feed(*texts)
        lines = self.ok("subscribe", "demo", "--from", "earliest", "--max", "2", "--quiet").splitlines()
        self.assertEqual(len(lines), 2)
        self.assertEqual(lines[0], texts[0])
        self.assertEqual([json.loads(line) for line in lines], [json.loads(text) for text in texts])

    def test_full_output_has_what_one_needs_to_come_back(self):
        self.numbers(3)
        lines = self.ok("subscribe", "demo", "--from", "earliest", "--max", "2", "--output", "full", "-q").splitlines()
        last = json.loads(lines[-1])
        text = json.dumps(last)
        self.assertIn(self.service.get("demo")["status"]["epoch"], text)
        self.assertIn("offset", last)

    def test_head_ends_it_quietly(self):
        self.numbers(5000)
        script = "inletctl subscribe demo --from earliest --quiet | head -n 3; echo ${PIPESTATUS[0]}"
        result = self.shell(script)
        *records, code = result.stdout.splitlines()
        self.assertEqual((records, result.stderr), (['{"n":0}', '{"n":1}', '{"n":2}'], ""))
        self.assertIn(code, ("0", "141"))

    def test_head_ends_it_also_when_nothing_more_comes(self):
        self.numbers(1)
        result = self.shell("inletctl subscribe demo --from earliest --quiet | head -n 1")
        self.assertEqual((result.stdout, result.stderr), ('{"n":0}\n', ""))

    def follow(self, *arguments):
        process = subprocess.Popen([harness.INLETCTL, "subscribe", "demo", *arguments], text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   env=harness.environment(INLET_ADDRESS=self.service.address))
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        return process

    def test_a_signal_ends_it_with_its_code_and_says_where_to_go_on(self):
        self.numbers(2)
        epoch = self.service.get("demo")["status"]["epoch"]
        for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            process = self.follow("--from", "earliest")
            self.assertEqual([process.stdout.readline() for _ in range(2)], ['{"n":0}\n', '{"n":1}\n'])
            process.send_signal(number)
            self.assertEqual(process.wait(harness.PATIENCE), code)
            self.assertIn(f"{epoch}:3", process.stderr.read())

    def test_deletion_ends_it_with_code_1(self):
        process = self.follow()
        harness.wait_until(lambda: self.service.get("demo")["status"].get("subscribers"), "the subscriber")
        self.ok("drop", "demo")
        self.assertEqual(process.wait(harness.PATIENCE), 1)
        self.assertIn("deleted", process.stderr.read())


class Restart(Inletctl):
    def setUp(self):
        self.service = self.inletd({"INLET__GRPC__ADDRESS": f"127.0.0.1:{harness.free_port()}"})
        self.ok("create", CREATE)

    follow = Subscribe.follow

    def test_it_resumes_across_a_restart_and_tells_of_the_new_epoch(self):
        self.numbers(3)
        process = self.follow("--from", "earliest")
        self.assertEqual([process.stdout.readline() for _ in range(3)], [f'{{"n":{n}}}\n' for n in range(3)])
        self.service.stop()
        self.service.start_again()
        self.numbers(2, first=10)
        self.assertEqual([process.stdout.readline() for _ in range(2)], ['{"n":10}\n', '{"n":11}\n'])
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(harness.PATIENCE), 130)
        told = process.stderr.read()
        self.assertIn("epoch", told)
        self.assertIn("the service is stopping", told)
        self.assertNotIn("CANCELLED", told)
        self.assertIn(self.service.get("demo")["status"]["epoch"], told)


    def test_it_says_that_it_waits_for_a_stream_and_in_the_end_how_to_go_on(self):
        address = self.service.address
        self.service.settings["INLET__DATADIR"] = "another"
        process = subprocess.Popen([harness.INLETCTL, "subscribe", "demo", "--address", address], text=True,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=harness.environment())
        self.addCleanup(process.stderr.close)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        self.assertIn("subscribed to demo", process.stderr.readline())
        self.service.stop()
        self.service.start_again()
        self.assertEqual(process.wait(harness.PATIENCE), 1)
        told = process.stderr.read()
        self.assertIn("connected again, but there is no stream demo; waiting 10s for it to be made again", told)
        self.assertRegex(told.splitlines()[-1], f"go on with: inletctl subscribe demo --from .+:1 --address {address}")


class Completion(Inletctl):
    def complete(self, *words):
        """What bash would offer for the last word."""
        line = " ".join(shlex.quote(word) for word in words)
        script = f"source <(inletctl completion bash); COMP_WORDS=({line}); COMP_CWORD={len(words) - 1}; _inletctl; " \
                 'printf "%s\\n" "${COMPREPLY[@]}"'
        return self.shell(script).stdout.split()

    def test_the_script_is_bash(self):
        self.shell("inletctl completion bash | bash -n")

    def test_verbs_options_and_streams_are_offered(self):
        for name in ("demo", "dust", "cars"):
            self.ok("create", "--name", name)
        self.assertEqual(self.complete("inletctl", "s"), ["show", "subscribe", "send"])
        self.assertEqual(self.complete("inletctl", "show", "d"), ["demo", "dust"])
        self.assertEqual(self.complete("inletctl", "describe", "d"), ["demo", "dust"])
        self.assertEqual(self.complete("inletctl", "rm", "c"), ["cars"])
        self.assertEqual(self.complete("inletctl", "subscribe", "demo", "--un"), ["--until-now"])
        self.assertEqual(self.complete("inletctl", "subscribe", "demo", "--from", "e"), ["earliest"])

    def test_every_option_of_the_help_is_offered(self):
        for verb in ("create", "list", "show", "drop", "subscribe"):
            offered = set(self.complete("inletctl", verb, "--"))
            options = self.ok(verb, "--help").split("Options:")[1].split("\n\n")[0]
            told = {word for line in options.splitlines() for word in line.replace(",", " ").split()[:2]
                    if word.startswith("--")}
            self.assertEqual(offered, told, verb)

    def test_without_a_service_nothing_is_offered_and_nothing_is_said(self):
        self.service.stop()
        self.assertEqual(self.complete("inletctl", "show", "d"), [])


if __name__ == "__main__":
    harness.require("grpcurl", "bash")
    harness.main()
