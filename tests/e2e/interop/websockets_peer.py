"""A WebSocket peer with Python's `websockets`, with its defaults: sends what a file holds, as server or as client.

websockets_peer.py serve FILE [CERTIFICATE KEY]
websockets_peer.py dial URL FILE [AUTHORITY]
"""
import asyncio
import json
import ssl
import sys

import websockets

import traffic


def report(**what):
    print(json.dumps(what), flush=True)


async def talk(peer, path):
    """Sends all, closes, and tells how it ended."""
    pings, pong = 0, asyncio.sleep(0)
    for kind, content in traffic.read(path):
        if kind == traffic.PING:
            await pong
            pings, pong = pings + 1, await peer.ping(content)
        elif len(content) == 1:
            await peer.send(content[0], text=True)
        else:
            await peer.send(content, text=True)
    await pong
    await peer.close()
    report(close=peer.close_code, pongs=pings)


async def serve(path, *material):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) if material else None
    if context:
        context.load_cert_chain(*material)
    over = asyncio.Event()

    async def handle(peer):
        try:
            await talk(peer, path)
        finally:
            over.set()

    async with websockets.serve(handle, "127.0.0.1", 0, ssl=context) as server:
        report(port=server.sockets[0].getsockname()[1])
        await over.wait()


async def dial(url, path, *authority):
    context = ssl.create_default_context(cafile=authority[0]) if authority else None
    peer = await websockets.connect(url, ssl=context)
    await talk(peer, path)


asyncio.run({"serve": serve, "dial": dial}[sys.argv[1]](*sys.argv[2:]))
