import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWanted, decodeHead } from '../../../src/sources/codex/format.ts';
import { afterLines, newStanding } from '../../../src/sources/codex/standing.ts';
import { sessionTask } from '../../../src/sources/codex/task.ts';
import { hostileText, UNSAFE } from '../../helpers/hostile-text.ts';
import { hasSharedFixtures, sharedFixture } from '../../helpers/shared-fixtures.ts';
import { asked, event, meta, plan, rolloutLine } from './rollout-writer.ts';

/** Reads a rollout's text as the source does. */
function taskOf(text: string, around = {}) {
  const isWanted = createWanted();
  const lines = text.split('\n').filter((line) => isWanted(Buffer.from(line)));
  return sessionTask(
    { head: decodeHead(lines), standing: afterLines(newStanding(true), lines) },
    { name: null, fileName: 'rollout', modifiedAt: 1_000, isMoving: false, isOpen: null, ...around },
  );
}

describe('a rollout', () => {
  it.each([
    { told: '', status: 'queued' },
    { told: event('task_started', { turn_id: 't1' }), status: 'running' },
    { told: event('turn_started', { turn_id: 't1' }), status: 'running' },
    { told: event('task_complete', { turn_id: 't1' }), status: 'waiting', reason: 'turn done' },
    { told: event('turn_aborted', { reason: 'interrupted' }), status: 'cancelled', reason: 'interrupted' },
    // The end of a turn that was replaced does not end the one that replaced it.
    {
      told:
        event('task_started', { turn_id: 't1' }) +
        event('task_started', { turn_id: 't2' }) +
        event('turn_aborted', { turn_id: 't1', reason: 'replaced' }),
      status: 'running',
    },
    // Codex 0.40 tells of no beginning: another message after an end is one.
    { told: event('turn_aborted', {}) + asked('Go on'), status: 'running', isMoving: true },
    {
      told: asked('Go on') + event('agent_message', { message: 'Gone.' }),
      status: 'waiting',
      reason: 'Gone.',
    },
  ])('that says $told is $status', ({ told, status, reason, isMoving = false }) => {
    const { state } = taskOf(meta('a') + told, { isMoving });
    expect(state).toMatchObject({ status, ...(reason !== undefined && { reason }) });
  });

  it('tells messages in the forms of old and of new versions', () => {
    const item = (type: string, text: string) =>
      event('item_completed', { item: { type, content: [{ type: 'text', text }] } });
    const one = taskOf(meta('a') + asked('Sort it\nplease') + event('agent_message', { message: 'Sorted.' }));
    const two = taskOf(meta('a') + item('UserMessage', 'Sort it\nplease') + item('AgentMessage', 'Sorted.'));
    expect([one.name, one.lastLine]).toEqual(['Sort it', 'Sorted.']);
    expect([two.name, two.lastLine]).toEqual([one.name, one.lastLine]);
    const editor = '# Context from my IDE setup:\n\n- a.ts\n\n## My request for Codex:\nSort it\n';
    expect(taskOf(meta('a') + asked(editor)).name).toBe('Sort it');
  });

  it('shows where its repository is, without what may be secret', () => {
    const urlOf = (repository_url: string) => taskOf(meta('a', { git: { repository_url } })).url;
    expect(urlOf('git@example.org:org/project.git')).toBe('https://example.org/org/project');
    expect(urlOf('ssh://git@example.org/org/project')).toBe('https://example.org/org/project');
    expect(urlOf('https://me:secret@example.org/org/project.git')).toBe('https://example.org/org/project');
    expect(urlOf('/srv/git/project')).toBeUndefined();
  });

  it('forgets a plan that was carried out once another turn begins', () => {
    const done = plan([{ step: 'Read', status: 'completed' }]);
    const open = plan([{ step: 'Read', status: 'in_progress' }]);
    const turn = event('task_started', { turn_id: 't2' });
    expect(taskOf(meta('a') + done).steps).toHaveLength(1);
    expect(taskOf(meta('a') + done + turn).steps).toHaveLength(0);
    expect(taskOf(meta('a') + open + turn).steps).toHaveLength(1);
  });
});

