"""A WebSocket peer with autobahn-python on asyncio, with its defaults: sends what a file holds, as server or as client.

autobahn_peer.py serve FILE [CERTIFICATE KEY]
autobahn_peer.py dial URL FILE [AUTHORITY]
"""
import asyncio
import json
import ssl
import sys
import urllib.parse

from autobahn.asyncio import websocket

import traffic


def report(**what):
    print(json.dumps(what), flush=True)


class Talk:
    """Sends all as soon as the connection is open, closes, and tells how it ended. The subclass has `path` and `over`."""

    path, over = None, None

    def __init__(self):
        super().__init__()
        self.pongs, self.writable, self.answered = 0, asyncio.Event(), asyncio.Event()
        self.writable.set()
        self.answered.set()

    # asyncio says when its buffer is full; autobahn itself does not care.
    def pause_writing(self):
        self.writable.clear()

    def resume_writing(self):
        self.writable.set()

    async def onOpen(self):
        try:
            await self.send_all()
        except BaseException:
            self.over.set()
            raise

    async def send_all(self):
        for kind, content in traffic.read(self.path):
            await self.writable.wait()
            if kind == traffic.PING:
                await self.answered.wait()
                self.answered.clear()
                self.sendPing(content)
            else:
                self.send_text(content)
        await self.answered.wait()
        self.sendClose(1000)

    def send_text(self, fragments):
        if len(fragments) == 1:
            return self.sendMessage(fragments[0], isBinary=False)
        self.beginMessage(isBinary=False)
        for fragment in fragments:
            self.sendMessageFrame(fragment)
        return self.endMessage()

    def onPong(self, payload):
        self.pongs += 1
        self.answered.set()

    def onClose(self, wasClean, code, reason):
        report(close=code, pongs=self.pongs, clean=wasClean)
        self.over.set()


def prepare(factory, base, path):
    """Gives the factory a protocol; the event that ends the program."""
    over = asyncio.Event()
    factory.protocol = type("Protocol", (Talk, base), {"path": path, "over": over})
    return over


async def serve(path, *material):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) if material else None
    if context:
        context.load_cert_chain(*material)
    factory = websocket.WebSocketServerFactory()
    over = prepare(factory, websocket.WebSocketServerProtocol, path)
    server = await asyncio.get_running_loop().create_server(factory, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    factory.setSessionParameters(externalPort=port)
    report(port=port)
    await over.wait()


async def dial(url, path, *authority):
    context = ssl.create_default_context(cafile=authority[0]) if authority else None
    factory = websocket.WebSocketClientFactory(url)
    over = prepare(factory, websocket.WebSocketClientProtocol, path)
    address = urllib.parse.urlsplit(url)
    await asyncio.get_running_loop().create_connection(factory, address.hostname, address.port, ssl=context)
    await over.wait()


asyncio.run({"serve": serve, "dial": dial}[sys.argv[1]](*sys.argv[2:]))
