import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editJson } from '../../src/io/edit-json.ts';
import { parseExactly } from '../../src/model/json.ts';

describe('editing JSON in its writer’s hand', () => {
  const set = (text: string) =>
    editJson(text, (document) => {
      (document as Record<string, unknown>).x = 'ü';
    });

  it.each([
    ['indented by two', '{\n  "a": 1\n}\n', '{\n  "a": 1,\n  "x": "ü"\n}\n'],
    ['indented by tabs', '{\n\t"a": [\n\t\t1\n\t]\n}', '{\n\t"a": [\n\t\t1\n\t],\n\t"x": "ü"\n}'],
    ['on one line', '{"a":1}', '{"a":1,"x":"ü"}'],
    [
      'with numbers as spelt',
      '{"a":1.0,"b":12345678901234567890}',
      '{"a":1.0,"b":12345678901234567890,"x":"ü"}',
    ],
    ['with escapes', '{"a":"\\u2014"}', '{"a":"\\u2014","x":"\\u00fc"}'],
    ['with a byte order mark', '\ufeff{"a":1}\n', '\ufeff{"a":1,"x":"ü"}\n'],
    ['with a byte order mark and escapes', '\ufeff{"a":"\\u2014"}', '\ufeff{"a":"\\u2014","x":"\\u00fc"}'],
    ['laid out by hand', '{"a": [\n  {"b": 1}]}\n', '{"a": [\n  {"b": 1}], "x": "ü"}\n'],
    ['with other line ends', '{\r\n  "a": 1\r\n}\r\n', '{\r\n  "a": 1,\r\n  "x": "ü"\r\n}\r\n'],
  ])('%s', (_name, before, after) => {
    expect(set(before)).toBe(after);
  });

  it('escapes what needs two units', () => {
    expect(editJson('{"a":"\\u0001 \\ud83d\\ude00"}', () => {})).toBe('{"a":"\\u0001 \\ud83d\\ude00"}');
  });

  const withNote = (text: string) =>
    editJson(text, (document) => {
      const [task] = (document as { tasks: Record<string, unknown>[] }).tasks;
      if (!task) return;
      task.status = 'failed';
      task.notes = [{ at: 1, note: 'x' }];
      delete task.gone;
    });

  it.each([
    [
      'one task a line',
      '{"tasks": [\n  {"id": "a", "gone": 1, "status": "pending"},\n  {"id": "b", "deps": ["a"]}\n]}\n',
      '{"tasks": [\n  {"id": "a", "status": "failed", "notes": [{"at": 1, "note": "x"}]},\n  {"id": "b", "deps": ["a"]}\n]}\n',
    ],
    [
      'one task a line, tight',
      '{"tasks":[\n{"gone":1,"status":"pending"},\n{"id":"b"}]}',
      '{"tasks":[\n{"status":"failed","notes":[{"at":1,"note":"x"}]},\n{"id":"b"}]}',
    ],
    [
      'what is empty, over several lines',
      '{\n  "tasks": [\n    {\n      "notes": [],\n      "status": 1\n    }\n  ]\n}\n',
      '{\n  "tasks": [\n    {\n      "notes": [\n        {\n          "at": 1,\n          "note": "x"\n        }\n      ],\n      "status": "failed"\n    }\n  ]\n}\n',
    ],
    [
      'what is last and goes',
      '{\n\t"tasks": [{"status": 0, "gone": {"x": [1]} }]\n}',
      '{\n\t"tasks": [{"status": "failed", "notes": [{"at": 1, "note": "x"}] }]\n}',
    ],
    [
      'blanks in odd places',
      '{ "tasks" : [ { "status":1 ,"x" : 2 } ] } ',
      '{ "tasks" : [ { "status":"failed" ,"x" : 2 ,"notes" : [{"at" : 1, "note" : "x"}] } ] } ',
    ],
    [
      'numbers that are none, and keys that come twice',
      '{"tasks": [{"x": NaN, "y": 1e3, "y": -Infinity, "status": 1}]}',
      '{"tasks": [{"x": NaN, "y": 1e3, "y": -Infinity, "status": "failed", "notes": [{"at": 1, "note": "x"}]}]}',
    ],
  ])('keeps %s', (_name, before, after) => {
    expect(withNote(before)).toBe(after);
  });

  it('leaves a text as it is if nothing changes, and means what it should if anything does', () => {
    const indent = fc.constantFrom(undefined, 1, 2, '\t');
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), indent, (before, after, space) => {
        const text = JSON.stringify({ before, kept: [1.5, 'x'] }, null, space);
        expect(editJson(text, () => {})).toBe(text);
        const edited = editJson(text, (document) => {
          (document as Record<string, unknown>).before = after;
        });
        expect(parseExactly(edited)).toEqual(
          parseExactly(JSON.stringify({ before: after, kept: [1.5, 'x'] })),
        );
      }),
    );
  });
});
