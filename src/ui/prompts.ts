import type { KeyName } from '../input/event.ts';
import { ANSWER_LIMIT_BYTES } from '../model/answer.ts';
import { joined, type PlainText, words } from '../model/text.ts';
import { commandWord } from '../present/command.ts';
import { plural } from '../present/count.ts';
import { signs } from '../present/glyphs.ts';
import { dismiss, isEnded } from './dismiss.ts';
import { sendToAll } from './marks.ts';
import type { Prompt } from './prompt.ts';
import { editedText, withAdded } from './text-field.ts';
import { answerText, fieldText, paletteText, typeAnswer, typePalette } from './typed-prompts.ts';
import type { ViewController } from './view-controller.ts';

/** Passes a key to the open question. */
export function answerPrompt(controller: ViewController, prompt: Prompt, key: KeyName): void {
  switch (prompt.kind) {
    case 'confirm':
      return answerConfirm(controller, prompt, key);
    case 'confirm-all':
      return answerConfirmAll(controller, prompt, key);
    case 'answer':
      return typeAnswer(controller, prompt, key);
    case 'palette':
      return typePalette(controller, prompt, key);
    case 'dismiss':
      return answerDismiss(controller, prompt, key);
    case 'filter':
      return typeFilter(controller, key);
    case 'search':
      return typeSearch(controller, key);
    case 'status':
      return answerStatus(controller, prompt, key);
    default:
      return prompt satisfies never;
  }
}

/** Returns the question as the footer shows it. */
export function promptText(prompt: Prompt, controller: ViewController, width: number): PlainText {
  const { view, sections } = controller;
  switch (prompt.kind) {
    case 'confirm':
      return words`${commandWord(prompt.command)}${prompt.argument ? words` ${prompt.argument} for` : ''} "${prompt.name}"? y/n`;
    case 'confirm-all':
      return words`${commandWord(prompt.command)} ${plural(prompt.ids.length, 'task')}${leftOut(prompt)}? y/n`;
    case 'answer':
      return answerText(prompt, width);
    case 'palette':
      return paletteText(controller, prompt, width);
    case 'dismiss':
      return words`dismiss ${plural(prompt.ids.length, 'ended task')}? y/n`;
    case 'filter':
      return fieldText(words`filter: `, view.filter, plural(sections.entries.length, 'task'), width);
    case 'search':
      return fieldText(words`search: `, view.log.search, words``, width);
    case 'status':
      return words`status: ${choicesText(prompt, width - 'status: '.length)}`;
    default:
      return prompt satisfies never;
  }
}

/** Returns the keys that answer it, each with what it does: `enter send`. */
export function promptKeys(prompt: Prompt, { keyOf }: ViewController, ascii: boolean): readonly PlainText[] {
  const { up, down } = signs(ascii);
  switch (prompt.kind) {
    case 'confirm':
    case 'confirm-all':
    case 'dismiss':
      return [words`y yes`, words`n no`, words`esc no`];
    case 'filter':
      return [words`enter keep`, words`esc clear`, words`${up}${down} move`];
    case 'search':
      return [
        words`enter keep, then ${keyOf('next-match')} and ${keyOf('previous-match')}`,
        words`esc clear`,
      ];
    case 'answer':
      return [...choiceKeys(prompt.question.choices.length), words`enter send`, words`esc leave`];
    case 'palette':
      return [words`${up}${down} choose`, words`enter go`, words`esc leave`];
    case 'status':
      return [words`${up}${down} choose`, words`enter set`, words`esc leave`];
    default:
      return prompt satisfies never;
  }
}

/** Returns the numbers that select a choice; any other text is an answer, too. */
function choiceKeys(count: number): PlainText[] {
  if (count === 0) return [];
  return [count === 1 ? words`1 or text` : words`1-${count} or text`];
}

/** Returns the choices, with the chosen one in brackets; if not all fit, beginning with that one. */
function choicesText({ choices, at }: Prompt & { kind: 'status' }, width: number): PlainText {
  const shown = choices.map((choice, index) => (index === at ? words`[${choice}]` : words` ${choice} `));
  const all = joined(shown, ' ');
  return all.length <= width ? all : words`${at > 0 ? '… ' : ''}${joined(shown.slice(at), ' ')}`;
}

function answerConfirm(controller: ViewController, prompt: Prompt & { kind: 'confirm' }, key: KeyName): void {
  const answer = yesOrNo(key);
  if (answer === null) return;
  controller.prompt(null);
  if (answer === 'yes') controller.ask(prompt.id, prompt.command, prompt.argument);
  else controller.notice(words`${commandWord(prompt.command)}: not sent`);
}

