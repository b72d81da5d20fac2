import { describe, expect, it } from 'vitest';
import { answeringOf, typedAnswer } from '../../../src/run/prompt/answering.ts';

const BY_LINE = { isByLine: true, isEchoed: true };
const UNSEEN = { isByLine: true, isEchoed: false };
const BY_KEY = { isByLine: false, isEchoed: false };
const SECRET = 'it asks for a secret: type it in its own terminal';
const KEYS = 'it reads single keys: answer it in its own terminal';

describe('how a prompt may be answered from elsewhere', () => {
  it.each([
    ['Name?', BY_LINE, [], null],
    ['Continue? [Y/n]', BY_LINE, ['Y', 'n'], null],
    ['Overwrite (y/n/all): ', BY_LINE, ['y', 'n', 'all'], null],
    ['Are you sure (yes/no/[fingerprint])? ', BY_LINE, ['yes', 'no', 'fingerprint'], null],
    ['Which one [1|2|3]?', BY_LINE, ['1', '2', '3'], null],
    ['package name: (parser)', BY_LINE, [], null],
    ['Ok to proceed? (y)', BY_KEY, ['y'], null],
    ['? Pick one ›', BY_KEY, [], KEYS],
    ['Key: ', UNSEEN, [], SECRET],
    ['[sudo] password for ada: ', UNSEEN, [], SECRET],
    ['Password: ', BY_LINE, [], SECRET],
    ['Enter passphrase for key (y/n)', BY_LINE, [], SECRET],
    ['One-time PIN: ', BY_KEY, [], SECRET],
    ['Name?', null, [], 'it is not known how it reads an answer: type it in its own terminal'],
  ])('%s', (question, modes, choices, refusal) => {
    expect(answeringOf(question, modes)).toEqual({ choices, refusal });
  });

  it.each([
    ['Bob', 'Bob\r'],
    ['ü ✓', 'ü ✓\r'],
    ['', null],
    [' ', null],
    ['two\nlines', null],
    ['\u0003', null],
    ['\u001b[A', null],
    ['\u009b1m', null],
    ['x'.repeat(3_999), `${'x'.repeat(3_999)}\r`],
    ['x'.repeat(4_000), null],
    ['ü'.repeat(2_000), null],
    ['x'.repeat(64 * 1024), null],
  ])('is typed as one line: %j', (text, typed) => {
    expect(typedAnswer(text)?.toString() ?? null).toBe(typed);
  });
});
