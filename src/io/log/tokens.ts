/** A unit of terminal output. */
export type Token =
  /** Characters to print. */
  | { readonly kind: 'text'; readonly text: string }
  /** `CSI`, parameters and the final character, with nothing in between: `CSI 1 SP A` does not move up. */
  | { readonly kind: 'csi'; readonly final: string; readonly parameters: string; readonly sequence: string }
  /** Any other escape sequence: titles, links, `ESC 7`, `CSI` with intermediate characters. */
  | { readonly kind: 'escape'; readonly sequence: string }
  | { readonly kind: 'control'; readonly code: number };

const TOKEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escapes are what is looked for
  /([^\u0000-\u001f\u007f]+)|\u001b\[([0-?]*)([@-~])|\u001b(?:\[[0-?]*[ -/]+[@-~]|[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)|[ -/]*[0-OQ-WYZ\\`-~])|([\u0000-\u001f\u007f])/gu;

/** Splits text into tokens. An incomplete escape sequence becomes a control character and text. */
export function* tokensOf(text: string): Generator<Token> {
  for (const [sequence, plain, parameters, final, control] of text.matchAll(TOKEN)) {
    if (plain !== undefined) yield { kind: 'text', text: plain };
    else if (final !== undefined) yield { kind: 'csi', final, parameters: parameters ?? '', sequence };
    else if (control !== undefined) yield { kind: 'control', code: control.charCodeAt(0) };
    else yield { kind: 'escape', sequence };
  }
}

/** A sequence longer than this counts as unterminated. */
const LONGEST_SEQUENCE = 4 * 1024;
// biome-ignore lint/suspicious/noControlCharactersInRegex: escapes are what is looked for
const UNFINISHED = /^\u001b(?:\[[0-?]*[ -/]*|[\]PX^_][^\u0007\u001b]*\u001b?|[ -/]*)$/u;

/** Returns the index of an incomplete escape sequence at the end; the length of the text if there is none. */
export function unfinishedAt(text: string): number {
  const last = text.lastIndexOf('\u001b');
  // The last ESC may be the first half of the terminator of the sequence before it.
  const before = last > 0 && last === text.length - 1 ? text.lastIndexOf('\u001b', last - 1) : -1;
  return [before, last].find((at) => at >= 0 && isUnfinished(text, at)) ?? text.length;
}

function isUnfinished(text: string, at: number): boolean {
  return text.length - at <= LONGEST_SEQUENCE && UNFINISHED.test(text.slice(at));
}
