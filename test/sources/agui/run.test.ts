import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { overallProgress } from '../../../src/model/progress.ts';
import type { Task } from '../../../src/model/task.ts';
import { words } from '../../../src/model/text.ts';
import { readAguiEvent } from '../../../src/sources/agui/format.ts';
import { advanceRun, doingOf, type RunEvent, startRun } from '../../../src/sources/agui/run.ts';
import { runTask } from '../../../src/sources/agui/run-task.ts';
import { createStreamState } from '../../../src/sources/agui/stream-state.ts';

const started: RunEvent = { type: 'RUN_STARTED', threadId: 't', runId: 'r' };

function runAfter(...events: RunEvent[]) {
  return events.reduce((run, event) => advanceRun(run, event, 2_000), startRun(started, 1_000));
}
const taskAfter = (...events: RunEvent[]) => runTask(runAfter(...events), words`agent`, null);

describe('what a run does', () => {
  const search = { type: 'TOOL_CALL_START', toolCallId: 'c1', toolCallName: 'search' };
  const plan = (status: string) => ({
    type: 'ACTIVITY_SNAPSHOT',
    messageId: 'a1',
    activityType: 'PLAN',
    content: {
      steps: [
        { title: 'Read', status: 'done' },
        { title: 'Write', status },
      ],
    },
  });
  it.each<[string, RunEvent[], string | null]>([
    ['the tool that it uses', [search], 'search'],
    [
      'the tool of a chunk',
      [{ type: 'TOOL_CALL_CHUNK', toolCallId: 'c1', toolCallName: 'search', delta: '{' }],
      'search',
    ],
    [
      'nothing, once the tool has answered',
      [search, { type: 'TOOL_CALL_RESULT', toolCallId: 'c1', content: 'ok' }],
      null,
    ],
    ['the part of its plan that is under way', [plan('in_progress')], 'Write'],
    [
      'that part after a change of the plan',
      [
        plan('pending'),
        {
          type: 'ACTIVITY_DELTA',
          messageId: 'a1',
          activityType: 'PLAN',
          patch: [{ op: 'replace', path: '/steps/1/status', value: 'running' }],
        },
      ],
      'Write',
    ],
    [
      'the kind of an activity that says no more',
      [{ type: 'ACTIVITY_SNAPSHOT', messageId: 'a', activityType: 'SEARCH', content: {} }],
      'SEARCH',
    ],
    [
      'the last line of its text',
      [
        { type: 'TEXT_MESSAGE_START', messageId: 'm' },
        { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm', delta: 'First.\nAnd ' },
        { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm', delta: 'then\u001b[2J' },
      ],
      'And then',
    ],
  ])('is %s', (_what, events, words) => {
    expect(doingOf(runAfter(...events))).toBe(words);
  });
});

describe('the steps of a run', () => {
  const step = (type: string, stepName: string, subagentRunId?: string) => ({
    type,
    stepName,
    subagentRunId,
  });

  it('of one name are two if two agents take them, or one takes it twice', () => {
    const { steps } = taskAfter(
      step('STEP_STARTED', 'tools'),
      step('STEP_STARTED', 'tools', 'sub'),
      step('STEP_FINISHED', 'tools', 'sub'),
      step('STEP_FINISHED', 'tools'),
      step('STEP_STARTED', 'tools'),
    );
    expect(steps.map(({ status }) => status)).toEqual(['completed', 'completed', 'running']);
  });

  it('are never all there is before the run has ended', () => {
    const events = [
      step('STEP_STARTED', 'a'),
      step('STEP_FINISHED', 'a'),
      step('STEP_STARTED', 'b'),
      step('STEP_FINISHED', 'b'),
    ];
    for (let count = 1; count <= events.length; count += 1)
      expect(overallProgress(taskAfter(...events.slice(0, count)) as unknown as Task)).toBeLessThan(100);
    expect(overallProgress(taskAfter(...events, { type: 'RUN_FINISHED' }) as unknown as Task)).toBe(100);
  });

  it('are those of a plan in the state, if the run reports none', () => {
    const state = {
      steps: [
        { description: 'Chop', status: 'completed' },
        { description: 'Cook', status: 'pending' },
      ],
    };
    expect(runTask(runAfter(), words`agent`, state).steps).toMatchObject([
      { name: 'Chop', status: 'completed' },
      { name: 'Cook', status: 'pending' },
    ]);
  });
});

describe('any sequence of events', () => {
  const word = fc.constantFrom('a', 'b', '', 'completed', 'interrupt', '\u001b[2J');
  const event = fc.record(
    {
      type: fc.constantFrom(
        ...[
          'RUN_STARTED',
          'RUN_FINISHED',
          'RUN_ERROR',
          'STEP_STARTED',
          'STEP_FINISHED',
          'TOOL_CALL_START',
          'TOOL_CALL_END',
        ],
        ...[
          'ACTIVITY_SNAPSHOT',
          'ACTIVITY_DELTA',
          'TEXT_MESSAGE_CONTENT',
          'STATE_SNAPSHOT',
          'STATE_DELTA',
          'CUSTOM',
        ],
      ),
      ...{
        runId: word,
        threadId: word,
        stepName: word,
        toolCallId: word,
        toolCallName: word,
        messageId: word,
        message: word,
      },
      ...{
        delta: fc.oneof(word, fc.jsonValue()),
        content: fc.jsonValue(),
        patch: fc.jsonValue(),
        snapshot: fc.jsonValue(),
      },
      ...{
        outcome: fc.oneof(word, fc.jsonValue()),
        result: fc.jsonValue(),
        input: fc.jsonValue(),
        timestamp: fc.double(),
      },
    },
    { requiredKeys: ['type'] },
  );

  it('is read without a crash, and gives tasks of plain text with ids of their own', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), (events) => {
        const state = createStreamState(words`agent`);
        for (const one of events) {
          const read = readAguiEvent(JSON.stringify(one));
          if (read.kind === 'event') state.take(read.event, 1_000);
        }
        const tasks = state.read()?.tasks ?? [];
        expect(new Set(tasks.map(({ nativeId }) => nativeId)).size).toBe(tasks.length);
        for (const task of tasks) expect(JSON.stringify({ ...task, raw: null })).not.toContain('\\u001b');
      }),
    );
  });
});
