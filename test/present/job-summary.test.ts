import { describe, expect, it } from 'vitest';
import type { TaskStatus } from '../../src/model/task.ts';
import { plainName, plainText } from '../../src/model/text.ts';
import { jobSummary, type TaskSummary } from '../../src/present/job-summary.ts';

const ROOM = 1024 * 1024;

function task(name: string, given: Partial<TaskSummary> = {}): TaskSummary {
  return { name: plainName(name), status: 'completed', durationMs: 65_000, why: null, ...given };
}
const failed = (name: string, why: string) => task(name, { status: 'failed', why: plainText(why) });

describe('a job’s summary', () => {
  it('lists what needs somebody first, and quotes what failed', () => {
    const status = (name: string, of: TaskStatus) => task(name, { status: of, durationMs: null });
    const tasks = [
      task('lint'),
      status('ship', 'cancelled'),
      failed('build', 'exit code 2\nld: no such file'),
    ];
    expect(jobSummary(tasks, ROOM)).toBe(
      [
        '',
        '| Task | State | Duration |',
        '|---|---|---|',
        '| build | ✗ failed | 1m05s |',
        '| ship | ⊘ cancelled |  |',
        '| lint | ✓ completed | 1m05s |',
        '',
        '**build**',
        '',
        '```text',
        'exit code 2',
        'ld: no such file',
        '```',
        '',
        '',
      ].join('\n'),
    );
  });

  it.each([
    ['a|b', 'a\\|b'],
    ['a\\|b', 'a\\\\\\|b'],
    ['`x` | `y`', '\\`x\\` \\| \\`y\\`'],
    ['<img src=x onerror=y>', '\\<img src\\=x onerror\\=y\\>'],
    ['[a](javascript:b)', '\\[a\\]\\(javascript\\:b\\)'],
    ['https://evil.example/@me', 'https\\:\\/\\/evil\\.example\\/\\@me'],
    ['&lt;b&gt;', '\\&lt\\;b\\&gt\\;'],
    ['a\n| b |\n---', 'a \\| b \\| \\-\\-\\-'],
    ['\u001b]8;;http://x\u0007y', 'y'],
  ])('takes a name as words: %j', (name, cell) => {
    expect(jobSummary([task(name)], ROOM)).toContain(`\n| ${cell} | ✓ completed |`);
  });

  it.each(['```\n# mine', '````` x', '~~~\n</details>', 'no ticks'])(
    'fences output that would end a fence: %j',
    (why) => {
      const lines = (jobSummary([failed('a', why)], ROOM) ?? '').split('\n');
      const from = lines.findIndex((line) => line.endsWith('text'));
      const fence = lines[from]?.replace('text', '') ?? '';
      expect(fence).toMatch(/^`{3,}$/u);
      const to = lines.findIndex(
        (line, index) => index > from && new RegExp(`^ {0,3}${fence}\`*$`, 'u').test(line),
      );
      expect(lines.slice(from + 1, to).join('\n')).toBe(why);
      expect(lines.slice(to + 1).join('')).toBe('');
    },
  );

  it('leaves the words out if there is no room for them, then all', () => {
    const tasks = [failed('build', 'x'.repeat(500))];
    expect(jobSummary(tasks, 300)).not.toContain('xxx');
    expect(jobSummary(tasks, 300)).toContain('| build |');
    expect(jobSummary(tasks, 20)).toBeNull();
    expect(jobSummary(tasks, -5)).toBeNull();
  });

  it('stays short, whatever failed', () => {
    const tasks = Array.from({ length: 500 }, (_, index) =>
      failed(`task ${index} ${'|'.repeat(1_000)}`, '`'.repeat(60_000)),
    );
    const summary = jobSummary(tasks, ROOM) ?? '';
    expect(Buffer.byteLength(summary)).toBeLessThan(ROOM / 2);
    expect(summary).toContain('… and 400 more');
  });
});