describe.skipIf(!hasSharedFixtures)('real rollouts', () => {
  it('are read', () => {
    const old = taskOf(sharedFixture('agents/codex/rollout-with-plan.jsonl'));
    expect(old).toMatchObject({
      nativeId: '01998190-fba6-7f40-9309-dc4e48c5844a',
      cwd: '/home/user/project',
    });
    expect(old.labels).toMatchObject({
      version: '0.40.0',
      by: 'codex_vscode',
      branch: 'main',
      model: 'gpt-5-codex',
    });
    expect(old.steps.length).toBeGreaterThan(1);
    const lifecycle = taskOf(sharedFixture('agents/codex/synthetic-2026-lifecycle.jsonl'));
    expect(lifecycle).toMatchObject({
      name: 'Add a parser',
      state: { status: 'waiting', reason: 'Done.' },
      startedAt: 1_790_845_560_000,
    });
    expect(lifecycle.steps).toMatchObject([
      {
        status: 'completed',
        startedAt: Date.parse('2026-10-01T09:00:05.000Z'),
        endedAt: Date.parse('2026-10-01T09:03:00.000Z'),
      },
      { status: 'running', startedAt: Date.parse('2026-10-01T09:03:00.000Z') },
      { status: 'pending' },
    ]);
  });

  it('are read as far as they go, wherever they are cut', () => {
    for (const name of ['rollout-with-plan', 'synthetic-2026-lifecycle', 'exec-json-stream']) {
      const text = sharedFixture(`agents/codex/${name}.jsonl`);
      for (let length = 0; length < text.length; length += 1024)
        expect(taskOf(text.slice(0, length)).name).not.toBe('');
    }
  });
});

describe('anything else', () => {
  const KINDS = [
    'task_started',
    'task_complete',
    'turn_aborted',
    'user_message',
    'agent_message',
    'item_completed',
  ];
  const KEYS = [
    'turn_id',
    'message',
    'last_agent_message',
    'reason',
    'item',
    'started_at',
    'content',
    'text',
  ];
  const value = fc.oneof(hostileText, fc.jsonValue(), fc.constant({ toString: {} }));
  const payload = fc.oneof(
    fc
      .tuple(fc.constantFrom(...KINDS), fc.dictionary(fc.constantFrom(...KEYS), value))
      .map(([type, more]) => ({ type, ...more })),
    fc.record({
      type: fc.constantFrom('function_call', 'function_call_output'),
      name: fc.constantFrom('update_plan', 'request_user_input'),
      call_id: value,
      arguments: fc.oneof(
        value,
        fc.record({ plan: value, questions: value }).map((given) => JSON.stringify(given)),
        fc
          .array(fc.record({ step: value, status: value, question: value, options: fc.array(value) }))
          .map((list) => JSON.stringify({ plan: list, questions: list })),
      ),
    }),
    value,
  );
  const line = fc
    .tuple(fc.constantFrom('session_meta', 'event_msg', 'response_item', 'turn_context'), payload)
    .map(([type, given]) => rolloutLine(type, given as never));

  it('is read without a crash, and is safe to show', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
        const { raw: _, ...task } = taskOf(lines.join(''));
        expect(task.name.replaceAll(/\u200c|\u200d/gu, '')).not.toMatch(UNSAFE);
        const shown = [
          task.lastLine,
          task.cwd,
          ...task.steps.map(({ name }) => name),
          ...Object.values(task.labels),
        ];
        for (const text of shown) expect(text ?? '').not.toMatch(UNSAFE);
      }),
    );
  });

  it('counts for no more steps than there may be', () => {
    const many = Array.from({ length: 20_000 }, () => ({ step: 'x', status: 'pending' }));
    expect(taskOf(meta('a') + plan(many)).steps).toHaveLength(10_000);
  });

  it('holds no instructions and no prompt in what may be shown raw', () => {
    const secret = 'sk-hidden';
    const given = meta('a', { base_instructions: { text: secret }, env: { KEY: secret } });
    const task = taskOf(
      given + rolloutLine('response_item', { type: 'message', content: [secret], name: 'update_plan' }),
    );
    expect(JSON.stringify(task)).not.toContain(secret);
  });
});
