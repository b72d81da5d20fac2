import type { Clock } from '../../clock.ts';
import type { LogStream } from '../../model/log.ts';
import { words } from '../../model/text.ts';
import type { Report, WorkNews } from '../../publish/report.ts';
import { type Answering, answeringOf } from './answering.ts';
import { findPrompt, saysSomething, type TerminalModes } from './find-prompt.ts';
import { type Foreground, lookAtForeground } from './foreground.ts';
import { createUnfinishedLine } from './unfinished-line.ts';

/** A line that has been unfinished for this long may be a prompt. */
const PROMPT_AFTER_MS = 2_000;
/** Without such a line, the command may be asking at its terminal directly, past us. */
const UNSEEN_AFTER_MS = 10_000;
/** While nothing changes, checks become less frequent, down to one in this time. */
const LONGEST_MS = 30_000;
/** An answer that shows nothing, such as a password, is noticed within this time. */
const ANSWERED_WITHIN_MS = 10_000;

/** How prompts are watched for. */
interface PromptOptions {
  readonly clock: Clock;
  readonly look?: () => Promise<Foreground>;
  /** Present if answers can arrive: tells whether one can be typed into the command's terminal. */
  readonly canType?: () => boolean;
}

/** A report that also knows about prompts. */
export interface PromptReport extends Report {
  /** Checks whether the command is still waiting at the prompt that was last reported. If not, the question is withdrawn. */
  isWaiting(): Promise<boolean>;
  /** Reports the question again, if there still is one, because its supposed answer was not one. */
  askAgain(): void;
}

/**
 * Passes everything on to `report`, and also reports that the command waits for a person if it stands at a prompt: what it has
 * printed of the line is the question, until it continues. What the program itself says that it waits for takes precedence.
 */
export function watchPrompts(report: Report, options: PromptOptions): PromptReport {
  const watch = createWatch(report, options);
  return {
    ...report,
    tell: watch.tell,
    output(piece, stream) {
      report.output?.(piece, stream);
      watch.heard(piece, stream);
    },
    complete(result) {
      watch.over();
      return report.complete(result);
    },
    fail(error) {
      watch.over();
      return report.fail(error);
    },
    cancel() {
      watch.over();
      return report.cancel();
    },
    isWaiting: watch.isWaiting,
    askAgain: watch.askAgain,
  };
}

function createWatch(report: Report, { clock, look = lookAtForeground, canType }: PromptOptions) {
  const line = createUnfinishedLine();
  let spoken: WorkNews = {};
  let asked: string | null = null;
  /** The prompt in the current line; what is typed after it is not part of the question. */
  let prompt = '';
  let heardAt = clock.monotonic();
  let waitMs = 0;
  let looks = 0;
  let isOver = process.platform !== 'linux' && look === lookAtForeground;
  let stopTimer: (() => void) | null = null;
  wait();

  function wait(): void {
    stopTimer ??= isOver ? null : clock.after(PROMPT_AFTER_MS, tick);
  }

  function tick(): void {
    stopTimer = null;
    const first = saysSomething(line.text()) ? PROMPT_AFTER_MS : UNSEEN_AFTER_MS;
    const leftMs = heardAt + Math.max(first, waitMs) - clock.monotonic();
    if (leftMs > 0) stopTimer = clock.after(leftMs, tick);
    else void lookNow().then(wait);
  }

  async function lookNow(): Promise<void> {
    looks += 1;
    const own = looks;
    const { processes, modes } = await look().catch((): Foreground => ({ processes: [], modes: null }));
    if (isOver || own !== looks) return;
    const text = line.text();
    const shown = prompt !== '' && text.startsWith(prompt) ? prompt : text;
    const speaksItself = Boolean(spoken.question ?? spoken.idle);
    const facts = { line: shown, screen: line.screen, processes, modes };
    const question = speaksItself ? null : findPrompt(facts);
    if (question !== null) prompt = shown;
    ask(question, modes);
    const silentMs = clock.monotonic() - heardAt;
    waitMs = silentMs + Math.min(silentMs, question === null ? LONGEST_MS : ANSWERED_WITHIN_MS);
  }

  function ask(question: string | null, modes: TerminalModes | null = null): void {
    if (question === asked) return;
    asked = question;
    report.tell(
      question === null || !canType ? { question } : { question, answering: answering(question, modes) },
    );
  }

  function answering(question: string, modes: TerminalModes | null): Answering {
    return canType?.() ? answeringOf(question, modes) : IN_ITS_OWN_TERMINAL;
  }

  function over(): void {
    isOver = true;
    stopTimer?.();
    if (asked !== null) ask(null);
  }

  return {
    over,
    heard(piece: Uint8Array, stream: LogStream): void {
      line.add(piece, stream);
      heardAt = clock.monotonic();
      waitMs = 0;
      looks += 1;
      if (asked !== null) ask(null);
      wait();
    },
    tell(news: WorkNews): void {
      spoken = { ...spoken, ...news };
      if (news.question !== undefined) asked = null;
      report.tell(canType && news.question ? { ...news, answering: IN_ITS_OWN_TERMINAL } : news);
    },
    async isWaiting(): Promise<boolean> {
      const before = asked;
      if (before === null) return false;
      await lookNow();
      return !isOver && asked === before;
    },
    askAgain(): void {
      asked = null;
      void lookNow();
    },
  };
}

const IN_ITS_OWN_TERMINAL: Answering = { choices: [], refusal: words`answer it in its own terminal` };
