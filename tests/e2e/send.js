// Sends what a file holds (a JSON array of fragments in each line) with the foreign client `ws`, then closes with 1000.
'use strict';
const fs = require('node:fs');
const WebSocket = require('ws');

const [endpoint, file] = process.argv.slice(2);
const messages = fs.readFileSync(file, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line));
const socket = new WebSocket(endpoint, {perMessageDeflate: false});

socket.on('open', () => {
  for (const fragments of messages) {
    fragments.forEach((text, n) => socket.send(text, {fin: n === fragments.length - 1}));
  }
  socket.close(1000);
});
socket.on('close', (code) => {
  console.log(JSON.stringify({code}));
  process.exitCode = code === 1000 ? 0 : 1;
});
socket.on('error', (error) => console.error(String(error)));
