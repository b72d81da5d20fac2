import { joined, type Plain, type PlainText } from '../model/text.ts';

type Out = { readonly stdout: Pick<NodeJS.WriteStream, 'write'> };
type Err = { readonly stderr: Pick<NodeJS.WriteStream, 'write'> };

/** Says something to people: one line on stderr, whatever line breaks are in it. */
export function say<T extends string>(io: Err, text: Plain<T>): void;
export function say(io: Err, text: PlainText): void {
  sayLines(io, text.replace(/\s*\n\s*/gu, ' '));
}

/** Says something that takes several lines on stderr, in place of what was said there for now. */
export function sayLines(io: Err, ...lines: readonly PlainText[]): void {
  takeBack.get(io.stderr)?.();
  io.stderr.write(`${joined(lines, '\n')}\n`);
}

/** How what stands on a stream for now is taken back. */
const takeBack = new WeakMap<Err['stderr'], () => void>();

/**
 * Says something on a terminal, dim, that stands there until the returned function is called, which leaves no trace of it.
 * On one row: what has no room there is not shown. The cursor stays where it was, before the text: whatever a shell or
 * another program writes in the meantime, taking it back erases at most the rest of the row.
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

/** Asks people for something on stderr; what they type follows on the same line. */
export function sayQuestion(io: Err, question: PlainText): void {
  takeBack.get(io.stderr)?.();
  io.stderr.write(question);
}

/** Prints lines for people on stdout. */
export function print(io: Out, ...lines: readonly PlainText[]): void {
  if (lines.length > 0) io.stdout.write(`${joined(lines, '\n')}\n`);
}

/** Prints lines that were painted from segments: the only text for people in which colours are. */
export function printPainted(io: Out, lines: readonly string[]): void {
  if (lines.length > 0) io.stdout.write(`${lines.join('\n')}\n`);
}

/** Prints on stdout, to the letter, what programs read: a document, or the one line that a script waits for. */
export function printData(io: Out, data: string): void {
  io.stdout.write(`${data}\n`);
}

/** Prints a document as JSON. */
export function printJson(io: Out, document: unknown): void {
  printData(io, JSON.stringify(document, null, 2));
}

/** Tells the terminal itself something: a control sequence of ours, in which any text is encoded. Nobody sees it. */
export function tellTerminal(io: Out, sequence: string): void {
  io.stdout.write(sequence);
}
