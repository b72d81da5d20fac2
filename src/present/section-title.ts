import type { TaskStatus } from '../model/task.ts';
import { type PlainText, plainName, words } from '../model/text.ts';
import type { Section } from '../store/sections.ts';
import { statusWord } from './count.ts';
import { cut } from './fit.ts';
import { signs } from './glyphs.ts';
import { BLANK_LINE, type Line, textLine } from './line.ts';
import type { RenderContext } from './render-context.ts';

/** In fewer lines, none is left blank. */
const ROOMY = 14;

/** Returns how many lines the heading of a section takes in a list of `height` lines. */
export function headingSize({ of }: Section, height: number): number {
  if (of === 'all') return 0;
  return of === 'ended' && height >= ROOMY ? 2 : 1;
}

/** Returns how many lines all headings take. */
export function headingsSize(sections: readonly Section[], height: number): number {
  return sections.reduce((sum, section) => sum + headingSize(section, height), 0);
}

/** Returns the heading of a section of the list: `running · 3`, `ended`. */
export function headingLines(section: Section, height: number, { ascii, width }: RenderContext): Line[] {
  const size = headingSize(section, height);
  if (size === 0) return [];
  const title = textLine(cut(words`  ${sectionTitle(section, signs(ascii).dot)}`, width, ascii), 'dim');
  return size > 1 ? [BLANK_LINE, title] : [title];
}

function sectionTitle({ of, key, length }: Section, dot: PlainText): PlainText {
  if (of === 'ended') return words`ended`;
  const title = of === 'status' ? statusWord(key as TaskStatus) : plainName(key);
  return words`${title} ${dot} ${length}`;
}
