import type { TaskStatus } from '../model/task.ts';
import { type PlainText, plainName, words } from '../model/text.ts';
import type { Section } from '../store/sections.ts';
import { statusWord } from './count.ts';

/** Returns the heading of a part of the list: `since you looked · 3`. */
export function sectionTitle({ of, key, entries }: Section, dot: PlainText): PlainText {
  const title = titleWords(of, key);
  return title === '' ? words`` : words`${title} ${dot} ${entries.length}`;
}

function titleWords(of: Section['of'], key: string): PlainText {
  switch (of) {
    case 'missed':
      return words`since you looked`;
    case 'others':
      return words`all others`;
    case 'status':
      return statusWord(key as TaskStatus);
    case 'source':
      return plainName(key);
    case 'all':
      return words``;
    default:
      return of satisfies never;
  }
}
