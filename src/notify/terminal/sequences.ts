import type { PlainText } from '../../model/text.ts';
import type { Multiplexer, OscProtocol } from './known-terminal.ts';

const ESC = '\u001b';
/** Ends each sequence: every terminal accepts it, and it does not end the sequence of a multiplexer around it. */
const BEL = '\u0007';

/** In UTF-8 bytes. Terminals give up on sequences of some kilobytes, and nobody reads that much. */
const TITLE_BYTES = 256;
const TEXT_BYTES = 1_024;
const CUT_MARK = '…';

/**
 * Returns a notification in the form that the terminal accepts. It contains nothing that ends or splits a sequence, whatever
 * the text.
 */
export function notificationSequence(
  protocol: OscProtocol,
  told: { readonly title: PlainText; readonly text: PlainText; readonly id: string },
): string {
  const title = inSequence(told.title, TITLE_BYTES);
  const text = inSequence(told.text, TEXT_BYTES);
  switch (protocol) {
    case '9':
      return `${ESC}]9;${text === '' ? title : `${title}: ${text}`}${BEL}`;
    case '777':
      return `${ESC}]777;notify;${title};${text}${BEL}`;
    case '99':
      return `${kittyPart(told.id, 'title', title, text !== '')}${text === '' ? '' : kittyPart(told.id, 'body', text, false)}`;
    default:
      return protocol satisfies never;
  }
}

/** Returns a part of a notification for kitty. Its text is encoded, so it may be anything. */
function kittyPart(id: string, part: 'title' | 'body', text: string, hasMore: boolean): string {
  return `${ESC}]99;i=${id}:e=1:d=${hasMore ? 0 : 1}:p=${part};${Buffer.from(text).toString('base64')}${BEL}`;
}

/** Saves the title, and sets it. */
export const SAVE_TITLE = `${ESC}[22;2t`;
/** If titles are not saved, an empty one brings back the terminal's own. */
export const RESTORE_TITLE = `${ESC}]2;${BEL}${ESC}[23;2t`;

export function titleSequence(title: PlainText): string {
  return `${ESC}]2;${inSequence(title, TITLE_BYTES)}${BEL}`;
}

/** What a progress bar shows: how far it is (0–100), or only that something is under way. */
export interface Bar {
  readonly state: 'normal' | 'failed' | 'waiting';
  readonly percent: number | null;
}

/** Returns the sequence for the terminal's own progress bar (OSC 9;4); without a bar, the one that removes it. */
export function progressSequence(bar: Bar | null): string {
  if (bar === null) return `${ESC}]9;4;0;${BEL}`;
  const percent = bar.percent === null ? '' : String(Math.floor(bar.percent));
  const state = { normal: percent === '' ? 3 : 1, failed: 2, waiting: 4 }[bar.state];
  return `${ESC}]9;4;${state};${percent}${BEL}`;
}

/** GNU screen accepts no longer strings. */
const SCREEN_PIECE = 250;
/** Of any other character it passes on only the lowest eight bits: of 丛, an escape. */
const NOT_ASCII = /[^\p{ASCII}]/gu;

/** Wraps a sequence so that a multiplexer passes it on to the terminal around it. */
export function passedThrough(sequence: string, multiplexer: Multiplexer | null): string {
  if (multiplexer === 'tmux') return `${ESC}Ptmux;${sequence.replaceAll(ESC, ESC + ESC)}${ESC}\\`;
  if (multiplexer !== 'screen') return sequence;
  const ascii = sequence.replaceAll('…', '...').replace(NOT_ASCII, '?');
  let wrapped = '';
  for (let at = 0; at < ascii.length; at += SCREEN_PIECE)
    wrapped += `${ESC}P${ascii.slice(at, at + SCREEN_PIECE)}${ESC}\\`;
  return wrapped;
}

/** Returns as many of a text's first characters as fit; at least one. */
function headOf(text: string, mostBytes: number): string {
  let end = 0;
  let bytes = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > mostBytes && end > 0) break;
    end += character.length;
  }
  return text.slice(0, end);
}

/** Removes what would end or split a sequence (in plain text only the semicolon), and cuts between characters. */
function inSequence(text: PlainText, mostBytes: number): string {
  const safe = text.replaceAll(/\p{Cc}/gu, ' ').replaceAll(';', ',');
  if (Buffer.byteLength(safe) <= mostBytes) return safe;
  return `${headOf(safe, mostBytes - Buffer.byteLength(CUT_MARK))}${CUT_MARK}`;
}
