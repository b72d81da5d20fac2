/**
 * The colours and other attributes in effect at some place of an output, as one sequence that sets them all; '' for none.
 * `applySgr` returns the style after a sequence.
 */
export type Style = string;

export const NO_STYLE: Style = '';
export const RESET = '\u001b[0m';

/** The attribute that a parameter turns on; those that are turned off together begin with the same letter. */
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
/** Parameters that are followed by those of a colour: `38;5;n` and `38;2;r;g;b`. */
const LONG_COLOURS: Readonly<Record<number, string>> = { 38: 'fg', 48: 'bg', 58: 'ul' };

/** No program uses more parameters than this. */
const MOST_PARAMETERS = 32;

/** Results of earlier calls, because a program uses a few colours over and over. */
const applied = new Map<string, Style>();
const MOST_APPLIED = 1_000;
const LONGEST_APPLIED = 200;

/** Applies the parameters of `CSI … m` to a style. Ignores those that hide text or make it blink. */
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

/** Parses a style. It was made by `applySgr`, so it contains each attribute only once. */
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
 * Makes each line begin and end without a colour, although colours continue from line to line, beginning with `style`. Returns
 * the lines, and the style after the last one.
 */
export function withStyles(lines: string, style: Style): { readonly lines: string; readonly style: Style } {
  if (style === NO_STYLE && !lines.includes('\u001b')) return { lines, style };
  let current = style;
  const styled = lines.split('\n').map((line, index, all) => {
    if (index === all.length - 1) return line; // after the last line end
    const first = current;
    const last = line.lastIndexOf('\u001b');
    const isReset = last >= 0 && (line.startsWith(RESET, last) || line.startsWith('\u001b[m', last));
    if (isReset) current = NO_STYLE;
    else for (const [, parameters = ''] of line.matchAll(SGR)) current = applySgr(current, parameters);
    return `${first}${line}${current === NO_STYLE ? '' : RESET}`;
  });
  return { lines: styled.join('\n'), style: current };
}
