import { describe, expect, it } from 'vitest';
import { applyAguiEvent, readAguiEvent } from '../../../src/sources/agui/format.ts';
import type { RunEvent } from '../../../src/sources/agui/run.ts';

const delta = (...operations: unknown[]): RunEvent => ({ type: 'STATE_DELTA', delta: operations });

describe('applyAguiEvent', () => {
  it('replaces by a snapshot, and patches a copy by a delta', () => {
    const before = { activeTasks: [{ taskId: 'a', status: 'running' }] };
    const after = applyAguiEvent(
      before,
      delta({ op: 'replace', path: '/activeTasks/0/status', value: 'completed' }),
    );
    expect(after).toEqual({ kind: 'state', state: { activeTasks: [{ taskId: 'a', status: 'completed' }] } });
    expect(before.activeTasks[0]?.status).toBe('running');
    expect(applyAguiEvent(before, { type: 'STATE_SNAPSHOT', snapshot: { x: 1 } })).toEqual({
      kind: 'state',
      state: { x: 1 },
    });
  });

  it('can replace the whole document, and move within it', () => {
    expect(applyAguiEvent({ a: 1 }, delta({ op: 'replace', path: '', value: { b: 2 } }))).toEqual({
      kind: 'state',
      state: { b: 2 },
    });
    expect(applyAguiEvent({ a: 1 }, delta({ op: 'move', from: '/a', path: '/b' }))).toEqual({
      kind: 'state',
      state: { b: 1 },
    });
  });

  it('starts from an empty object where a delta comes before any snapshot', () => {
    expect(applyAguiEvent(undefined, delta({ op: 'add', path: '/activeTasks', value: [] }))).toEqual({
      kind: 'state',
      state: { activeTasks: [] },
    });
  });

  it.each([
    ['to what is not there', {}, delta({ op: 'replace', path: '/a/b', value: 1 })],
    ['that fails its test', { a: 1 }, delta({ op: 'test', path: '/a', value: 2 })],
    ['that is no list', {}, { type: 'STATE_DELTA', delta: 5 }],
    [
      'of which a part does not fit',
      { a: 1 },
      delta({ op: 'remove', path: '/a' }, { op: 'remove', path: '/a' }),
    ],
  ])('passes over a delta %s', (_what, state, event) => {
    expect(applyAguiEvent(state, event).kind).toBe('misfit');
  });

  it('lets no delta reach a prototype', () => {
    applyAguiEvent({}, delta({ op: 'add', path: '/__proto__/polluted', value: 1 }));
    applyAguiEvent({}, delta({ op: 'add', path: '/constructor/prototype/polluted', value: 1 }));
    applyAguiEvent({}, delta({ op: 'add', path: '/__proto__', value: { polluted: 1 } }));
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('ignores the other events of a run', () => {
    expect(applyAguiEvent({}, { type: 'RUN_STARTED', runId: '1' })).toEqual({ kind: 'ignored' });
  });
});

describe('readAguiEvent', () => {
  it.each([
    ['a date', '2026-11-29T20:00:00Z'],
    ['the end of an OpenAI stream', '[DONE]'],
    ['nothing', ''],
    ['JSON that is no object', '5'],
    ['null', 'null'],
    ['a list', '[{"type":"STATE_SNAPSHOT"}]'],
    ['an object without a type', '{"state":{}}'],
    ['an object with a type that is no text', '{"type":5}'],
    ['half an object', '{"type":'],
  ])('passes over %s', (_what, data) => {
    expect(readAguiEvent(data)).toEqual({ kind: 'foreign' });
  });

  it.each([
    ['no name', undefined, 'event'],
    ['an empty name', '', 'event'],
    ['the name that stands for none', 'message', 'event'],
    ['its own type as its name', 'CUSTOM', 'event'],
    ['its own type in small letters', 'custom', 'event'],
    ['the name of something else', 'ping', 'foreign'],
  ])('takes an event with %s for what it is', (_what, name, kind) => {
    expect(readAguiEvent('{"type":"CUSTOM"}', name).kind).toBe(kind);
  });

  it.each([
    ['very many values', `{"type":"CUSTOM","value":[${'{},'.repeat(200_000)}0]}`],
    ['very many keys', `{"type":"CUSTOM",${Array.from({ length: 120_000 }, (_, n) => `"k${n}":0`).join()}}`],
    ['a very long text', `{"type":"CUSTOM","value":"${'x'.repeat(5_000_000)}"}`],
    ['very deep nesting', `{"type":"CUSTOM","value":${'['.repeat(200_000)}${']'.repeat(200_000)}}`],
    ['very deep nesting that never ends', `{"type":${'{"a":'.repeat(200_000)}`],
  ])('does not parse %s', (_what, data) => {
    expect(readAguiEvent(data)).toEqual({ kind: 'too-large' });
  });

  it('does not count brackets and commas in a text', () => {
    const text = JSON.stringify(`\\"${'[{,'.repeat(300_000)}`);
    expect(readAguiEvent(`{"type":"CUSTOM","value":${text}}`).kind).toBe('event');
  });
});
