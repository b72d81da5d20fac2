/** What a command's output consists of, for a reader that is not a terminal. */
export interface OutputParts {
  /** Characters to show, without any control character. */
  text(run: string): void;
  /** A single control character: CR, LF, BS, … */
  control(code: number): void;
  /** `ESC [ params final`; private and intermediate characters are among the parameters. */
  csi(params: string, final: string): void;
  /** `ESC final`, with the intermediate characters before it. */
  escape(final: string): void;
  /** The payload of an OSC, and the characters that ended it. */
  osc(payload: string, end: string): void;
}

export interface EscapeParser {
  /** Parses the next characters, which may be cut anywhere. */
  push(text: string): void;
  /** Whether no sequence is half read. */
  readonly isBetweenSequences: boolean;
}

/** A longer OSC, from its introducer to its end, is not one that we read, and is skipped as a whole. */
const STRING_LIMIT = 4_096;
const CSI_LIMIT = 64;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/gu;
const ESC = 0x1b;
const BEL = 0x07;
const ST = 0x9c;
/** What the byte 0x9c becomes when it is read as UTF-8. It ends a status report, whose payload is ASCII. */
const NOT_UTF8 = 0xfffd;
/** CAN and SUB abort a sequence. */
const BREAKS = [0x18, 0x1a];

type State = 'ground' | 'escape' | 'csi' | 'osc' | 'string';

/** Splits output into text and escape sequences in one pass. A sequence may be cut at any place. */
export function createEscapeParser(parts: OutputParts): EscapeParser {
  let state: State = 'ground';
  let collected = '';
  let isAfterEscape = false;

  function ground(code: number): void {
    if (code === ESC || code === 0x9b || code === 0x9d) begin(code);
    else if (code === 0x90 || code === 0x98 || code === 0x9e || code === 0x9f) enter('string');
    else parts.control(code);
  }

  function begin(code: number): void {
    enter(code === ESC ? 'escape' : code === 0x9b ? 'csi' : 'osc');
  }

  function enter(next: State): void {
    state = next;
    collected = '';
    isAfterEscape = false;
  }

  function inEscape(char: string, code: number): void {
    if (code === ESC) return enter('escape');
    if (code < 0x20) return control(code);
    if (collected === '' && char === '[') return enter('csi');
    if (collected === '' && char === ']') return enter('osc');
    if (collected === '' && 'PX^_'.includes(char)) return enter('string');
    if (code < 0x30 && collected.length < CSI_LIMIT) {
      collected += char;
      return;
    }
    const final = collected + char;
    enter('ground');
    parts.escape(final);
  }

  function inCsi(char: string, code: number): void {
    if (code === ESC) return enter('escape');
    if (code < 0x20) return control(code);
    if (code >= 0x40 && code <= 0x7e) {
      const params = collected;
      enter('ground');
      return parts.csi(params, char);
    }
    if (code > 0x7e || collected.length >= CSI_LIMIT) return enter('ground');
    collected += char;
  }

  /** Carries out a control character, even inside a sequence, as a terminal does. */
  function control(code: number): void {
    if (BREAKS.includes(code)) return enter('ground');
    parts.control(code);
  }

  function inString(char: string, code: number): void {
    if (isAfterEscape) {
      isAfterEscape = false;
      if (char === '\\') return endString('\u001b\\');
      enter('escape');
      return inEscape(char, code);
    }
    if (code === ESC) isAfterEscape = true;
    else if (code === BEL || code === ST || (code === NOT_UTF8 && isReport(collected))) endString(char);
    else if (BREAKS.includes(code)) enter('ground');
    else if (collected.length <= STRING_LIMIT) collected += char;
  }

  function endString(end: string): void {
    const isWhole = state === 'osc' && 2 + collected.length + end.length <= STRING_LIMIT;
    const payload = collected;
    enter('ground');
    if (isWhole) parts.osc(payload, end);
  }

  function take(char: string): void {
    const code = char.charCodeAt(0);
    if (state === 'escape') inEscape(char, code);
    else if (state === 'csi') inCsi(char, code);
    else inString(char, code);
  }

  return {
    push(text) {
      for (let at = 0; at < text.length; at += 1) {
        if (state !== 'ground') {
          take(text.charAt(at));
          continue;
        }
        CONTROL.lastIndex = at;
        const next = CONTROL.exec(text)?.index ?? text.length;
        if (next > at) parts.text(text.slice(at, next));
        if (next < text.length) ground(text.charCodeAt(next));
        at = next;
      }
    },
    get isBetweenSequences() {
      return state === 'ground';
    },
  };
}

function isReport(payload: string): boolean {
  return payload.startsWith('9;4') || payload.startsWith('7501;');
}
