/** A string sequence (title, link, …) longer than this counts as unterminated: its introducer is removed, its text stays. */
const STRING_SEQUENCE_LIMIT = 2_048;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the introducers of escape sequences, C0 and C1
const ESCAPE_STARTS = /[\u001b\u0090\u0098\u009b\u009d-\u009f]/u;
/** CSI: parameters and intermediates, then a final byte. */
const CSI_REST = /[0-?]{0,64}[ -/]{0,16}[@-~]/uy;
/** Any other escape: intermediates, then a final byte. */
const ESC_REST = /[ -/]{0,16}[0-~]/uy;

/**
 * Removes whole escape sequences, so that no part of them is read as text. Works in one pass: the usual regular
 * expression for this takes quadratic time on hostile text, and the text here comes from strangers.
 */
export function withoutEscapes(text: string): string {
  if (!ESCAPE_STARTS.test(text)) return text;
  let kept = '';
  for (let at = 0; at < text.length; ) {
    const next = endOfEscape(text, at);
    if (next === at) kept += text[at++];
    else at = next;
  }
  return kept;
}

/** Returns the index after the escape sequence that starts at `at`; `at` itself if none does. */
function endOfEscape(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code === 0x9b) return endOf(CSI_REST, text, at + 1);
  if (isStringIntroducer(code)) return endOfString(text, at + 1);
  if (code !== 0x1b) return at;
  const introducer = text[at + 1];
  if (introducer === '[') return endOf(CSI_REST, text, at + 2);
  if (introducer !== undefined && 'PX]^_'.includes(introducer)) return endOfString(text, at + 2);
  return endOf(ESC_REST, text, at + 1);
}

function endOf(rest: RegExp, text: string, from: number): number {
  rest.lastIndex = from;
  return rest.test(text) ? rest.lastIndex : from;
}

/** Returns the index after a string sequence, which BEL or ST ends; `from` if nothing ends it. */
function endOfString(text: string, from: number): number {
  const until = Math.min(text.length, from + STRING_SEQUENCE_LIMIT);
  for (let at = from; at < until; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x07 || code === 0x9c) return at + 1;
    if (code === 0x1b) return text[at + 1] === '\\' ? at + 2 : from;
    if (code >= 0x90 && code <= 0x9f) return from; // another sequence begins: this one is unterminated
  }
  return from;
}

/** Tells whether a character is DCS, SOS, OSC, PM or APC. */
function isStringIntroducer(code: number): boolean {
  return code === 0x90 || code === 0x98 || (code >= 0x9d && code <= 0x9f);
}
