import type { Clock } from '../../clock.ts';
import type { SourceId } from '../../model/id.ts';
import { words } from '../../model/text.ts';
import { createDocumentSource } from '../kit/document-source.ts';
import type { Source } from '../kit/source.ts';
import { type Checklist, checklistTask, noBoxes, readChecklist } from './format.ts';
import { createTicks } from './ticks.ts';

/** So long after a tick somebody is taken to be at it still: an agent's task takes some minutes. */
const LATELY_MS = 15 * 60_000;

/** Shows a Markdown checklist as one task, its boxes as steps. Nothing can be asked of it. */
export function createChecklistSource(options: {
  readonly id: SourceId;
  readonly path: string;
  readonly clock: Clock;
}): Source {
  const { path, clock } = options;
  const ticks = createTicks();
  let isActive = false;

  /** Returns for how long somebody is still taken to be at it, ms. */
  const activeForMs = () => (ticks.lastTickAt === null ? 0 : ticks.lastTickAt + LATELY_MS - clock.now());

  /** Calls `onQuiet` once nobody is taken to be at it any more; later if the clock is set back meanwhile. */
  function whenQuiet(onQuiet: () => void): () => void {
    let cancel = () => {};
    const look = () => {
      const leftMs = activeForMs();
      if (leftMs > 0) cancel = clock.after(leftMs, look);
      else onQuiet();
    };
    look();
    return () => cancel();
  }

  return createDocumentSource({
    ...options,
    kind: 'checklist',
    expected: words`boxes`,
    parse(text) {
      const checklist = readChecklist(text, path);
      return checklist ? { value: checklist } : { explain: () => noBoxes(path) };
    },
    decode(document, writtenAt) {
      const checklist = document as Checklist;
      // A file server's clock may be ahead of ours.
      const modifiedAt = Math.min(writtenAt, clock.now());
      ticks.look(checklist.boxes, modifiedAt);
      isActive = activeForMs() > 0;
      const task = checklistTask(checklist, path, {
        times: ticks.timesOf,
        lastTickAt: ticks.lastTickAt,
        isActive,
        modifiedAt,
      });
      return { tasks: [task], problem: checklist.problem, firstSeenAt: null, changedAt: modifiedAt };
    },
    watch(_document, onOutdated) {
      return isActive ? whenQuiet(onOutdated) : () => {};
    },
    refusal: async () => null,
    offers: () => [],
    commands: () => ({}),
  });
}
