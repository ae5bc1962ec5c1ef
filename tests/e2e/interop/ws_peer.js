// A WebSocket peer with node's `ws`, with its defaults: sends what a file holds, as server or as client.
// node ws_peer.js serve FILE [CERTIFICATE KEY]
// node ws_peer.js dial URL FILE [AUTHORITY]
'use strict';
const fs = require('node:fs');
const http = require('node:http');
const https = require('node:https');
const WebSocket = require('ws');

// The first byte of each entry of the file; see traffic.py.
const FINAL = 1;
const PING = 2;
const FULL = 1 << 20;  // bytes that wait to be sent

const report = (what) => console.log(JSON.stringify(what));

function* entries(path) {
  const all = fs.readFileSync(path);
  for (let at = 0; at < all.length;) {
    const size = all.readUInt32BE(at + 1);
    yield {kind: all[at], payload: all.subarray(at + 5, at + 5 + size)};
    at += 5 + size;
  }
}

// Sends all; a ping waits for the pong of the one before. Returns when the last pong is there: how many came.
async function sendAll(socket, path) {
  let pongs = 0;
  let answered = () => {};
  socket.on('pong', () => { pongs++; answered(); });
  let pong = Promise.resolve();
  for (const {kind, payload} of entries(path)) {
    if (kind === PING) {
      await pong;
      pong = new Promise((resolve) => { answered = resolve; });
      socket.ping(payload);
    } else {
      const options = {binary: false, fin: kind === FINAL};
      // The callback comes when the system has taken it.
      if (socket.bufferedAmount < FULL) socket.send(payload, options);
      else await new Promise((taken) => socket.send(payload, options, taken));
    }
  }
  await pong;
  return pongs;
}

// Sends all, closes, and tells how it ended.
async function talk(socket, path, over) {
  let pongs = 0;
  socket.on('close', (code) => { report({close: code, pongs}); over(); });
  pongs = await sendAll(socket, path);
  socket.close(1000);
}

function serve(path, certificate, key) {
  const server = certificate ? https.createServer({cert: fs.readFileSync(certificate), key: fs.readFileSync(key)}) :
                               http.createServer();
  new WebSocket.Server({server}).on('connection', (socket) => talk(socket, path, () => server.close()));
  server.listen(0, '127.0.0.1', () => report({port: server.address().port}));
}

function dial(url, path, authority) {
  const socket = new WebSocket(url, authority ? {ca: fs.readFileSync(authority)} : {});
  socket.on('open', () => talk(socket, path, () => {}));
}

const [role, ...words] = process.argv.slice(2);
({serve, dial})[role](...words);
