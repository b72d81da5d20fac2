import type { KeyName } from '../input/event.ts';
import { plainName } from '../model/text.ts';
import { commandWord } from '../present/command.ts';
import { plural } from '../present/count.ts';
import { signs } from '../present/glyphs.ts';
import type { Desk } from './desk.ts';
import { dismiss, isEnded } from './dismiss.ts';
import type { Prompt } from './view-state.ts';

/** A key pressed while a question is open goes to the question. */
export function answerPrompt(desk: Desk, prompt: Prompt, key: KeyName): void {
  switch (prompt.kind) {
    case 'confirm':
      return answerConfirm(desk, prompt, key);
    case 'dismiss':
      return answerDismiss(desk, prompt, key);
    case 'filter':
      return typeFilter(desk, key);
    case 'status':
      return answerStatus(desk, prompt, key);
    default:
      return prompt satisfies never;
  }
}

/** The question as it stands in the footer. */
export function promptText(prompt: Prompt, { view, sections }: Desk, width: number): string {
  switch (prompt.kind) {
    case 'confirm':
      return `${commandWord(prompt.command)}${prompt.argument ? ` ${prompt.argument} for` : ''} "${prompt.name}"? y/n`;
    case 'dismiss':
      return `dismiss ${plural(prompt.ids.length, 'ended task')}? y/n`;
    case 'filter':
      return `filter: ${view.filter}_   ${plural(sections.entries.length, 'task')}`;
    case 'status':
      return `status: ${choicesText(prompt, width - 'status: '.length)}`;
    default:
      return prompt satisfies never;
  }
}

/** The keys that answer it. */
export function promptKeys(prompt: Prompt, ascii: boolean): string {
  const { up, down } = signs(ascii);
  switch (prompt.kind) {
    case 'confirm':
    case 'dismiss':
      return 'y yes  n no  esc no';
    case 'filter':
      return `enter keep  esc clear  ${up}${down} move`;
    case 'status':
      return `${up}${down} choose  enter set  esc leave`;
    default:
      return prompt satisfies never;
  }
}

/** The chosen one in brackets; where they do not all fit, from it on. */
function choicesText({ choices, at }: Prompt & { kind: 'status' }, width: number): string {
  const shown = choices.map((choice, index) => (index === at ? `[${choice}]` : ` ${choice} `));
  const all = shown.join(' ');
  return all.length <= width ? all : `${at > 0 ? '… ' : ''}${shown.slice(at).join(' ')}`;
}

function answerConfirm(desk: Desk, prompt: Prompt & { kind: 'confirm' }, key: KeyName): void {
  const answer = yesOrNo(key);
  if (answer === null) return;
  desk.prompt(null);
  if (answer === 'yes') desk.ask(prompt.id, prompt.command, prompt.argument);
  else desk.notice(`${commandWord(prompt.command)}: left alone`);
}

/** What has moved on since it was asked is not put away. */
function answerDismiss(desk: Desk, { ids }: Prompt & { kind: 'dismiss' }, key: KeyName): void {
  const answer = yesOrNo(key);
  if (answer === null) return;
  desk.prompt(null);
  if (answer === 'no') return desk.notice('dismiss: left alone');
  const asked = new Set(ids);
  const entries = desk.sections.entries.filter((entry) => asked.has(entry.task.id) && isEnded(entry));
  if (entries.length === 0) return desk.notice('dismiss: all of them have moved on');
  dismiss(desk, entries);
}

function yesOrNo(key: KeyName): 'yes' | 'no' | null {
  if (key === 'y' || key === 'Y') return 'yes';
  return ['n', 'N', 'esc', 'enter', 'q'].includes(key) ? 'no' : null;
}

function typeFilter(desk: Desk, key: KeyName): void {
  const { filter } = desk.view;
  if (key === 'enter') {
    if (filter !== '') desk.pin();
    return desk.prompt(null);
  }
  if (key === 'up' || key === 'down') return desk.move(key === 'up' ? -1 : 1);
  if (key === 'esc') {
    desk.change({ type: 'filtered', filter: '' });
    return desk.prompt(null);
  }
  if (key === 'ctrl-u') return desk.change({ type: 'filtered', filter: '' });
  if (key === 'ctrl-w') return desk.change({ type: 'filtered', filter: filter.replace(/\S+\s*$/u, '') });
  if (key === 'backspace') {
    if (filter === '') return desk.prompt(null);
    return desk.change({ type: 'filtered', filter: [...filter].slice(0, -1).join('') });
  }
  if ([...key].length === 1) addToFilter(desk, key === ' ' ? ' ' : plainName(key));
}

const LONGEST_FILTER = 200;

/** Adds as much of a plain text as a filter holds. */
export function addToFilter(desk: Desk, text: string): void {
  const filter = (desk.view.filter + text).slice(0, LONGEST_FILTER).toWellFormed();
  desk.change({ type: 'filtered', filter });
}

function answerStatus(desk: Desk, prompt: Prompt & { kind: 'status' }, key: KeyName): void {
  const count = prompt.choices.length;
  const choose = (at: number) => desk.prompt({ ...prompt, at: (at + count) % count });
  if (key === 'esc' || key === 'q') return desk.prompt(null);
  if (key === 'up' || key === 'left' || key === 'k' || key === 'h') return choose(prompt.at - 1);
  if (key === 'down' || key === 'right' || key === 'j' || key === 'l' || key === 't')
    return choose(prompt.at + 1);
  const choice = prompt.choices[prompt.at];
  if (key !== 'enter' || choice === undefined) return;
  const { id, name } = prompt;
  if (prompt.asksBack.includes(choice))
    return desk.prompt({ kind: 'confirm', command: 'setStatus', id, name, argument: choice });
  desk.prompt(null);
  desk.ask(id, 'setStatus', choice);
}
