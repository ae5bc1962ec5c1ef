"""What every foreign program of the matrix sends: mixed messages, written once to a file that each of them can read."""
import random
import struct

import corpus

# The first byte of each entry of a file; then the payload's length in four bytes, the highest first, and the payload.
# A message is all fragments up to the one that is FINAL. A PING stands between two messages; whoever
# sends one awaits its pong before the next, as Inlet answers the first alone of pings that come at once.
FRAGMENT, FINAL, PING = 0, 1, 2
HEAD = struct.Struct("!BI")

# The lengths where the head of a frame changes, and the longest message that Inlet takes by default.
EDGES = (125, 126, 127, 65535, 65536, 1 << 20)
MESSAGES_BETWEEN_PINGS = 500


def _of_bytes(size, n):
    """A record of exactly so many bytes."""
    head, tail = f'{{"n":{n},"pad":"', '"}'
    return head + "x" * (size - len(head) - len(tail)) + tail


def _mixed(rng, n, shape):
    """A message of its own in the shape of another: the text, and the records that must come of it."""
    records = ['{"n":[%d,%d],"value":%s}' % (n, i, text) for i, text in enumerate(shape.records)]
    if not shape.text.startswith("["):
        return records[0], records
    return "[" + rng.choice((",", ", ", "\n,\t")).join(records) + "]", records


def _cut(rng, text, inside_characters):
    """Two to five fragments as bytes, some of them empty."""
    whole = text.encode() if inside_characters else text
    places = sorted(rng.randrange(len(whole) + 1) for _ in range(rng.randrange(1, 5)))
    parts = [whole[a:b] for a, b in zip([0, *places], [*places, len(whole)])]
    return parts if inside_characters else [part.encode() for part in parts]


class Traffic:
    """So many messages in a file, the same for the same seed, and the records that must come of them, in order.

    inside_characters: whether fragments may be cut in the middle of an UTF-8 sequence.
    """

    def __init__(self, path, count, seed, inside_characters=True):
        self.path, self.messages, self.pings, self.records = str(path), count, 0, []
        self._inside_characters = inside_characters
        rng = random.Random(seed)
        # Short ones of every kind; to make so many from nothing for each message takes too long.
        self._shapes = [one for one in corpus.mixed(4000, seed) if one.records and len(one.text) < 4000]
        with open(path, "wb") as file:
            for n in range(count):
                self._write(file, rng, n)

    def _write(self, file, rng, n):
        if n % MESSAGES_BETWEEN_PINGS == MESSAGES_BETWEEN_PINGS - 1:
            self.pings += 1
            self._entry(file, PING, b"%06d" % n + bytes(rng.randrange(120)))
        text, records = self._message(rng, n)
        self.records += records
        *first, last = _cut(rng, text, self._inside_characters) if rng.random() < 0.1 else [text.encode()]
        for part in first:
            self._entry(file, FRAGMENT, part)
        self._entry(file, FINAL, last)

    def _message(self, rng, n):
        if n < len(EDGES) or rng.random() < 0.001:
            text = _of_bytes(EDGES[n] if n < len(EDGES) else rng.randrange(60_000, 120_000), n)
            return text, [text]
        return _mixed(rng, n, rng.choice(self._shapes))

    @staticmethod
    def _entry(file, kind, payload):
        file.write(HEAD.pack(kind, len(payload)))
        file.write(payload)


def read(path):
    """The entries of a file, for the foreign programs in Python: (PING, payload) or (FINAL, list of fragments)."""
    with open(path, "rb") as file:
        fragments = []
        while head := file.read(HEAD.size):
            kind, size = HEAD.unpack(head)
            payload = file.read(size)
            if kind == PING:
                yield PING, payload
                continue
            fragments.append(payload)
            if kind == FINAL:
                yield FINAL, fragments
                fragments = []
