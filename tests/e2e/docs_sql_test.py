"""What docs/sql.md says, done: each statement is valid, each row of its table of conversions is what happens."""
import asyncio
import json
import re

import websockets

import harness

PAGE = (harness.SOURCE_DIR / "docs/sql.md").read_text(encoding="utf-8")
ANY = "any of them"


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.M | re.S)


def conversions():
    """(type, value, record, strict) of each row; strict is the record's value, or None for a reject."""
    rows = re.findall(r"^\| (`[^`]+`|any of them) \| `([^`]+)` \| `([^`]+)` \| (the same|reject) \|$", PAGE, re.M)
    return [(kind.strip("`"), value, record, record if strict == "the same" else None)
            for kind, value, record, strict in rows]


def times():
    """(column, value, (record, time) without a pattern, the same with the pattern) of each row; None: there is no time."""
    cell = r" \| `([^`]+)`"
    time = r" \| (`[^`]+`|none)"
    rows = re.findall(rf"^\| (`[A-Z]+`|no columns){cell}{cell}{time}{cell}{time} \|$", PAGE, re.M)
    return [(column.strip("`"), value, *((record, None if time == "none" else time.strip("`"))
                                         for record, time in ((record, time), (formatted, its_time))))
            for column, value, record, time, formatted, its_time in rows]


class Page(harness.EndToEndTest):
    def setUp(self):
        self.service = self.inletd()

    def outcomes(self, kind, strict, values):
        """What becomes of {"a": value} in a column of this type; None: a reject."""
        option = "STRICT_VALIDATION=TRUE" if strict else ""
        return [found and found[0] for found in self.records(f"a {kind}, n BIGINT", option, values)]

    def records(self, columns, options, values):
        """The record's value of {"a": value}, and its event time or None; None: a reject."""
        [stream] = self.service.call("CreateStream", {"sql": f"CREATE STREAM page ({columns}) WITH ({options})"})

        async def talk():
            async with websockets.connect(stream["status"]["endpoint"]) as peer:
                for number, value in enumerate(values):
                    await peer.send(f'{{"a": {value}, "n": {number}}}')

        asyncio.run(talk())
        name = {"name": stream["name"]}
        harness.wait_until(lambda: self.service.get(stream["name"])["status"].get("messages") == str(len(values)),
                           "the messages")
        responses = self.service.call("Subscribe", {"stream": stream["name"], "earliest": True, "encoding": "JSON",
                                                    "stop_when_caught_up": True})
        self.service.call("DeleteStream", name)
        found = [None] * len(values)
        for response in responses:
            for record in response.get("records", []):
                value, number = re.fullmatch(r'\{"a": ?(.*), ?"n": ?(\d+)\}', record["json"]).groups()
                found[int(number)] = (value, record.get("event_time"))
        return found

    def test_each_row_of_the_table_is_what_happens(self):
        rows = conversions()
        kinds = list(dict.fromkeys(row[0] for row in rows if row[0] != ANY))
        self.assertGreaterEqual(len(kinds), 8)
        self.assertEqual(len(re.findall(r"\| (?:the same|reject) \|$", PAGE, re.M)), len(rows), "a row that is not read")
        for kind in kinds:
            mine = [row for row in rows if row[0] in (kind, ANY)]
            with self.subTest(kind):
                values = [row[1] for row in mine]
                self.assertEqual(self.outcomes(kind, False, values), [row[2] for row in mine])
                self.assertEqual(self.outcomes(kind, True, values), [row[3] for row in mine])

    def test_each_time_of_the_table_is_read_strict_or_not(self):
        rows = times()
        self.assertEqual(len(rows), len(re.findall(r"^\| (?:`[A-Z]+`|no columns) (?:\|[^|\n]+){5}\|$", PAGE, re.M)))
        for column in dict.fromkeys(row[0] for row in rows):
            mine = [row for row in rows if row[0] == column]
            values = [row[1] for row in mine]
            columns = "" if column == "no columns" else f"a {column}, n BIGINT"
            for place, pattern in ((2, ""), (3, " TIMESTAMP_FORMAT='yyyyMMdd'")):
                with self.subTest(column=column, pattern=pattern):
                    expected = [row[place] for row in mine]
                    option = "TIMESTAMP='a'" + pattern
                    self.assertEqual(self.records(columns, option, values), expected)
                    # Strict takes what stays as it is and says a time.
                    passing = [said if said[0] == value and said[1] else None for value, said in zip(values, expected)]
                    self.assertEqual(self.records(columns, option + " STRICT_VALIDATION=TRUE", values), passing)

    def test_each_statement_makes_a_stream(self):
        statements = blocks("sql")
        self.assertGreater(len(statements), 2)
        for sql in statements:
            [stream] = self.service.call("CreateStream", {"sql": sql})
            self.assertNotIn("warnings", stream, sql)

    def test_the_fields_make_a_stream(self):
        [fields] = blocks("json")
        [stream] = self.service.call("CreateStream", json.loads(fields))
        self.assertEqual(stream["schema"], json.loads(fields)["stream"]["schema"])


if __name__ == "__main__":
    harness.require("grpcurl")
    harness.main()
