import { dirname } from 'node:path';
import type { Clock } from '../../clock.ts';
import { parseJson } from '../../io/json-text.ts';
import { readWhole } from '../../io/read-file.ts';
import { decodeText } from '../../io/text-encoding.ts';
import { watchFile } from '../../io/watch-file.ts';
import { writeRefusal } from '../../io/writable.ts';
import type { SourceId } from '../../model/id.ts';
import { jsonObject } from '../../model/json.ts';
import { words } from '../../model/text.ts';
import { answerCommand } from '../kit/answer-command.ts';
import { createDocumentSource } from '../kit/document-source.ts';
import type { CommandHandler, Source } from '../kit/source.ts';
import { changeTask, type Wish } from './change.ts';
import { decodeTaskMaster } from './format.ts';
import { statePathOf } from './lists.ts';

/** Shows the tasks of a task-master project's current tag. Cancel and retry change the file under the program's lock. */
export function createTaskMasterSource(options: {
  readonly id: SourceId;
  readonly path: string;
  readonly clock: Clock;
}): Source {
  const { path, clock } = options;
  const statePath = statePathOf(path);
  /** The tag that the program works on, and the one whose tasks are shown. */
  let current: string | null = null;
  let tag: string | null = null;

  const asking =
    (wish: Wish): CommandHandler =>
    (nativeId, { signal }) =>
      answerCommand(words`${wish}`, changeTask({ path, clock, signal, tag }, nativeId, wish));

  return createDocumentSource({
    ...options,
    kind: 'task-master',
    expected: words`task-master's list: {"master": {"tasks": […]}}, or {"tasks": […]}`,
    async decode(document, modifiedAt) {
      current = await readCurrentTag(statePath, current);
      const reading = decodeTaskMaster(document, current);
      if (reading) tag = reading.tag;
      return reading && { ...reading, firstSeenAt: null, changedAt: modifiedAt };
    },
    watch(_document, onOutdated) {
      const watching = watchFile(statePath, onOutdated);
      return () => watching.close();
    },
    refusal: () => writeRefusal([path, dirname(path)]),
    commands: () => ({ cancel: asking('cancel'), retry: asking('retry') }),
  });
}

/** Returns the tag that the program works on; null if it has recorded none, and `before` if it is just recording one. */
async function readCurrentTag(statePath: string, before: string | null): Promise<string | null> {
  const found = await readWhole(statePath);
  if ('problem' in found) return null;
  const parsed = parseJson(decodeText(found.bytes));
  if (!('value' in parsed)) return before;
  const tag = jsonObject(parsed.value)?.currentTag;
  return typeof tag === 'string' && tag !== '' ? tag : null;
}
