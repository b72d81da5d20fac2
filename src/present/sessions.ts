import type { Session, Task } from '../model/task.ts';
import { joined, type PlainText, plainName, words } from '../model/text.ts';
import type { TaskEntry } from '../store/state.ts';
import { type Columns, PARTS, ROW_LEAD, spanOf } from './columns.ts';
import { plural } from './count.ts';
import { elapsedText } from './duration.ts';
import { alignLeft, alignRight, blanks, widthOf, wrap } from './fit.ts';
import { type Glyph, taskGlyph } from './glyphs.ts';
import { type Line, line, NEVER, segment, type TimedText, textLine } from './line.ts';
import { firstLine } from './now.ts';
import type { RenderContext } from './render-context.ts';
import { withGaps } from './row.ts';

/** Returns a task's sessions as rows below its own, in the same columns: name, status and note, and how old they are. */
export function sessionRows(
  entry: TaskEntry,
  columns: Columns,
  context: RenderContext,
  room: number,
): Line[] {
  const { sessions } = entry.task;
  if (room <= 0) return [];
  if (sessions.length <= room) return sessions.map((session) => sessionRow(session, entry, columns, context));
  const shown = Math.max(1, room - 1);
  const rows = sessions.slice(0, shown).map((session) => sessionRow(session, entry, columns, context));
  const more = plural(sessions.length - shown, 'more session');
  return room > 1 ? [...rows, textLine(words`${blanks(ROW_LEAD + 2)}${more}`, 'dim')] : rows;
}

function sessionRow(session: Session, entry: TaskEntry, columns: Columns, context: RenderContext): Line {
  const glyph = sessionGlyph(session, entry.newsCount, context);
  const age = sessionAge(session, context);
  const note = firstLine(session.notes);
  const says =
    note === '' || isToldAbove(note, entry.task) ? session.status : words`${session.status}: ${note}`;
  const name = session.name ?? plainName(session.id);
  const width = Math.max(1, spanOf(columns, PARTS.name) - 2);
  const said = spanOf(columns, [...PARTS.now, ...PARTS.figures]);
  const time = spanOf(columns, PARTS.times);
  const cells =
    columns.now > 0
      ? [
          [segment(alignLeft(name, width, context.ascii))],
          [segment(alignLeft(says, said, context.ascii), glyph.tone)],
        ]
      : [
          [
            segment(
              alignLeft(
                withName(says, name, width + columns.gap + said),
                width + columns.gap + said,
                context.ascii,
              ),
            ),
          ],
        ];
  return line(
    [
      segment(blanks(ROW_LEAD)),
      segment(words`${glyph.text} `, glyph.tone),
      ...withGaps([...cells, [segment(alignRight(age.text, time), 'dim')]], columns.gap),
    ],
    age.until,
  );
}

/** Tells whether the task's own row already says the same. */
function isToldAbove(note: PlainText, { question, state }: Task): boolean {
  const reason = 'reason' in state ? state.reason : null;
  return [question?.text ?? null, reason].some((text) => firstLine(text) === note);
}

/** Returns what a session says, with its name if there is room for both. */
function withName(says: PlainText, name: PlainText, room: number): PlainText {
  const both = words`${says}  ${name}`;
  return widthOf(both) <= room ? both : says;
}

/** Returns a task's sessions for its details, in columns: the status, its age, and the whole note. */
export function sessionLines({ task, newsCount }: TaskEntry, context: RenderContext): Line[] {
  const rows = task.sessions.map((session) => ({
    session,
    name: session.name ?? plainName(session.id),
    age: sessionAge(session, context),
    glyph: sessionGlyph(session, newsCount, context),
  }));
  const widest = (texts: readonly PlainText[]) => Math.min(20, Math.max(0, ...texts.map(widthOf)));
  const nameWidth = widest(rows.map(({ name }) => name));
  const statusWidth = widest(rows.map(({ session }) => session.status));
  const ageWidth = widest(rows.map(({ age }) => age.text));
  const hasGlyphs = rows.some(({ session }) => session.meaning !== undefined);
  const lead = blanks(hasGlyphs ? 4 : 2);
  return rows.flatMap(({ session, name, age, glyph }) => {
    const cells = [
      alignLeft(name, nameWidth, context.ascii),
      alignLeft(session.status, statusWidth, context.ascii),
      alignRight(age.text, ageWidth),
      session.notes ?? words``,
    ];
    return wrap(joined(cells, '  ').trimEnd(), context.width - lead.length).map((text, index) =>
      line(
        [segment(index === 0 && hasGlyphs ? words`  ${glyph.text} ` : lead, glyph.tone), segment(text)],
        age.until,
      ),
    );
  });
}

/** Returns the sign for the status that a session's word means; a blank if it means none. */
function sessionGlyph({ meaning }: Session, newsCount: number, context: RenderContext): Glyph {
  return meaning === undefined
    ? { text: words` `, tone: 'dim' }
    : taskGlyph(meaning, newsCount, context.ascii);
}

/** Returns `4m ago`; empty if the time is unknown. */
function sessionAge({ updatedAt }: Session, { nowMs }: RenderContext): TimedText {
  if (updatedAt === null) return { text: words``, until: NEVER };
  const { text, until } = elapsedText(updatedAt, nowMs);
  return { text: words`${text} ago`, until };
}
