"""The mixed messages that foreign clients send, and what must come out of the service: one definition of both."""
import json
import random

EDGES = (125, 126, 127, 65535, 65536)
WORDS = ("plain", "käse", "漢字", "🚗", "a\u0301", "\u2028", "\u007f", 'quote"', "back\\slash", "new\nline", "tab\t",
         "\u0000", "end/", "{[]}", "")


def _value(rng, depth=0):
    kinds = [lambda: rng.choice((True, False, None)), lambda: rng.randrange(-1 << 53, 1 << 53), lambda: rng.random(),
             lambda: rng.random() * 10 ** rng.randrange(-300, 300), lambda: rng.choice(WORDS), lambda: 0]
    if depth < 4:
        kinds += [lambda: {rng.choice(WORDS) + str(n): _value(rng, depth + 1) for n in range(rng.randrange(4))},
                  lambda: [_value(rng, depth + 1) for _ in range(rng.randrange(4))]]
    return rng.choice(kinds)()


def _text(rng, value):
    """One of the ways to write it: with escapes or as UTF-8, dense or with blanks."""
    return json.dumps(value, ensure_ascii=rng.random() < 0.5, separators=rng.choice(((",", ":"), (", ", ": "))))


def _object_of_bytes(size):
    """An object whose text has exactly so many bytes."""
    head, tail = '{"pad":"', '"}'
    return head + "x" * (size - len(head) - len(tail)) + tail


class Message:
    """A text to send in one or several fragments, and the texts of the records that come of it."""

    def __init__(self, text, records, fragments=None, rejects=0, exact=True):
        self.text, self.records, self.rejects, self.exact = text, records, rejects, exact
        self.fragments = fragments or [text]


def _one(rng, n):
    if n < 200:
        size = EDGES[n % len(EDGES)]
        return Message(_object_of_bytes(size), [_object_of_bytes(size)])
    kind = rng.random()
    if kind < 0.01:
        return Message("", [], rejects=1)
    if kind < 0.02:
        text = '{"id": %d}' % rng.randrange(1 << 60, 1 << 63) if rng.random() < 0.5 else '{"big": 1e400}'
        return Message(text, [text], exact=False)
    if kind < 0.05:
        text = _object_of_bytes(rng.randrange(1000, 70000))
        return Message(text, [text])
    if kind < 0.15:
        elements = [_text(rng, {"n": n, "i": i, "v": _value(rng, 3)}) for i in range(rng.randrange(1, 6))]
        return Message("[" + rng.choice((",", ", ", "\n,\t")).join(elements) + "]", elements)
    text = _text(rng, {"n": n, "v": _value(rng)})
    return Message(text, [text])


def _cut(rng, text):
    """Two to five fragments, some of them empty, cut between characters."""
    places = sorted(rng.randrange(len(text) + 1) for _ in range(rng.randrange(1, 5)))
    return [text[a:b] for a, b in zip([0, *places], [*places, len(text)])]


def mixed(count, seed):
    """The same messages for the same seed."""
    rng, found = random.Random(seed), []
    for n in range(count):
        message = _one(rng, n)
        if message.text and rng.random() < 0.2:
            message.fragments = _cut(rng, message.text)
        found.append(message)
    return found
