// Connects with the foreign client `ws` and prints how it ended: {status, body}, or {code, reason} of the close.
// Usage: node connect.js ENDPOINT [bytes to send in one message]
'use strict';
const WebSocket = require('ws');

const [endpoint, bytes] = process.argv.slice(2);
const socket = new WebSocket(endpoint);
const print = (what) => console.log(JSON.stringify(what));

socket.on('unexpected-response', (request, response) => {
  let body = '';
  response.on('data', (data) => (body += data));
  response.on('end', () => print({status: response.statusCode, body}));
});
socket.on('open', () => {
  print({open: true});
  if (bytes) socket.send(`{"a":"${'x'.repeat(Number(bytes))}"}`);
});
socket.on('close', (code, reason) => print({code, reason: String(reason)}));
socket.on('error', (error) => print({error: String(error)}));
