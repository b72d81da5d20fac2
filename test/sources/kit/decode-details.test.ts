import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeDetails } from '../../../src/sources/kit/decode-details.ts';

const AT = Date.UTC(2026, 10, 29, 12);

describe('the optional keys of a task', () => {
  it('are read', () => {
    const told = {
      host: 'build-3',
      cwd: '/home/mia/site/src',
      repo: '/home/mia/site',
      url: 'https://ci.example/runs/7',
      question: { text: 'Deploy now?', choices: ['yes', 'no'], askedAt: AT },
      lastLine: 'compiled 12 of 40',
      pid: 4711,
    };
    expect(decodeDetails({ taskId: 'a', ...told })).toEqual(told);
  });

  it('may all be absent, and null', () => {
    expect(decodeDetails({})).toEqual({});
    const nothing = {
      host: null,
      cwd: null,
      repo: null,
      url: null,
      question: null,
      lastLine: null,
      pid: null,
    };
    expect(decodeDetails(nothing)).toEqual({});
  });

  it.each([
    [{ question: { text: 'Which?', askedAt: 'soon' } }, { question: text('Which?') }],
    [
      { question: { text: 'Which?', choices: ['a', 7, '', null, 'b'] } },
      { question: { ...text('Which?'), choices: ['a', 'b'] } },
    ],
    [{ question: { text: 'Which?', choices: 'a' } }, { question: text('Which?') }],
    [{ question: { choices: ['a'] } }, {}],
    [{ question: 'Which?' }, {}],
    [{ host: 7, cwd: {}, lastLine: [] }, {}],
    [{ host: ' ', cwd: '', lastLine: '\u001b[2J' }, {}],
    [{ lastLine: '\u001b[31mred\u001b[0m\u202eand\nmore\u0007' }, { lastLine: 'redand more' }],
    [{ url: 'javascript:alert(1)' }, {}],
    [{ url: 'file:///etc/passwd' }, {}],
    [{ url: 'https://mia:secret@ci.example/runs?token=secret#x' }, { url: 'https://ci.example/runs' }],
    [{ pid: -1 }, {}],
    [{ pid: 1.5 }, {}],
    [{ pid: '12' }, {}],
    [{ pid: 2 ** 40 }, {}],
  ])('of another shape are passed over: %j', (told, read) => {
    expect(decodeDetails(told)).toEqual(read);
  });

  it('offer at most a hundred answers', () => {
    const choices = Array.from({ length: 1_000 }, (_, index) => `answer ${index}`);
    expect(decodeDetails({ question: { text: 'Which?', choices } }).question?.choices).toHaveLength(100);
  });

  it('come out plain and bounded, whatever comes in', () => {
    const anything = fc.record({
      host: fc.anything(),
      cwd: fc.anything(),
      url: fc.oneof(fc.anything(), fc.webUrl()),
      question: fc.oneof(
        fc.anything(),
        fc.record({ text: fc.anything(), choices: fc.anything(), askedAt: fc.anything() }),
      ),
      lastLine: fc.oneof(fc.anything(), fc.string({ unit: 'binary' })),
      pid: fc.anything(),
    });
    fc.assert(
      fc.property(anything, (told) => {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not come out
        expect(JSON.stringify(decodeDetails(told))).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/u);
      }),
    );
  });
});

function text(words: string) {
  return { text: words, choices: [], askedAt: null };
}
