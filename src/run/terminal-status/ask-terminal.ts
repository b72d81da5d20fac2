import { sleep } from '../../clock.ts';
import type { Io } from '../../io/io.ts';
import { tellTerminal } from '../../io/print.ts';
import { sttySync } from '../../io/stty.ts';

/**
 * Asks for the status, and then for what the terminal is, which every terminal answers: no reply to the first query means no.
 */
const QUERY = '\u001b]7501;?\u001b\\\u001b[c';
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const ANSWER = /\u001b\]7501;\?[^\u0007\u001b]*(?:\u0007|\u001b\\)/u;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const ATTRIBUTES = /\u001b\[\?[\d;]*c/u;
/** A distant terminal takes no longer than this; the command is not started before. */
const ANSWERS_WITHIN_MS = 1_000;
const RAW = ['raw', '-echo', '-iexten'];
const STDIN = 0;

/**
 * Asks our terminal whether it shows program statuses (OSC 7501). Call this before anything else reads keys: what was typed
 * meanwhile is given back to standard input.
 */
export async function terminalShowsStatus(io: Io): Promise<boolean> {
  const { stdin, clock, signal } = io;
  const saved = sttySync(STDIN, ['-g']);
  if (saved === null) return false;
  const answered = new AbortController();
  const giveUp = () => answered.abort();
  let read = Buffer.alloc(0);
  const listen = (piece: Buffer) => {
    read = Buffer.concat([read, piece]);
    if (ATTRIBUTES.test(read.toString('latin1'))) answered.abort();
  };
  signal.addEventListener('abort', giveUp, { once: true });
  sttySync(STDIN, RAW);
  try {
    stdin.on('data', listen).on('error', giveUp);
    tellTerminal(io, QUERY);
    if (!signal.aborted) await sleep(clock, ANSWERS_WITHIN_MS, answered.signal);
  } finally {
    signal.removeEventListener('abort', giveUp);
    stdin.off('data', listen).off('error', giveUp).pause();
    sttySync(STDIN, [saved]);
  }
  const text = read.toString('latin1');
  const typed = text.replace(ANSWER, '').replace(ATTRIBUTES, '');
  if (typed !== '') stdin.unshift(Buffer.from(typed, 'latin1'));
  return ANSWER.test(text);
}
