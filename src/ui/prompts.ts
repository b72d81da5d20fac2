import type { KeyName } from '../input/event.ts';
import { joined, type PlainText, plainName, words } from '../model/text.ts';
import { commandWord } from '../present/command.ts';
import { plural } from '../present/count.ts';
import { signs } from '../present/glyphs.ts';
import { dismiss, isEnded } from './dismiss.ts';
import type { ViewController } from './view-controller.ts';
import type { Prompt } from './view-state.ts';

/** Gives a key that is pressed while a question is open to that question. */
export function answerPrompt(controller: ViewController, prompt: Prompt, key: KeyName): void {
  switch (prompt.kind) {
    case 'confirm':
      return answerConfirm(controller, prompt, key);
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
export function promptText(prompt: Prompt, { view, sections }: ViewController, width: number): PlainText {
  switch (prompt.kind) {
    case 'confirm':
      return words`${commandWord(prompt.command)}${prompt.argument ? words` ${prompt.argument} for` : ''} "${prompt.name}"? y/n`;
    case 'dismiss':
      return words`dismiss ${plural(prompt.ids.length, 'ended task')}? y/n`;
    case 'filter':
      return words`filter: ${view.filter}_   ${plural(sections.entries.length, 'task')}`;
    case 'search':
      return words`search: ${view.log.search}_`;
    case 'status':
      return words`status: ${choicesText(prompt, width - 'status: '.length)}`;
    default:
      return prompt satisfies never;
  }
}

/** Returns the keys that answer it. */
export function promptKeys(prompt: Prompt, ascii: boolean): PlainText {
  const { up, down } = signs(ascii);
  switch (prompt.kind) {
    case 'confirm':
    case 'dismiss':
      return words`y yes  n no  esc no`;
    case 'filter':
      return words`enter keep  esc clear  ${up}${down} move`;
    case 'search':
      return words`enter keep, then n and N  esc clear`;
    case 'status':
      return words`${up}${down} choose  enter set  esc leave`;
    default:
      return prompt satisfies never;
  }
}

/** Returns the choices, with the chosen one in brackets; if not all fit, starting from that one. */
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

/** Searches as it is typed, from the end on. */
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

/** A typed text after a key; null if the key is none for typing. */
function editedText(text: PlainText, key: KeyName): PlainText | null {
  if (key === 'ctrl-u') return words``;
  if (key === 'ctrl-w') return text.slice(0, text.length - (/\S+\s*$/u.exec(text)?.[0].length ?? 0));
  if (key === 'backspace') return text.slice(0, -([...text].at(-1)?.length ?? 1));
  return [...key].length === 1 ? withAdded(text, key === ' ' ? words` ` : plainName(key)) : null;
}

const LONGEST_FILTER = 200;

/** Adds as much of a plain text as a filter, or what is searched for, holds. */
export function addToField(controller: ViewController, text: PlainText): void {
  const { view, change } = controller;
  if (view.prompt?.kind === 'filter') change({ type: 'filtered', filter: withAdded(view.filter, text) });
  else change({ type: 'log-shown', log: { search: withAdded(view.log.search, text) } });
}

function withAdded(text: PlainText, added: PlainText): PlainText {
  return words`${text}${added}`.slice(0, LONGEST_FILTER).toWellFormed();
}

/** Tells whether a prompt takes text. */
export function isField(prompt: Prompt | null): boolean {
  return prompt?.kind === 'filter' || prompt?.kind === 'search';
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
