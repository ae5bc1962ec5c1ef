"""What inletd reads at its start, and what it says when it cannot use it."""
import json
import os
import pathlib
import socket
import subprocess

import harness
from clients import RawPeer, frame

GRPC = "grpc:\n  address: 127.0.0.1:0\n"
SOURCE = "source:\n  httpServerIp: 127.0.0.1\n  httpServerPort: 0\n"
# Leave it to the files.
FROM_FILES = {"INLET__GRPC__ADDRESS": None, "WEBSOCKET__SOURCE__HTTPSERVERIP": None,
              "WEBSOCKET__SOURCE__HTTPSERVERPORT": None}


class Start(harness.EndToEndTest):
    def fails(self, *parts, settings=None, files=None):
        """The one line that a start which cannot be ends with; it holds all the parts."""
        service = self.inletd(settings, files=files, wait=False)
        self.assertEqual(service.wait(), 1, service.log())
        lines = [line for line in service.log().splitlines() if line.startswith("inletd: ")]
        self.assertEqual(len(lines), 1, service.log())
        self.assertEqual(service.output(), "", "no banner")
        for part in parts:
            self.assertIn(part, lines[0])

    def test_files_say_where_to_listen(self):
        service = self.inletd(FROM_FILES, files={"inlet.yaml": GRPC, "sources/websocket.yaml": SOURCE})
        self.assertRegex(service.create("demo"), r"^ws://127\.0\.0\.1:\d+/demo$")

    def test_the_shipped_files_are_valid(self):
        folder = harness.SOURCE_DIR / "etc"
        result = harness.run(harness.INLETD, "--config", folder / "inlet.yaml", "--check-config")
        self.assertEqual((result.returncode, result.stdout), (0, "the configuration is valid\n"), result.stderr)

    def test_an_unknown_key_names_file_line_and_the_nearest_key(self):
        self.fails("inlet.yaml:3", "adress", "address", files={"inlet.yaml": "# mine\ngrpc:\n  adress: 127.0.0.1:0\n"})
        self.fails("websocket.yaml:2", "httpServerport", "httpServerPort",
                   files={"inlet.yaml": "", "sources/websocket.yaml": "source:\n  httpServerport: 1\n"})
        self.fails("websocket.yaml:2", "maxMesageBytes", "maxMessageBytes",
                   files={"inlet.yaml": "", "sources/websocket.yaml": "default:\n  maxMesageBytes: 1\n"})

    def test_a_bad_value_names_file_and_line(self):
        self.fails("inlet.yaml:2", "delay", files={"inlet.yaml": "shutdown:\n  delay: 7\n"})
        self.fails("inlet.yaml:4", "egress.deny", "10.0.0.0/33",
                   files={"inlet.yaml": "egress:\n  deny:\n    - 10.0.0.0/8\n    - 10.0.0.0/33\n"})
        self.fails("inlet.yaml:2", "level", "debug", files={"inlet.yaml": "log:\n  level: loud\n"})

    def test_broken_yaml_names_file_and_line(self):
        self.fails("inlet.yaml:3", "not valid YAML", files={"inlet.yaml": "grpc:\n  address: [1\nlog: {}\n"})

    def test_a_file_that_is_not_there_is_named(self):
        result = harness.run(harness.INLETD, "--config", "/nowhere/inlet.yaml")
        self.assertEqual(result.returncode, 1)
        self.assertIn("/nowhere/inlet.yaml", result.stderr)

    def test_a_wrong_command_line_is_exit_code_2_and_names_the_nearest_option(self):
        for arguments, parts in ((("--confg", "x"), ("unknown option --confg", '"--config"')),
                                 (("--confg=x", "--check-config"), ("unknown option --confg;",)),
                                 (("inlet.yaml",), ("--config",)), (("--config",), ("--config",))):
            with self.subTest(arguments):
                result = harness.run(harness.INLETD, *arguments)
                self.assertEqual((result.returncode, result.stdout), (2, ""), result.stderr)
                for part in parts:
                    self.assertIn(part, result.stderr.splitlines()[0])

    def test_an_unknown_variable_names_the_nearest(self):
        self.fails("INLET__GRPC__ADRESS", "INLET__GRPC__ADDRESS", settings={"INLET__GRPC__ADRESS": "127.0.0.1:0"})

    def test_a_variable_with_one_underscore_is_ignored_with_a_warning_that_keeps_its_value_secret(self):
        service = self.inletd({"INLET_LOG_LEVEL": "debug-or-a-secret", "INLET_TOOLS": "/opt"})
        [line] = service.events("environment_variable_ignored")
        self.assertIn("variable=INLET_LOG_LEVEL", line)
        self.assertNotIn("secret", line)

    def test_a_variable_of_ekuiper_is_ignored_with_a_warning_that_names_ours(self):
        service = self.inletd({"KUIPER__SOURCE__HTTPSERVERPORT": "5555", "KUIPER__BASIC__DEBUG": "true"})
        debug, port = sorted(service.events("environment_variable_ignored"))
        self.assertIn("variable=KUIPER__BASIC__DEBUG", debug)
        self.assertIn("docs/from-ekuiper.md", debug)
        self.assertIn("variable=KUIPER__SOURCE__HTTPSERVERPORT", port)
        self.assertIn("WEBSOCKET__SOURCE__", port)

    def test_a_check_tells_of_ignored_variables_as_the_start_does(self):
        ours = {"INLET_EGRESS_PROXY": "secret", "INLET_LOG_LEVEL": "secret", "INLET_SECRET_X": "1", "INLET_TOOLS": "/opt"}
        result = harness.run(harness.INLETD, "--check-config", env=harness.environment(**ours))
        self.assertEqual((result.returncode, result.stdout), (0, "the configuration is valid\n"), result.stderr)
        self.assertEqual(sorted(line.split(" is ignored: ")[0] for line in result.stderr.splitlines()),
                         [f"inletd: the environment variable {name}" for name in ("INLET_EGRESS_PROXY", "INLET_LOG_LEVEL")])
        self.assertNotIn("secret", result.stderr)

    def test_the_environment_overrides_the_file_in_any_case(self):
        files = {"inlet.yaml": "grpc:\n  address: 127.0.0.1:1\n" + "log:\n  level: error\n",
                 "sources/websocket.yaml": SOURCE + "default:\n  maxMessageBytes: 2000\n"}
        service = self.inletd({"inlet__log__level": "info", "websocket__default__maxMessageBytes": "3000"}, files=files)
        harness.wait_until(lambda: service.events("service_started"), "a line of level info")
        service.create("demo")
        self.assertEqual(service.get("demo")["effective_settings"]["max_message_bytes"], 3000)

    def test_a_conf_key_is_a_layer_between_default_and_the_stream(self):
        service = self.inletd(files={"inlet.yaml": "", "sources/websocket.yaml": SOURCE +
                                     "default:\n  maxMessageBytes: 5000\nsmall:\n  maxMessageBytes: 4KiB\nplain: {}\n"})
        service.create("a")
        service.create("b", conf_key="small")
        service.create("c", conf_key="plain")
        sql = """CREATE STREAM d () WITH (CONF_KEY="small", EXTRA='{"maxMessageBytes": 3000}')"""
        service.call("CreateStream", {"sql": sql})
        limits = [service.get(name)["effective_settings"]["max_message_bytes"] for name in "abcd"]
        self.assertEqual(limits, [5000, 4096, 5000, 3000])
        self.assert_refused(service.grpcurl("CreateStream", {"stream": {"name": "e", "conf_key": "smal"}}),
                            "InvalidArgument", "smal", "small", "CONF_KEY_UNKNOWN")

    def test_certificate_files_that_are_not_there_refuse_to_start(self):
        self.fails("websocket.yaml:3", "httpServerTls.certfile", "cannot read nowhere.crt", files={
            "inlet.yaml": "",
            "sources/websocket.yaml": "source:\n  httpServerTls:\n    certfile: nowhere.crt\n    keyfile: b\n"})

    def test_an_address_for_other_machines_needs_insecure(self):
        self.fails("0.0.0.0:0", "insecure", settings={"INLET__GRPC__ADDRESS": "0.0.0.0:0"})
        service = self.inletd({"INLET__GRPC__INSECURE": "true"}, grpc_address="0.0.0.0:0")
        service.address = service.address.replace("0.0.0.0", "127.0.0.1")
        service.create("demo")

    def test_a_websocket_port_that_is_taken_is_told_before_the_first_stream(self):
        with socket.create_server(("127.0.0.1", 0)) as holder:
            service = self.inletd({"WEBSOCKET__SOURCE__HTTPSERVERPORT": str(holder.getsockname()[1])})
            self.assertIn("taken by another program", service.output())
            self.assertEqual(len(service.events("websocket_port_taken")), 1)

    def test_the_banner_has_commands_that_work(self):
        port = harness.free_port()
        service = self.inletd({"WEBSOCKET__SOURCE__HTTPSERVERPORT": str(port)})
        create, subscribe = (line for line in service.output().splitlines() if "inletctl" in line)
        self.assertIn(f"ws://127.0.0.1:{port}/api/data", service.output())
        for command in (create, f"{subscribe} --until-now"):
            result = harness.run("bash", "-c", command)
            self.assertEqual(result.returncode, 0, result.stderr)

    def test_a_second_service_on_one_grpc_port_fails_and_the_first_goes_on(self):
        first = self.inletd()
        first.create("demo")
        self.fails(first.address, "grpc.address", settings={"INLET__GRPC__ADDRESS": first.address})
        self.assertEqual(first.get("demo")["name"], "demo")


