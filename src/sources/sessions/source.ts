import { dirname } from 'node:path';
import type { Clock } from '../../clock.ts';
import { whoAsks } from '../../io/who-asks.ts';
import { writeRefusal } from '../../io/writable.ts';
import type { SourceId } from '../../model/id.ts';
import { createMomentReader } from '../../model/naive-zone.ts';
import { words } from '../../model/text.ts';
import { answerCommand } from '../kit/answer-command.ts';
import { createDecodeMemo } from '../kit/decode-list.ts';
import { createDocumentSource } from '../kit/document-source.ts';
import type { Source } from '../kit/source.ts';
import { applyAnswer } from './apply-answer.ts';
import { changeBoard } from './board.ts';
import { applyWish, dialectOf } from './board-task.ts';
import { userCommands } from './commands.ts';
import { boardTasks, decodeBoard, decodeSessionTask } from './format.ts';
import { userOffers } from './offers.ts';
import { decodeSessions } from './reports.ts';
import type { Dialect } from './words.ts';

/** Shows the tasks of a session board's file. Commands set the user's status in the file itself. */
export function createBoardSource(options: {
  readonly id: SourceId;
  readonly path: string;
  readonly clock: Clock;
}): Source {
  const { path, clock } = options;
  const moments = createMomentReader();
  const memo = createDecodeMemo((raw) => decodeSessionTask(raw, moments.read));
  let dialect: Dialect = 'design';

  return createDocumentSource({
    ...options,
    kind: 'sessions',
    expected: words`tasks of a board: a task, an array of tasks, or {"tasks": […]}`,
    decode(document, modifiedAt) {
      if (moments.look(document, modifiedAt)) memo.forget();
      const board = decodeBoard(document, memo.decode);
      memo.turn();
      if (board) dialect = dialectOf(boardTasks(document)?.tasks ?? []);
      const problem = board?.problem ?? moments.problem;
      return board && { ...board, problem, firstSeenAt: null, changedAt: modifiedAt };
    },
    refusal: () => writeRefusal([path, dirname(path)]),
    offers: (draft, refusal) => userOffers(draft, dialect, refusal, { takesAnswers: true }),
    commands: (find) => ({
      ...userCommands((nativeId, wish, signal) =>
        changeBoard({ path, clock, signal }, (board) =>
          applyWish(board.find(nativeId), wish, {
            dialect: board.dialect,
            nowMs: clock.now(),
            decode: (raw) => decodeSessionTask(raw, moments.read),
            words: board.tasks.flatMap(({ status }) => (typeof status === 'string' ? [status] : [])),
          }),
        ),
      ),
      answer: (nativeId, { signal, argument = '' }) =>
        answerCommand(
          words`answer`,
          changeBoard({ path, clock, signal }, (board) => {
            const task = board.find(nativeId);
            const { read } = moments;
            const answer = { text: argument, by: whoAsks(), at: clock.now() };
            const { dialect, question } = {
              dialect: board.dialect,
              question: find(nativeId)?.question?.text,
            };
            applyAnswer(task, question ?? '', answer, { dialect, read, reports: decodeSessions(task, read) });
          }),
        ),
    }),
  });
}
