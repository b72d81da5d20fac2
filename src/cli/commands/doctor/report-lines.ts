import type { DoctorReport } from '../../../model/doctor-report.ts';
import { type PlainText, plainName, words } from '../../../model/text.ts';
import { plural } from '../../../present/count.ts';
import { alignLeft, blanks, wrap } from '../../../present/fit.ts';
import { taskGlyph } from '../../../present/glyphs.ts';
import { type Line, line, type Segment, segment, textLine } from '../../../present/line.ts';

type Finding = DoctorReport['checks'][number];

const NAME_WIDTH = 13;
/** A sign, a blank, a name and a blank. */
const INDENT = NAME_WIDTH + 3;
/** Words in a narrower column are hard to read. */
const NARROWEST = 20;

/** Returns a report for people: a line for each check, with advice below those that found something, and a summary. */
export function reportLines(
  { checks, problems, warnings }: DoctorReport,
  { width, ascii }: { readonly width: number; readonly ascii: boolean },
): Line[] {
  const lines = checks.flatMap((finding, at) =>
    findingLines(finding, { isSame: checks[at - 1]?.name === finding.name, width, ascii }),
  );
  const sum = words`${plural(problems, 'problem')}, ${plural(warnings, 'warning')}`;
  return [...lines, textLine(words``), textLine(sum, problems > 0 ? 'bad' : warnings > 0 ? 'wait' : 'ok')];
}

function findingLines(
  { name, status, message, hint }: Finding,
  { isSame, width, ascii }: { readonly isSame: boolean; readonly width: number; readonly ascii: boolean },
): Line[] {
  const room = Math.max(NARROWEST, width - INDENT);
  const said = wrap(plainName(message), room);
  const toDo = hint === null ? [] : wrap(words`${ascii ? '->' : '→'} ${plainName(hint)}`, room);
  const head: Segment[] = [
    segment(words`${signOf(status, ascii).text} `, signOf(status, ascii).tone),
    segment(words`${alignLeft(isSame ? words`` : plainName(name), NAME_WIDTH)} `, 'dim'),
  ];
  return [
    line([...head, segment(said[0] ?? words``)]),
    ...said.slice(1).map((text) => indented(text)),
    ...toDo.map((text) => indented(text)),
  ];
}

function indented(text: PlainText): Line {
  return line([segment(blanks(INDENT)), segment(text)]);
}

function signOf(status: Finding['status'], ascii: boolean) {
  if (status === 'warning') return { text: words`!`, tone: 'wait' } as const;
  return taskGlyph(status === 'ok' ? 'completed' : 'failed', 0, ascii);
}
