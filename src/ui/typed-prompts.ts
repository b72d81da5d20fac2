import type { KeyName } from '../input/event.ts';
import { ANSWER_LIMIT_BYTES } from '../model/answer.ts';
import { joined, type PlainText, words } from '../model/text.ts';
import { cutStart, widthOf } from '../present/fit.ts';
import type { Prompt } from './prompt.ts';
import { editedText } from './text-field.ts';
import type { ViewController } from './view-controller.ts';

type AnswerPrompt = Prompt & { kind: 'answer' };
type PalettePrompt = Prompt & { kind: 'palette' };

/** Returns the answer typed so far, and the choices with their numbers. */
export function answerText({ name, question, text }: AnswerPrompt, width: number): PlainText {
  const choices = question.choices.map((choice, index) => words`${index + 1} ${choice}`);
  const asked = choices.length > 0 ? joined(choices, '  ') : words`${name}: ${question.text}`;
  return fieldText(words`answer: `, text, asked, width);
}

/** Returns a field with the end of what was typed, and as much of a hint beside it as there is room for. */
export function fieldText(label: PlainText, typed: PlainText, hint: PlainText, width: number): PlainText {
  const shown = words`${label}${cutStart(typed, width - label.length - 1)}_`;
  const room = width - widthOf(shown) - GAP;
  return hint === '' || room < Math.min(hint.length, SHORTEST_HINT) ? shown : words`${shown}   ${hint}`;
}

const GAP = 3;
const SHORTEST_HINT = 8;

export function typeAnswer(controller: ViewController, prompt: AnswerPrompt, key: KeyName): void {
  const { id, text } = prompt;
  if (key === 'esc') return leave(controller, words`answer: nothing was sent`);
  if (key === 'enter') {
    if (text.trim() === '') return leave(controller, words`answer: nothing was sent`);
    controller.prompt(null);
    return controller.ask(id, 'answer', text);
  }
  const edited = editedText(text, key, ANSWER_LIMIT_BYTES);
  if (edited !== null) controller.prompt({ ...prompt, text: edited });
}

/** Returns the letters typed so far, and what they match, with the current choice in brackets. */
export function paletteText(
  controller: ViewController,
  { text, at }: PalettePrompt,
  width: number,
): PlainText {
  const items = controller.itemsFor(text);
  const shown = items.map(({ label }, index) => (index === at ? words`[${label}]` : words` ${label} `));
  const found = shown.length > 0 ? joined(shown.slice(at), ' ') : words`nothing has that name`;
  return fieldText(words`:`, text, found, width);
}

export function typePalette(controller: ViewController, prompt: PalettePrompt, key: KeyName): void {
  const { text, at } = prompt;
  if (key === 'esc' || (key === 'backspace' && text === '')) return controller.prompt(null);
  const items = controller.itemsFor(text);
  const choose = (next: number) =>
    controller.prompt({ ...prompt, at: items.length === 0 ? 0 : (next + items.length) % items.length });
  if (key === 'up' || key === 'left') return choose(at - 1);
  if (key === 'down' || key === 'right' || key === 'tab') return choose(at + 1);
  if (key === 'enter') {
    controller.prompt(null);
    return items[at]?.choose(controller);
  }
  const edited = editedText(text, key);
  if (edited !== null) controller.prompt({ ...prompt, text: edited, at: 0 });
}

function leave(controller: ViewController, why: PlainText): void {
  controller.prompt(null);
  controller.notice(why);
}
