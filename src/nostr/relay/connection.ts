import WebSocket from 'ws';
import type { Clock } from '../../clock.ts';
import type { Problem } from '../../model/problem.ts';
import { LONGEST_FRAME_BYTES, LONGEST_PASSED_OVER_BYTES } from './limits.ts';
import { createPace } from './pace.ts';
import { binaryProblem, closedProblem, failureProblem, silenceProblem } from './relay-problems.ts';

/** One WebSocket to a relay, from the attempt to its end. */
export interface Connection {
  send(message: readonly unknown[]): void;
  /** Stops reading until `resume`, so that the relay's messages wait in the network. */
  pause(): void;
  resume(): void;
  /** Ends the connection without calling `ended`. Resolves when the socket is closed, or after `closeMs`. */
  close(): Promise<void>;
}

export interface ConnectionListener {
  opened(): void;
  frame(text: string): void;
  /** Called for a frame that is too long to be read. */
  passedOver(): void;
  /** Called with the time from a ping to its pong, ms. */
  delay(ms: number): void;
  /** Called when the connection failed, or the other side ended it: once, and as the last call. */
  ended(problem: Problem): void;
}

export interface ConnectionTimes {
  /** The time limit of an attempt. */
  readonly connectMs: number;
  /** The time between pings. A relay that sends nothing in between is gone, which is noticed after one to two of these. */
  readonly pingMs: number;
  /** The time limit of closing. */
  readonly closeMs: number;
}

/** The first ping is delayed while the program starts; the second one measures the actual delay. */
const SECOND_PING_MS = 1_000;

/**
 * Opens a WebSocket that cannot crash the process: its errors are handled as long as it exists, the attempt has a time limit,
 * and pings detect that the other end has gone away silently.
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

/** Closes a WebSocket as the protocol requires, but waits only for a limited time for the other side. */
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
