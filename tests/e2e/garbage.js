// Sends what a file holds, in each line {"base64": ..., "binary": ...}, as one message with the foreign client `ws`, which
// does not look at what it sends. Prints the code that the connection is closed with.
'use strict';
const fs = require('node:fs');
const WebSocket = require('ws');

const [endpoint, file] = process.argv.slice(2);
const messages = fs.readFileSync(file, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line));
const socket = new WebSocket(endpoint, {perMessageDeflate: false});

socket.on('open', () => {
  for (const {base64, binary} of messages) socket.send(Buffer.from(base64, 'base64'), {binary});
  socket.close(1000);
});
socket.on('close', (code) => console.log(JSON.stringify({code})));
socket.on('error', (error) => console.error(String(error)));
