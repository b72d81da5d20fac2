import { Writable } from 'node:stream';
import xterm from '@xterm/headless';

/** A terminal without a process: a stream to write to, and what it shows. */
export interface EmulatedTerminal {
  readonly stdout: NodeJS.WriteStream;
  readonly emulator: xterm.Terminal;
  /** How many bytes were written so far. */
  readonly bytes: number;
  /** Returns the text of each line, with all spaces, once everything written is on the screen. */
  lines(): Promise<string[]>;
  /** Returns the same with the style of each cell. */
  cells(): Promise<string[]>;
  resize(columns: number, rows: number): void;
}

export function emulateTerminal(columns: number, rows: number): EmulatedTerminal {
  const emulator = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  let bytes = 0;
  const stdout = Object.assign(
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        bytes += chunk.length;
        emulator.write(chunk, done);
      },
    }),
    { isTTY: true, columns, rows },
  ) as unknown as NodeJS.WriteStream;
  const written = () => new Promise<void>((resolve) => stdout.write('', () => emulator.write('', resolve)));
  const places = () => Array.from({ length: emulator.rows }, (_, row) => row);

  return {
    stdout,
    emulator,
    get bytes() {
      return bytes;
    },
    async lines() {
      await written();
      const { active } = emulator.buffer;
      return places().map((row) => active.getLine(active.baseY + row)?.translateToString(true) ?? '');
    },
    async cells() {
      await written();
      const { active } = emulator.buffer;
      return places().map((row) => cellsOf(active.getLine(active.baseY + row), emulator.cols));
    },
    resize(nextColumns, nextRows) {
      emulator.resize(nextColumns, nextRows);
      Object.assign(stdout, { columns: nextColumns, rows: nextRows });
      stdout.emit('resize');
    },
  };
}

function cellsOf(line: xterm.IBufferLine | undefined, columns: number): string {
  return Array.from({ length: columns }, (_, column) => {
    const cell = line?.getCell(column);
    if (!cell) return '';
    const style = [
      cell.isBold(),
      cell.isDim(),
      cell.isInverse(),
      cell.isFgDefault() ? -1 : cell.getFgColor(),
    ];
    const sign = cell.getChars() || (cell.getWidth() === 0 ? '' : ' ');
    return `${sign}<${style.map(Number)}>`;
  }).join('');
}
