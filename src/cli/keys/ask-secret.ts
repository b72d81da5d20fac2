import { type InputEvent, type KeyName, keyOfCharacter } from '../../input/event.ts';
import { readInput, TERMINAL_LOST } from '../../input/read-input.ts';
import type { Io } from '../../io/io.ts';
import { sayLines, sayQuestion } from '../../io/print.ts';
import { type PlainText, words } from '../../model/text.ts';

/**
 * Asks at the terminal for a secret, which is not shown as it is typed; null if there is no terminal, or nothing was
 * entered.
 */
export async function askSecret(question: PlainText, io: Io): Promise<string | null> {
  if (!io.stdin.isTTY || !io.stderr.isTTY) return null;
  const answer = readUnseen(io);
  // Asked only once the terminal hides input: people start typing when they see the question.
  sayQuestion(io, question);
  try {
    return (await answer) || null;
  } finally {
    sayLines(io, words``);
  }
}

/** Returns what is typed or pasted up to Enter; null if the person gives up, or the terminal goes away. */
function readUnseen({ stdin, clock, signal }: Io): Promise<string | null> {
  return new Promise((resolve) => {
    const giveUp = () => finish(null);
    /** In raw mode, Ctrl-C is only a character; the signal that it stands for is sent here and ends the question. */
    const interrupt = () => process.kill(process.pid, 'SIGINT');
    const line = createHiddenLine({ end: finish, interrupt });
    const stopReading = readInput({ stream: stdin, clock, onEvents: (events) => events.forEach(line.take) });

    function finish(secret: string | null): void {
      stopReading();
      for (const event of TERMINAL_LOST) stdin.off(event, giveUp);
      signal.removeEventListener('abort', giveUp);
      stdin.setRawMode(false).pause();
      resolve(secret);
    }

    for (const event of TERMINAL_LOST) stdin.once(event, giveUp);
    signal.addEventListener('abort', giveUp, { once: true });
    if (signal.aborted) giveUp();
    else stdin.setRawMode(true).resume();
  });
}

/** Creates a hidden line editor. Calls `end` with the line or null, or `interrupt`, once; drops whatever follows. */
function createHiddenLine(on: {
  readonly end: (line: string | null) => void;
  readonly interrupt: () => unknown;
}): { take(event: InputEvent): void } {
  let line = '';
  let isOver = false;

  function end(result: string | null): void {
    isOver = true;
    on.end(result);
  }

  function interrupt(): void {
    isOver = true;
    on.interrupt();
  }

  function press(key: KeyName): void {
    if (isOver) return;
    if (key === 'enter') end(line);
    else if (key === 'ctrl-c') interrupt();
    else if (key === 'ctrl-d' && line === '') end(null);
    else if (key === 'backspace') line = [...line].slice(0, -1).join('');
    else if (key === 'ctrl-u') line = '';
    else if ([...key].length === 1) line += key;
  }

  return {
    take(event) {
      if (event.type === 'key') press(event.key);
      else if (event.type === 'typed') for (const character of event.text) press(keyOfCharacter(character));
      else if (event.type === 'paste' && !isOver) line += event.text.replace(/[\r\n]+$/u, '');
    },
  };
}

/** Returns the passphrase of the key file: from the environment, otherwise from the person at the terminal. */
export async function askPassphrase(question: PlainText, io: Io): Promise<string | null> {
  return io.env.TASKGLASS_PASSPHRASE || askSecret(question, io);
}
