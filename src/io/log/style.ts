/**
 * Colours and other attributes in force at one place of an output, as the one sequence that sets them all; '' for none.
 * `applySgr` gives the style that holds after a sequence.
 */
export type Style = string;

export const NO_STYLE: Style = '';
export const RESET = '\u001b[0m';

/** Which attribute a parameter turns on; those that are turned off together have the same letter in front. */
const TURNS_ON: Readonly<Record<number, string>> = {
  1: 'bold',
  2: 'bdim',
  3: 'italic',
  4: 'under',
  7: 'reverse',
  9: 'strike',
  21: 'under',
  53: 'over',
};
const TURNS_OFF: Readonly<Record<number, readonly string[]>> = {
  22: ['bold', 'bdim'],
  23: ['italic'],
  24: ['under'],
  27: ['reverse'],
  29: ['strike'],
  39: ['fg'],
  49: ['bg'],
  55: ['over'],
  59: ['ul'],
};
/** Colours that are followed by further parameters: `38;5;n` and `38;2;r;g;b`. */
const LONG_COLOURS: Readonly<Record<number, string>> = { 38: 'fg', 48: 'bg', 58: 'ul' };

/** More parameters than any program means. */
const MOST_PARAMETERS = 32;

/** What was asked for before: a program uses few colours, ever again. */
const applied = new Map<string, Style>();
const MOST_APPLIED = 1_000;
const LONGEST_APPLIED = 200;

/** Applies the parameters of `CSI … m` to a style. What hides text or makes it blink is left out. */
export function applySgr(style: Style, parameters: string): Style {
  const asked = `${style}${parameters}`; // a style has an end of its own
  const known = applied.get(asked);
  if (known !== undefined) return known;
  const next = applyAnew(style, parameters);
  if (applied.size >= MOST_APPLIED) applied.clear();
  if (asked.length <= LONGEST_APPLIED) applied.set(asked, next);
  return next;
}

function applyAnew(style: Style, parameters: string): Style {
  const attributes = new Map<string, string>(style === NO_STYLE ? [] : attributesOf(style));
  const list = parameters.split(';').slice(0, MOST_PARAMETERS);
  for (let at = 0; at < list.length; at += 1) {
    const text = list[at] ?? '';
    const code = Number(text.split(':')[0] || 0);
    const long = LONG_COLOURS[code];
    const name = long ?? nameOf(code);
    if (long && !text.includes(':')) {
      const length = list[at + 1] === '5' ? 3 : list[at + 1] === '2' ? 5 : 1;
      if (length > 1) attributes.set(long, list.slice(at, at + length).join(';'));
      at += length - 1;
    } else if (code === 0) attributes.clear();
    else if (name) attributes.set(name, text);
    else for (const off of TURNS_OFF[code] ?? []) attributes.delete(off);
  }
  if (attributes.size === 0) return NO_STYLE;
  return `\u001b[${[...attributes.values()].join(';')}m`;
}

function nameOf(code: number): string | undefined {
  if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) return 'fg';
  if ((code >= 40 && code <= 47) || (code >= 100 && code <= 107)) return 'bg';
  return TURNS_ON[code];
}

/** Reads a style back: it was made by `applySgr`, so each attribute stands in it once. */
function attributesOf(style: Style): [string, string][] {
  const list = style.slice(2, -1).split(';');
  const found: [string, string][] = [];
  for (let at = 0; at < list.length; at += 1) {
    const text = list[at] ?? '';
    const code = Number(text.split(':')[0]);
    const long = LONG_COLOURS[code];
    const length = long && !text.includes(':') ? (list[at + 1] === '5' ? 3 : 5) : 1;
    found.push([long ?? nameOf(code) ?? text, list.slice(at, at + length).join(';')]);
    at += length - 1;
  }
  return found;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with an escape
const SGR = /\u001b\[([0-9;:]*)m/g;

/**
 * Lets each of these lines begin and end without a colour, where colours go on from line to line, beginning with `style`.
 * Returns them with the style behind the last.
 */
export function withStyles(lines: string, style: Style): { readonly lines: string; readonly style: Style } {
  if (style === NO_STYLE && !lines.includes('\u001b')) return { lines, style };
  let current = style;
  const styled = lines.split('\n').map((line, index, all) => {
    if (index === all.length - 1) return line; // behind the last line's end
    const first = current;
    const last = line.lastIndexOf('\u001b');
    const isReset = last >= 0 && (line.startsWith(RESET, last) || line.startsWith('\u001b[m', last));
    if (isReset) current = NO_STYLE;
    else for (const [, parameters = ''] of line.matchAll(SGR)) current = applySgr(current, parameters);
    return `${first}${line}${current === NO_STYLE ? '' : RESET}`;
  });
  return { lines: styled.join('\n'), style: current };
}
