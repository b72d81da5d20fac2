import WebSocket from 'ws';
import type { Clock } from '../../clock.ts';
import type { Problem } from '../../model/problem.ts';
import { LONGEST_FRAME_BYTES, LONGEST_PASSED_OVER_BYTES } from './limits.ts';
import { createPace } from './pace.ts';
import { binaryProblem, closedProblem, failureProblem, silenceProblem } from './relay-problems.ts';

/** One WebSocket to a relay, from the attempt to its end. */
export interface Connection {
  send(message: readonly unknown[]): void;
  /** Lets the relay wait: what it sends stays in the network until `resume`. */
  pause(): void;
  resume(): void;
  /** Ends it without a call of `ended`. Resolves when the socket is gone, at the latest after a moment. */
  close(): Promise<void>;
}

export interface ConnectionListener {
  opened(): void;
  frame(text: string): void;
  /** A frame that is too long to be read. */
  passedOver(): void;
  /** The time from a ping to its pong, ms. */
  delay(ms: number): void;
  /** It failed, or the other side ended it. Called once, and nothing after it. */
  ended(problem: Problem): void;
}

export interface ConnectionTimes {
  /** From the attempt to the open connection, at most. */
  readonly connectMs: number;
  /** From ping to ping. A relay that says nothing in between is gone: noticed after one to two of these. */
  readonly pingMs: number;
  /** How long a goodbye may take. */
  readonly closeMs: number;
}

/** The first ping waits while the program starts up and reads; the second one tells the delay as it is. */
const SECOND_PING_MS = 1_000;

/**
 * Opens a WebSocket that cannot bring the process down: it is listened to for errors as long as it exists, the
 * attempt has a time limit, and pings notice when the other end went away in silence.
 */
export function openConnection(
  url: string,
  options: { clock: Clock; times: ConnectionTimes; listener: ConnectionListener },
): Connection {
  const { clock, times, listener } = options;
  const socket = new WebSocket(url, {
    handshakeTimeout: times.connectMs,
    maxPayload: LONGEST_PASSED_OVER_BYTES,
    perMessageDeflate: false,
  });
  let over = false;
  let paused = false;
  let isResting = false;
  let heard = true;
  let pingedAt = 0;
  let cancelTimer = clock.after(times.connectMs, () => end(silenceProblem(url, 'connect')));
  const pace = createPace(clock, {
    rest() {
      isResting = true;
      socket.pause();
    },
    goOn() {
      isResting = false;
      if (!paused) socket.resume();
    },
  });

  socket.on('error', (error) => end(failureProblem(url, error)));
  socket.on('close', (code, reason) => end(closedProblem(url, code, reason.toString())));
  socket.on('open', () => {
    if (over) return;
    cancelTimer();
    listener.opened();
    beat(Math.min(SECOND_PING_MS, times.pingMs));
  });
  socket.on('message', (data: Buffer, isBinary) => {
    heard = true;
    if (over) return;
    if (isBinary) end(binaryProblem(url));
    else if (data.byteLength > LONGEST_FRAME_BYTES) listener.passedOver();
    else pace.take(() => listener.frame(data.toString()));
  });
  socket.on('pong', (data) => {
    heard = true;
    if (!over && data.toString() === String(pingedAt)) listener.delay(clock.monotonic() - pingedAt);
  });

  function beat(nextInMs = times.pingMs): void {
    if (over) return;
    if (!heard && !paused) return end(silenceProblem(url, 'ping'));
    heard = false;
    pingedAt = clock.monotonic();
    socket.ping(String(pingedAt));
    cancelTimer = clock.after(nextInMs, beat);
  }

  function end(problem: Problem): void {
    if (over) return;
    over = true;
    cancelTimer();
    pace.stop();
    socket.terminate();
    listener.ended(problem);
  }

  return {
    send(message) {
      if (!over && socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
    },
    pause() {
      paused = true;
      socket.pause();
    },
    resume() {
      paused = false;
      if (!isResting) socket.resume();
    },
    close() {
      over = true;
      cancelTimer();
      pace.stop();
      return sayGoodbye(socket, clock, times.closeMs);
    },
  };
}

/** Closes as the protocol asks, but waits for the other side only so long. */
function sayGoodbye(socket: WebSocket, clock: Clock, withinMs: number): Promise<void> {
  if (socket.readyState === WebSocket.CLOSED) return Promise.resolve();
  return new Promise((resolve) => {
    const cancel = clock.after(withinMs, () => socket.terminate());
    socket.once('close', () => {
      cancel();
      resolve();
    });
    if (socket.readyState === WebSocket.CONNECTING) return socket.terminate();
    socket.resume();
    socket.close();
  });
}
