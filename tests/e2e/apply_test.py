"""inletctl export and apply: definitions go out, come back, and end where they were."""
import harness

SECRET = "hush-1234567"
DEFINITIONS = """
confKeys:
  exchange: {pingInterval: 5s, requestHeader: {X-Key: %s}}
streams:
  - name: demo
    datasource: /api/data
    confKey: exchange
    labels: {owner: git}
    retention: {maxBytes: 1MiB, maxAge: 1h}
    schema: {columns: [{name: id, type: BIGINT}, {name: n, type: STRING, defaultValue: "12"}], strict: true}
  - sql: CREATE STREAM other () WITH (DATASOURCE="/other")
""" % SECRET


class Apply(harness.EndToEndTest):
    def setUp(self):
        self.service = self.inletd()
        self.file = self.service.folder / "streams.yaml"
        self.file.write_text(DEFINITIONS, encoding="utf-8")

    def apply(self, *options, file=None, code=0):
        result = self.service.inletctl("apply", "-f", file or self.file, *options)
        self.assertEqual(result.returncode, code, result.stdout + result.stderr)
        return result

    def etags(self):
        return {name: self.service.get(name)["etag"] for name in ("demo", "other")}

    def test_twice_changes_nothing(self):
        self.assertEqual(self.apply().stdout, "+ conf key exchange\n+ stream demo\n+ stream other\n"
                                              "3 created, 0 changed, 0 removed, 0 as they should be\n")
        before = self.etags()
        self.assertEqual(self.apply().stdout, "= conf key exchange\n= stream demo\n= stream other\n"
                                              "0 created, 0 changed, 0 removed, 3 as they should be\n")
        self.assertEqual(self.etags(), before)

    def test_a_dry_run_makes_nothing_and_tells_ci(self):
        self.assertIn("+ stream demo", self.apply("--dry-run", "--exit-code", code=3).stdout)
        self.assertEqual(self.service.inletctl("list", "--names").stdout, "")
        self.apply()
        self.apply("--dry-run", "--exit-code")

    def test_a_change_is_told_by_its_fields(self):
        self.apply()
        self.file.write_text(DEFINITIONS.replace("1h", "2h").replace("owner: git", "owner: us"), encoding="utf-8")
        self.assertIn("~ stream demo: retention.maxAge, labels\n", self.apply().stdout)
        self.file.write_text(DEFINITIONS.replace("1h", "2h").replace(SECRET, "another"), encoding="utf-8")
        self.assertIn("~ conf key exchange: requestHeader.X-Key (a secret)\n~ stream demo: labels\n", self.apply().stdout)

    def test_a_mistake_changes_nothing(self):
        self.file.write_text(DEFINITIONS + "  - {name: bad, labels: {-bad: x}}\n", encoding="utf-8")
        told = self.apply(code=1)
        self.assertIn("nothing was changed", told.stderr)
        self.assertEqual(self.service.inletctl("list", "--names").stdout, "")
        self.assertEqual(self.service.inletctl("conf-keys", "--names").stdout.count("exchange"), 0)

    def test_what_was_exported_applies_as_it_is_and_keeps_secrets(self):
        self.apply()
        before = self.etags()
        out = self.service.folder / "out.yaml"
        exported = self.service.inletctl("export", "-o", out)
        self.assertEqual(exported.returncode, 0, exported.stderr)
        self.assertIn("requestHeader.X-Key", exported.stderr)
        self.assertNotIn(SECRET, out.read_text(encoding="utf-8"))
        self.assertIn("0 created, 0 changed, 0 removed, 3 as they should be", self.apply(file=out).stdout)
        self.assertEqual(self.etags(), before)
        elsewhere = self.inletd()
        refused = elsewhere.inletctl("apply", "-f", out)
        self.assertEqual(refused.returncode, 1, refused.stdout)
        self.assertIn("requestHeader", refused.stderr)

    def test_an_export_applies_where_files_of_the_service_define_streams(self):
        literal = '{name: fixed, settings: {bearerTokens: [%s]}, labels: {owner: ops}}' % SECRET
        service = self.inletd(files={"inlet.yaml": "streams:\n  definitions:\n    - %s\n    - sql: CREATE STREAM fs () "
                                                   "WITH (RETAIN_SIZE=\"9\")\n" % literal})
        service.create("demo")
        def apply(text, *options):
            return service.inletctl("apply", "-f", "-", *options, text=text)
        exported = service.inletctl("export").stdout
        for options in (["--dry-run", "--exit-code"], []):
            same = apply(exported, *options)
            self.assertEqual(same.returncode, 0, same.stderr)
            for name in ("fixed", "fs"):
                self.assertIn(f"= stream {name} (a file of the service defines it, just so)\n", same.stdout)
        self.assertEqual(apply(f"streams: [{literal}]").returncode, 0)
        pruned = apply("streams: [{name: more}]", "--prune", "owner=ops")
        self.assertEqual((pruned.returncode, pruned.stdout), (1, ""), pruned.stderr)
        self.assertIn("inlet.yaml:3", pruned.stderr)
        for other in (literal.replace(SECRET, "another"), literal.replace("ops", "git")):
            refused = apply(f"streams: [{other}]")
            self.assertEqual(refused.returncode, 1, refused.stdout)
            self.assertIn("inlet.yaml:3", refused.stderr)

    def test_prune_removes_what_is_labelled_and_in_no_file(self):
        self.apply()
        self.file.write_text("streams: []\n", encoding="utf-8")
        self.apply()
        self.assertEqual(self.service.inletctl("list", "--names").stdout, "demo\nother\n")
        self.assertIn("- stream demo\n", self.apply("--prune", "owner=git").stdout)
        self.assertEqual(self.service.inletctl("list", "--names").stdout, "other\n")


if __name__ == "__main__":
    harness.require("grpcurl")
    harness.main()
