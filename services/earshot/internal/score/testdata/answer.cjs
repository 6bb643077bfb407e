// Answers drafts, one JSON a line on standard input, with the engine of a .wasm file:
//   node answer.cjs wasm_exec.js earshot.wasm
"use strict";

const fs = require("node:fs");
const readline = require("node:readline");

globalThis.fs = fs;
require(process.argv[2]);

async function main() {
  const go = new globalThis.Go();
  const { instance } = await WebAssembly.instantiate(fs.readFileSync(process.argv[3]), go.importObject);
  go.run(instance);
  for await (const line of readline.createInterface({ input: process.stdin })) {
    fs.writeSync(1, globalThis.earshotCheck(line) + "\n");
  }
  process.exit(0);
}

main();
