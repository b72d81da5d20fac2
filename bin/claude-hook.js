'use strict';

/*
 * Claude Code starts this at each of its hooks (`taskglass hooks install claude`). It records the event where an open
 * taskglass reads it, and exits. It may hold a request for permission for a while if an open taskglass can answer it.
 * The agent must not be affected: whatever goes wrong, this prints nothing and exits with 0, and the agent carries on.
 */

const { note } = require('./hook/journal.js');
const { findRuntime } = require('./hook/runtime.js');
const { readSignal } = require('./hook/signal.js');

/** Claude Code writes a payload at once; anything that takes longer is not one. */
const READ_WITHIN_MS = 1000;
const LONGEST_BYTES = 32 * 1024 * 1024;

process.on('uncaughtException', leave);
process.on('unhandledRejection', leave);
const timer = setTimeout(leave, READ_WITHIN_MS);

const pieces = [];
let length = 0;
process.stdin
  .on('data', (piece) => {
    pieces.push(piece);
    length += piece.length;
    if (length > LONGEST_BYTES) leave();
  })
  .on('error', leave)
  .on('end', () => {
    clearTimeout(timer);
    act(Buffer.concat(pieces).toString('utf8'));
  });

function act(text) {
  const runtime = findRuntime(process.env);
  const signal = runtime && readSignal(JSON.parse(text), process.env);
  if (!signal) return leave();
  const holdMs = 1000 * Number(process.argv[process.argv.indexOf('--hold') + 1]);
  const canHold = process.argv.includes('--hold') && holdMs > 0 && signal.decisions.length > 0;
  if (!canHold) {
    note(runtime, signal.line);
    return leave();
  }
  require('./hook/hold.js').hold({ runtime, signal, holdMs, leave });
}

function leave() {
  process.exit(0);
}
