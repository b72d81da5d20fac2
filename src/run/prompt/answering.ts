import { type PlainText, words } from '../../model/text.ts';
import type { TerminalModes } from './find-prompt.ts';

/** How a question of the command can be answered from elsewhere: with which choices, or why not. */
export interface Answering {
  readonly choices: readonly string[];
  /** null if an answer can be typed. */
  readonly refusal: PlainText | null;
}

/** A prompt that offers its answers in the last brackets of the line: `[Y/n]`, `(yes/no/[fingerprint])`. */
const OFFERED = /[([]\s*([\p{L}\p{N}]+(?:\s*[/|,]\s*\[?[\p{L}\p{N}]+\]?)*)\s*[)\]][?:›❯\s]*$/u;
const YES_OR_NO = /^(?:y|yes|n|no)$/iu;
const SECRET = /pass(?:word|phrase|code)|secret|token|\bpin\b|\botp\b|verification code|private key/iu;
/** A terminal in line mode accepts no more in one line. */
const LONGEST_LINE_BYTES = 4_000;

/**
 * Tells how a prompt can be answered. If the input is not echoed, or the words ask for a secret, it must be typed in its own
 * terminal, because an answer from elsewhere is kept, and seen by others. If a program reads single keys, it is not known what
 * it does with a text, unless it asks for yes or no.
 */
export function answeringOf(question: string, modes: TerminalModes | null): Answering {
  const choices = choicesIn(question);
  const isYesOrNo = choices.some((choice) => YES_OR_NO.test(choice));
  const refuse = (refusal: PlainText): Answering => ({ choices: [], refusal });
  if (SECRET.test(question) || (modes?.isByLine && !modes.isEchoed))
    return refuse(words`it asks for a secret: type it in its own terminal`);
  if (modes === null)
    return refuse(words`it is not known how it reads an answer: type it in its own terminal`);
  if (!modes.isByLine && !isYesOrNo)
    return refuse(words`it reads single keys: answer it in its own terminal`);
  return { choices, refusal: null };
}

function choicesIn(question: string): string[] {
  const offered = OFFERED.exec(question)?.[1]?.split(/\s*[/|,]\s*/u) ?? [];
  const choices = offered.map((choice) => choice.replace(/[[\]]/gu, ''));
  // A single word in brackets is a default, or a remark.
  return choices.length > 1 || YES_OR_NO.test(choices[0] ?? '') ? choices : [];
}

/** Returns the bytes to type for an answer, with the key that ends it; null if it cannot be one line. */
export function typedAnswer(text: string): Buffer | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be typed
  if (text.trim() === '' || /[\u0000-\u001f\u007f-\u009f]/u.test(text)) return null;
  const line = Buffer.from(`${text}\r`);
  return line.length <= LONGEST_LINE_BYTES ? line : null;
}
