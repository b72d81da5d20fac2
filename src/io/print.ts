import { joined, type Plain, type PlainText } from '../model/text.ts';

type Out = { readonly stdout: Pick<NodeJS.WriteStream, 'write'> };
type Err = { readonly stderr: Pick<NodeJS.WriteStream, 'write'> };

/** Prints a message for people as one line on stderr, whatever line breaks it contains. */
export function say<T extends string>(io: Err, text: Plain<T>): void;
export function say(io: Err, text: PlainText): void {
  sayLines(io, text.replace(/\s*\n\s*/gu, ' '));
}

/** Prints a message of several lines on stderr, after erasing one that was printed by `sayForNow`. */
export function sayLines(io: Err, ...lines: readonly PlainText[]): void {
  takeBack.get(io.stderr)?.();
  io.stderr.write(`${joined(lines, '\n')}\n`);
}

/** Functions that erase the temporary message on each stream. */
const takeBack = new WeakMap<Err['stderr'], () => void>();

/**
 * Shows a dim temporary message on a terminal; the returned function erases it. It takes one row, and is cut there. The cursor
 * stays before it, so that erasing it removes at most the rest of the row, whatever other programs have printed meanwhile.
 */
export function sayForNow({ stderr }: Err, text: PlainText): () => void {
  stderr.write(`\u001b7\u001b[?7l\u001b[2m${text}\u001b[22m\u001b[?7h\u001b8`);
  const erase = () => {
    if (takeBack.get(stderr) !== erase) return;
    takeBack.delete(stderr);
    stderr.write('\u001b[K');
  };
  takeBack.set(stderr, erase);
  return erase;
}

/** Prints a question on stderr; the answer is typed on the same line. */
export function sayQuestion(io: Err, question: PlainText): void {
  takeBack.get(io.stderr)?.();
  io.stderr.write(question);
}

/** Prints lines for people on stdout. */
export function print(io: Out, ...lines: readonly PlainText[]): void {
  if (lines.length > 0) io.stdout.write(`${joined(lines, '\n')}\n`);
}

/** Prints lines that were painted from segments: the only text for people that contains colours. */
export function printPainted(io: Out, lines: readonly string[]): void {
  if (lines.length > 0) io.stdout.write(`${lines.join('\n')}\n`);
}

/** Prints unchanged on stdout what programs read: a document, or the line that a script waits for. */
export function printData(io: Out, data: string): void {
  io.stdout.write(`${data}\n`);
}

/** Prints a document as JSON. */
export function printJson(io: Out, document: unknown): void {
  printData(io, JSON.stringify(document, null, 2));
}

/** Sends the terminal a control sequence of ours, in which any text is encoded. Nothing of it is shown. */
export function tellTerminal(io: Out, sequence: string): void {
  io.stdout.write(sequence);
}
