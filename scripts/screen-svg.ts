/** Draws a terminal's screen as an SVG picture: one `<text>` for adjacent words with the same style, at its own place. */
import type { IBufferCell, IBufferLine, Terminal } from '@xterm/headless';

const CELL = { width: 8.4, height: 18, baseline: 13.5 };
const PADDING = 14;
const FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace";
const GROUND = '#16181d';
const INK = '#d7dae0';
/** The sixteen colours of a terminal: eight, then the bright ones. */
const PALETTE = [
  ...['#2b2f37', '#e06c75', '#8cc570', '#dfb95c', '#61a5ef', '#c678dd', '#56b6c2', '#c8ccd4'],
  ...['#6b7280', '#f28b93', '#a5dd8c', '#f0cf7d', '#82bdff', '#dd9bf0', '#7fd3dd', '#ffffff'],
];

/** A space that browsers do not collapse. */
const BLANK = '\u00a0';

/** Adjacent cells with the same style: words with single spaces between them, or a background. */
interface Run {
  /** The attributes of the words, or the colour of the background. */
  readonly style: string;
  readonly column: number;
  text: string;
  columns: number;
}

/** Returns the screen in colours of our own. `title` is read out if the picture cannot be seen. */
export function screenSvg(terminal: Terminal, title: string): string {
  return svgDocument({ columns: terminal.cols, rows: terminal.rows, title }, screenElements(terminal));
}

/** Returns a drawing with the given columns and rows, on a background of its own. */
export function svgDocument(
  { columns, rows, title }: { columns: number; rows: number; title: string },
  elements: readonly string[],
): string {
  const width = columns * CELL.width + 2 * PADDING;
  const height = rows * CELL.height + 2 * PADDING;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${figure(width)} ${figure(height)}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="100%" height="100%" rx="8" fill="${GROUND}"/>`,
    `<g font-family="${FONT}" font-size="14">`,
    ...elements,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

/** Returns what is on the screen: a `<rect>` for each coloured background, a `<text>` for words with the same style. */
export function screenElements(terminal: Terminal): string[] {
  const { active } = terminal.buffer;
  return Array.from({ length: terminal.rows }, (_, row) => {
    const line = active.getLine(active.baseY + row);
    return line ? drawLine(line, terminal.cols, row) : [];
  }).flat();
}

/** How many rows {@link captionSvg} takes. */
export const CAPTION_ROWS = 2;

/** Draws a pressed key below a screen of that many rows. */
export function captionSvg(key: string, rows: number): string {
  const top = PADDING + rows * CELL.height + 8;
  const width = (key.length + 2) * CELL.width;
  return [
    '<g>',
    `<rect x="${PADDING}" y="${figure(top)}" width="${figure(width)}" height="24" rx="5" fill="#2b2f37" stroke="#6b7280"/>`,
    `<text x="${figure(PADDING + CELL.width)}" y="${figure(top + 16.5)}" fill="${INK}">${escaped(key)}</text>`,
    '</g>',
  ].join('');
}

/** Returns runs of cells to which `styleOf` gives the same style; cells without a style are left out. */
function runsOf(
  line: IBufferLine,
  columns: number,
  styleOf: (cell: IBufferCell) => string | null,
  joins: (run: Run) => boolean = () => false,
): Run[] {
  const runs: Run[] = [];
  for (let column = 0; column < columns; column++) {
    const cell = line.getCell(column);
    const style = cell && cell.getWidth() > 0 ? styleOf(cell) : null;
    if (!cell || style === null) continue;
    const last = runs.at(-1);
    const gap = last?.style === style ? column - last.column - last.columns : null;
    if (last && gap === 1 && joins(last)) {
      last.text += BLANK + cell.getChars();
      last.columns += 1 + cell.getWidth();
    } else if (last && gap === 0) {
      last.text += cell.getChars();
      last.columns += cell.getWidth();
    } else {
      runs.push({ style, column, text: cell.getChars(), columns: cell.getWidth() });
    }
  }
  return runs;
}

function drawLine(line: IBufferLine, columns: number, row: number): string[] {
  const top = PADDING + row * CELL.height;
  const grounds = runsOf(line, columns, groundOf);
  const styleOfWord = (cell: IBufferCell) => (cell.getChars().trim() === '' ? null : styleOf(cell));
  const words = runsOf(line, columns, styleOfWord, (run) => !run.style.includes('underline'));
  return [...grounds.map((run) => drawGround(run, top)), ...words.map((run) => drawWord(run, top))];
}

function drawGround({ style, column, columns }: Run, top: number): string {
  const width = figure(columns * CELL.width);
  return `<rect x="${leftOf(column)}" y="${figure(top)}" width="${width}" height="${CELL.height}" fill="${style}"/>`;
}

/** Stretches a word to its columns, whatever the font. */
function drawWord({ style, column, text, columns }: Run, top: number): string {
  const width = figure(columns * CELL.width);
  const place = `x="${leftOf(column)}" y="${figure(top + CELL.baseline)}"`;
  return `<text ${place} textLength="${width}" lengthAdjust="spacingAndGlyphs" ${style}>${escaped(text)}</text>`;
}

function leftOf(column: number): string {
  return figure(PADDING + column * CELL.width);
}

function styleOf(cell: IBufferCell): string {
  const ink = cell.isInverse() ? (groundColour(cell) ?? GROUND) : inkColour(cell);
  return [
    `fill="${ink}"`,
    ...(cell.isBold() ? ['font-weight="bold"'] : []),
    ...(cell.isItalic() ? ['font-style="italic"'] : []),
    ...(cell.isDim() ? ['opacity="0.6"'] : []),
    ...(cell.isUnderline() ? ['text-decoration="underline"'] : []),
  ].join(' ');
}

function groundOf(cell: IBufferCell): string | null {
  return cell.isInverse() ? inkColour(cell) : groundColour(cell);
}

function inkColour(cell: IBufferCell): string {
  if (cell.isFgDefault()) return INK;
  return cell.isFgRGB() ? hex(cell.getFgColor()) : indexed(cell.getFgColor());
}

function groundColour(cell: IBufferCell): string | null {
  if (cell.isBgDefault()) return null;
  return cell.isBgRGB() ? hex(cell.getBgColor()) : indexed(cell.getBgColor());
}

/** Returns one of the 256 colours: the sixteen, a cube of 6 × 6 × 6, and 24 greys. */
function indexed(index: number): string {
  if (index < 16) return PALETTE[index] ?? INK;
  if (index >= 232) return hex((8 + 10 * (index - 232)) * 0x010101);
  const level = (step: number) => (step === 0 ? 0 : 55 + 40 * step);
  const [red, green, blue] = [
    Math.floor((index - 16) / 36),
    Math.floor((index - 16) / 6) % 6,
    (index - 16) % 6,
  ];
  return hex((level(red ?? 0) << 16) | (level(green ?? 0) << 8) | level(blue ?? 0));
}

function hex(rgb: number): string {
  return `#${rgb.toString(16).padStart(6, '0')}`;
}

function figure(value: number): string {
  return String(Number(value.toFixed(1)));
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
