import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainName, plainText, words } from '../../src/model/text.ts';
import { annotationLine, withoutWorkflowCommands } from '../../src/present/github-annotation.ts';
import { readWorkflowCommand } from '../helpers/workflow-command.ts';

/** What a name or an output may hold to be taken for a command of the runner, or to end ours. */
const HOSTILE = [
  '::error::mine',
  '::stop-commands::x',
  '##[add-mask]e',
  '##[set-output name=a]b',
  'a::b',
  ',file=/etc/passwd',
  'title=x,line=3::',
  '%0A::warning::x',
  '%25',
  '%',
  ':',
  '\n::set-env name=PATH::/tmp',
  '\r\n::error::x',
  '\u2028::error::x',
  '  ::add-mask::e',
  '##',
  '[error]',
  '',
];
const hostile = fc.array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ maxLength: 5 })), {
  maxLength: 5,
});

describe('an annotation', () => {
  it.each(HOSTILE)('is read by the runner as it was meant: %j', (text) => {
    const line = annotationLine('error', plainName(text), plainText(text));
    expect(line).not.toMatch(/[\r\n]/u);
    expect(readWorkflowCommand(line)).toEqual({
      command: 'error',
      properties: plainName(text) === '' ? {} : { title: plainName(text) },
      data: plainText(text),
    });
  });

  it('is one command, whatever it holds', () => {
    fc.assert(
      fc.property(hostile, hostile, (title, message) => {
        const [name, text] = [plainName(title.join('')), plainText(message.join(''))];
        const read = readWorkflowCommand(annotationLine('warning', name, text));
        expect(read).toEqual({ command: 'warning', properties: name ? { title: name } : {}, data: text });
      }),
    );
  });
});

describe('a line about a task of somebody else', () => {
  it('holds no command, and says the same', () => {
    fc.assert(
      fc.property(hostile, (name) => {
        const line = withoutWorkflowCommands(words`${plainName(name.join(''))}`);
        expect(readWorkflowCommand(line)).toBeNull();
        expect(line.replaceAll(' ', '')).toBe(plainName(name.join('')).replaceAll(' ', ''));
      }),
    );
  });
});
