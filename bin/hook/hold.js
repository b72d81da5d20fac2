'use strict';

/*
 * Holds a request for permission until somebody answers on a socket, the time is up, or no taskglass that could answer is
 * open any more. The first answer counts: the decision is printed. Without an answer, nothing is printed.
 */

const { randomBytes } = require('node:crypto');
const fs = require('node:fs');
const net = require('node:net');
const { note } = require('./journal.js');
const { heldSocket, listenersIn } = require('./runtime-names.js');

/** A taskglass greets at once; one that does not is suspended, or hangs. */
const GREETED_WITHIN_MS = 500;
const LONGEST_ANSWER = 32 * 1024;
const STDOUT = 1;

exports.hold = async ({ runtime, signal: { line, decisions }, holdMs, leave }) => {
  const listeners = await connectToListeners(runtime, line.home);
  if (listeners.size === 0) {
    note(runtime, line);
    return leave();
  }
  const id = randomBytes(8).toString('hex');
  const socket = heldSocket(runtime, id);
  let decided = null;

  /** Ends the hold and records its outcome, once. */
  function end(outcome) {
    if (decided) return;
    decided = outcome;
    fs.rmSync(socket, { force: true });
    note(runtime, { ...line, at: Date.now(), event: 'Released', held: id, ...outcome });
  }

  const server = net.createServer((connection) => {
    readLine(connection, (text) => {
      const answer = readAnswer(text, decisions);
      if (!answer) return connection.end(`${JSON.stringify({ taken: false, why: 'not a decision' })}\n`);
      if (decided)
        return connection.end(`${JSON.stringify({ taken: false, why: 'answered', ...decided })}\n`);
      if (!tell(answer.decision)) {
        end({});
        return leave();
      }
      end({ answer: answer.label, by: answer.by });
      connection.end(`${JSON.stringify({ taken: true })}\n`, leave);
    });
  });
  server.on('error', leave);
  server.listen(socket, () => {
    fs.chmodSync(socket, 0o600);
    note(runtime, { ...line, held: id, until: Date.now() + holdMs });
  });

  const release = () => {
    if (decided) return;
    end({});
    leave();
  };
  setTimeout(release, holdMs);
  for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(name, release);
  for (const connection of listeners) {
    connection.on('close', () => {
      listeners.delete(connection);
      if (listeners.size === 0) release();
    });
  }
};

/** Connects to every open taskglass, and returns the connections to those that show this agent's sessions. */
async function connectToListeners(runtime, home) {
  const asked = listenersIn(runtime).map(
    (socket) =>
      new Promise((resolve) => {
        const connection = net.connect(socket);
        const timer = setTimeout(() => connection.destroy(), GREETED_WITHIN_MS);
        connection.on('error', () => {});
        connection.once('close', () => resolve(null));
        readLine(connection, (greeting) => {
          clearTimeout(timer);
          if (showsHome(greeting, home)) resolve(connection);
          else connection.destroy();
        });
      }),
  );
  return new Set((await Promise.all(asked)).filter((connection) => connection !== null));
}

function showsHome(greeting, home) {
  try {
    return JSON.parse(greeting).homes.includes(home);
  } catch {
    return false;
  }
}

function readLine(connection, onLine) {
  let text = '';
  connection.on('error', () => {}).setEncoding('utf8');
  connection.on('data', (piece) => {
    text += piece;
    const end = text.indexOf('\n');
    if (end !== -1) {
      connection.removeAllListeners('data').resume();
      onLine(text.slice(0, end));
    } else if (text.length > LONGEST_ANSWER) connection.destroy();
  });
}

/** Returns the decision whose label an answer names exactly; null if there is none. */
function readAnswer(text, decisions) {
  try {
    const { choice, message, by } = JSON.parse(text);
    const chosen = decisions.find(({ label }) => label === choice);
    if (!chosen) return null;
    const isReasoned = typeof message === 'string' && message !== '' && chosen.decision.behavior === 'deny';
    const decision = isReasoned ? { ...chosen.decision, message } : chosen.decision;
    return { label: isReasoned ? `${choice}: ${message}` : choice, decision, by: String(by).slice(0, 200) };
  } catch {
    return null;
  }
}

/** Prints the decision for Claude Code. Tells whether that worked. */
function tell(decision) {
  const output = { hookSpecificOutput: { hookEventName: 'PermissionRequest', decision } };
  try {
    fs.writeSync(STDOUT, `${JSON.stringify(output)}\n`);
    return true;
  } catch {
    return false;
  }
}