class Logs(harness.EndToEndTest):
    def use(self, service):
        """Makes it write a few lines."""
        with RawPeer(service.create("demo")) as peer:
            peer.open().send(frame(b"{}") + frame(b"not json") + frame(b"\x03\xe8", opcode=8))
            self.assertEqual(peer.close_code(), 1000)
        service.call("DeleteStream", {"name": "demo"})

    def test_json_lines_are_json(self):
        service = self.inletd({"INLET__LOG__FORMAT": "json", "INLET__LOG__LEVEL": "debug"})
        self.use(service)
        service.stop()
        lines = [json.loads(line) for line in service.log().splitlines()]
        events = {line["event"] for line in lines}
        self.assertLessEqual({"service_started", "stream_created", "service_stopped"}, events)
        self.assertTrue(all({"time", "level"} <= line.keys() for line in lines), lines)
        self.assertEqual([line["state"] for line in lines if line["event"] == "stream_state"], ["listening"])

    def test_a_path_from_a_stranger_cannot_forge_a_line(self):
        service = self.inletd({"INLET__LOG__FORMAT": "json"})
        endpoint = service.create("demo")
        paths = ("/x%0d%0a{}", "/x\x1b[31m", '/x","event":"forged"', "/%22event%22", "/\xff\xfe")
        for path in paths:
            with RawPeer(endpoint) as peer:
                peer.send(f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode("latin-1"))
                peer.read_to_end()
        service.stop()
        self.assertNotIn("\x1b", service.log())
        events = [json.loads(line)["event"] for line in service.log().splitlines()]
        self.assertIn("handshake_refused", events)
        self.assertNotIn("forged", events)

    def test_a_file_takes_the_log(self):
        service = self.inletd({"INLET__LOG__FILE": "service.log"})
        self.use(service)
        service.stop()
        self.assertIn("event=stream_created", (service.folder / "service.log").read_text(encoding="utf-8"))
        self.assertEqual(service.log(), "")

    def test_a_file_in_a_missing_folder_ends_the_start(self):
        service = self.inletd({"INLET__LOG__FILE": "/nowhere/service.log"}, wait=False)
        self.assertEqual(service.wait(), 1)
        self.assertIn("/nowhere/service.log", service.log())
        result = harness.run(harness.INLETD, "--check-config", env=harness.environment(**service.settings))
        self.assertEqual((result.returncode, result.stdout), (1, ""))
        self.assertIn("/nowhere/service.log", result.stderr)

    def test_a_file_in_a_folder_that_cannot_be_written_ends_the_start(self):
        # Also root cannot write here.
        service = self.inletd({"INLET__LOG__FILE": "/proc/inlet/service.log"}, wait=False)
        self.assertEqual(service.wait(), 1)
        self.assertIn("/proc/inlet/service.log", service.log())

    def test_a_full_disk_ends_nothing(self):
        for log_format in ("text", "json"):
            service = self.inletd({"INLET__LOG__FILE": "/dev/full", "INLET__LOG__FORMAT": log_format})
            self.use(service)
            service.stop()

    def test_a_standard_error_that_is_full_or_gone_ends_nothing(self):
        for target in ("/dev/full", None):
            with self.subTest(target):
                service = self.inletd(wait=False)
                service.process.kill()
                service.process.wait()
                self.restart_with(service, target)
                self.use(service)
                service.stop()

    def restart_with(self, service, target):
        """Its standard error is a device, or a pipe that nobody reads."""
        if target is None:
            reader, error = os.pipe()
            os.close(reader)
        else:
            error = os.open(target, os.O_WRONLY)
        pathlib.Path(service.folder / "out").write_text("", encoding="utf-8")
        with open(service.folder / "out", "a", encoding="utf-8") as out:
            service.process = subprocess.Popen([harness.INLETD], stdout=out, stderr=error, cwd=service.folder,
                                               env=harness.environment(**service.settings))
        os.close(error)
        service.await_start()


if __name__ == "__main__":
    harness.require("grpcurl")
    harness.main()