/** Dismisses the tasks that the question was about, except those that have started again since. */
function answerDismiss(
  controller: ViewController,
  { ids }: Prompt & { kind: 'dismiss' },
  key: KeyName,
): void {
  const answer = yesOrNo(key);
  if (answer === null) return;
  controller.prompt(null);
  if (answer === 'no') return controller.notice(words`dismiss: nothing was dismissed`);
  const asked = new Set(ids);
  const entries = controller.sections.entries.filter((entry) => asked.has(entry.task.id) && isEnded(entry));
  if (entries.length === 0) return controller.notice(words`dismiss: these tasks have started again`);
  dismiss(controller, entries);
}

function answerConfirmAll(
  controller: ViewController,
  { command, ids }: Prompt & { kind: 'confirm-all' },
  key: KeyName,
): void {
  const answer = yesOrNo(key);
  if (answer === null) return;
  controller.prompt(null);
  if (answer === 'yes') void sendToAll(controller, command, ids);
  else controller.notice(words`${commandWord(command)}: not sent`);
}

/** Says if some marked tasks are left out because the command does not apply to them. */
function leftOut({ ids, marked }: Prompt & { kind: 'confirm-all' }): PlainText {
  return marked > ids.length ? words` (of ${marked} marked)` : words``;
}

function longestOf(prompt: Prompt): number | undefined {
  return prompt.kind === 'answer' ? ANSWER_LIMIT_BYTES : undefined;
}

function yesOrNo(key: KeyName): 'yes' | 'no' | null {
  if (key === 'y' || key === 'Y') return 'yes';
  return ['n', 'N', 'esc', 'enter', 'q'].includes(key) ? 'no' : null;
}

function typeFilter(controller: ViewController, key: KeyName): void {
  const { filter } = controller.view;
  if (key === 'enter') {
    if (filter !== '') controller.pin();
    return controller.prompt(null);
  }
  if (key === 'up' || key === 'down') return controller.move(key === 'up' ? -1 : 1);
  if (key === 'esc') {
    controller.change({ type: 'filtered', filter: words`` });
    return controller.prompt(null);
  }
  if (key === 'backspace' && filter === '') return controller.prompt(null);
  const edited = editedText(filter, key);
  if (edited !== null) controller.change({ type: 'filtered', filter: edited });
}

/** Edits what to search for. Enter goes to the previous match, or to the last one while the end of the log is followed. */
function typeSearch(controller: ViewController, key: KeyName): void {
  const { search } = controller.view.log;
  if (key === 'enter') {
    controller.prompt(null);
    if (search !== '') controller.logPane.find(-1);
    return;
  }
  if (key === 'esc' || (key === 'backspace' && search === '')) {
    controller.change({ type: 'log-shown', log: { search: words`` } });
    return controller.prompt(null);
  }
  const edited = editedText(search, key);
  if (edited !== null) controller.change({ type: 'log-shown', log: { search: edited } });
}

/** Adds as much of a plain text as fits into the open field. */
export function addToField(controller: ViewController, text: PlainText): void {
  const { view, change } = controller;
  const { prompt } = view;
  if (prompt?.kind === 'answer' || prompt?.kind === 'palette')
    return controller.prompt({ ...prompt, text: withAdded(prompt.text, text, longestOf(prompt)) });
  if (view.prompt?.kind === 'filter') change({ type: 'filtered', filter: withAdded(view.filter, text) });
  else change({ type: 'log-shown', log: { search: withAdded(view.log.search, text) } });
}

const FIELDS: ReadonlySet<Prompt['kind']> = new Set(['filter', 'search', 'answer', 'palette']);

/** Tells whether a prompt accepts text. */
export function isField(prompt: Prompt | null): boolean {
  return prompt !== null && FIELDS.has(prompt.kind);
}

function answerStatus(controller: ViewController, prompt: Prompt & { kind: 'status' }, key: KeyName): void {
  const count = prompt.choices.length;
  const choose = (at: number) => controller.prompt({ ...prompt, at: (at + count) % count });
  if (key === 'esc' || key === 'q') return controller.prompt(null);
  if (key === 'up' || key === 'left' || key === 'k' || key === 'h') return choose(prompt.at - 1);
  if (key === 'down' || key === 'right' || key === 'j' || key === 'l' || key === 't')
    return choose(prompt.at + 1);
  const choice = prompt.choices[prompt.at];
  if (key !== 'enter' || choice === undefined) return;
  const { id, name } = prompt;
  if (prompt.asksBack.includes(choice))
    return controller.prompt({ kind: 'confirm', command: 'setStatus', id, name, argument: choice });
  controller.prompt(null);
  controller.ask(id, 'setStatus', choice);
}
