import type { TaskStatus } from '../model/task.ts';
import type { Section } from '../store/sections.ts';
import { statusWord } from './count.ts';

/** Returns the heading of a part of the list: `since you looked · 3`. */
export function sectionTitle({ of, key, entries }: Section, dot: string): string {
  const words = titleWords(of, key);
  return words === '' ? '' : `${words} ${dot} ${entries.length}`;
}

function titleWords(of: Section['of'], key: string): string {
  switch (of) {
    case 'missed':
      return 'since you looked';
    case 'others':
      return 'all others';
    case 'status':
      return statusWord(key as TaskStatus);
    case 'source':
      return key;
    case 'all':
      return '';
    default:
      return of satisfies never;
  }
}
