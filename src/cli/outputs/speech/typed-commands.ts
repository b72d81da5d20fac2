import { COMMAND_NAMES, type CommandName, offerOf } from '../../../model/command.ts';
import { problemText } from '../../../model/problem.ts';
import { hasEnded } from '../../../model/task.ts';
import { type PlainText, plainLine, plainName, words } from '../../../model/text.ts';
import type { Monitor } from '../../../monitor.ts';
import { commandRefusal } from '../../../present/command.ts';
import { askSentence } from '../../../present/sentences.ts';
import { type Dismissals, withDismissed } from '../../../store/dismissals.ts';
import type { TaskEntry } from '../../../store/state.ts';
import { createNumberedList, type ListTools } from './numbered-list.ts';

/** Is said at the start, and after an unknown command. */
export const HELP_HINT = words`Type help and Enter for what can be typed.`;

const HELP: readonly PlainText[] = [
  words`list, or list and words to search for: the tasks, each with a number.`,
  words`needs: what needs you, each with a number.`,
  words`answer and a number: answer that task's question.`,
  words`cancel, retry or dismiss and a number: asks first if that changes something.`,
  words`log and a number: the last lines that the task has printed.`,
  words`quit: leave. Each word may be shortened to its first letters, as in l, n and a 2.`,
];

const WORDS = ['help', 'list', 'needs', 'answer', 'cancel', 'retry', 'dismiss', 'log', 'quit'] as const;
type Word = (typeof WORDS)[number];

const LOG_LINES = 10;

/** Obeys typed lines, without a screen. */
export interface TypedCommands {
  /** Takes a line that was typed. */
  take(line: string): void;
}

interface Tools extends ListTools {
  readonly monitor: Pick<Monitor, 'getState' | 'send' | 'log'>;
  readonly readOnly: boolean;
  readonly dismiss: (next: (dismissals: Dismissals) => Dismissals) => void;
  readonly quit: () => void;
  /** Aborts whatever is being read. */
  readonly signal: AbortSignal;
}

/** Creates the handler of typed lines. */
export function createTypedCommands(tools: Tools): TypedCommands {
  const { tell } = tools;
  const numbers = createNumberedList(tools);
  /** Handles the next line as an answer, except lines that were read together with the one that raised the question. */
  let open: ((line: string) => void) | null = null;
  let isRaisedNow = false;

  function raise(question: PlainText, then: (line: string) => void): void {
    tell(question);
    open = then;
    isRaisedNow = true;
    setImmediate(() => {
      isRaisedNow = false;
    });
  }

  function act(word: Word, rest: string): void {
    const entry = numbers.entryOf(rest, word);
    if (!entry) return;
    if (word === 'log') return void readLog(tools, entry);
    if (word === 'dismiss') return dismiss(entry);
    const command = COMMAND_NAMES.find((name) => name === word);
    if (!command) return;
    const refusal = commandRefusal(entry, command, tools.readOnly);
    if (refusal) return tell(words`${entry.task.name}: ${refusal}.`);
    if (command === 'answer') return raise(words`${askSentence(entry.task)} ${HOW_TO_ANSWER}`, answer(entry));
    const { needsConsent = command === 'cancel' } = offerOf(entry.task, command) ?? {};
    if (!needsConsent) return send(entry, command);
    raise(words`${command} ${entry.task.name}? Type yes and Enter.`, (line) =>
      line === 'yes' ? send(entry, command) : tell(words`Nothing was sent.`),
    );
  }

  function answer(entry: TaskEntry): (line: string) => void {
    return (line) => (line === '' ? tell(words`Nothing was sent.`) : send(entry, 'answer', line));
  }

  function send({ task }: TaskEntry, command: CommandName, text?: string): void {
    void tools.monitor.send(task.id, command, text).then((result) => {
      if (result.kind === 'refused') tell(words`${task.name}: ${problemText(result.problem)}.`);
      else tell(words`${task.name}: ${command} was sent.`);
    });
  }

  function dismiss(entry: TaskEntry): void {
    if (!hasEnded(entry.task.state.status)) return tell(words`${entry.task.name} has not ended yet.`);
    tools.dismiss((dismissals) => withDismissed(dismissals, tools.monitor.getState(), [entry]));
    tell(words`${entry.task.name} is dismissed until it changes.`);
  }

  return {
    take(raw) {
      const line = raw.trim();
      if (open) {
        if (isRaisedNow) return;
        const then = open;
        open = null;
        return then(line);
      }
      if (line === '') return;
      const [typed = '', ...others] = line.split(/\s+/u);
      const rest = others.join(' ');
      const word = wordOf(typed);
      if (word === 'help') return tell(...HELP);
      if (word === 'list') return numbers.list(rest);
      if (word === 'needs') return numbers.listNeeds();
      if (word === 'quit') return tools.quit();
      if (word === null) return tell(words`${plainName(typed)} is not a command. ${HELP_HINT}`);
      act(word, rest);
    },
  };
}

const HOW_TO_ANSWER = words`Type a number or your own words, then Enter; an empty line leaves it open.`;

/** Returns the command that begins with a word; the first one if there are several. */
function wordOf(typed: string): Word | null {
  if (typed === '?') return 'help';
  return WORDS.find((word) => word.startsWith(typed.toLowerCase())) ?? null;
}

async function readLog({ monitor, tell, signal }: Tools, { task }: TaskEntry): Promise<void> {
  const log = await monitor.log(task.id, { tail: LOG_LINES, follow: false, signal });
  if (log.kind === 'none') return tell(words`${task.name} ${problemText(log.problem)}.`);
  for await (const lines of log.lines) tell(...lines.map(({ text }) => plainLine(text)));
}
