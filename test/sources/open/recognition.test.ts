import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { detectFileFormat, rankFormats } from '../../../src/sources/open/detect.ts';
import { findSources } from '../../../src/sources/open/find-sources.ts';
import { hasSharedFixtures, sharedFixturePath } from '../../helpers/shared-fixtures.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';
import { FOREIGN_FILES } from './foreign-files.ts';

const OWN = join(import.meta.dirname, '../../fixtures');

/** A sample, where its program keeps it, what it is there, and what under a name that says nothing, with its own ending. */
const SAMPLES: readonly (readonly [
  sample: string,
  place: string,
  there: string | null,
  elsewhere: string | null,
])[] = [
  [
    'shared/agents/task-master/upstream-tasks.json',
    '.taskmaster/tasks/tasks.json',
    'task-master',
    'task-master',
  ],
  [
    'shared/agents/task-master/expense-analyser-tasks.json',
    '.taskmaster/tasks/tasks.json',
    'task-master',
    'task-master',
  ],
  ['shared/agents/task-master/upstream-state.json', '.taskmaster/state.json', null, null],
  [
    'shared/agents/markdown-checklists/kiro-tasks.md',
    '.kiro/specs/wizard/tasks.md',
    'checklist',
    'checklist',
  ],
  [
    'shared/agents/markdown-checklists/openspec-tasks-1.md',
    'openspec/changes/add/tasks.md',
    'checklist',
    'checklist',
  ],
  [
    'shared/agents/markdown-checklists/speckit-tasks.md',
    'specs/008-socket/tasks.md',
    'checklist',
    'checklist',
  ],
  ['shared/agents/beads/skyhook-issues.jsonl', '.beads/issues.jsonl', 'beads', 'beads'],
  ['shared/agents/beads/atari-issues-extract.jsonl', '.beads/issues.jsonl', 'beads', 'beads'],
  ['shared/agents/beads/metadata.json', '.beads/metadata.json', 'beads', null],
  ['shared/agents/backlog-md/config.yml', 'backlog/config.yml', null, null],
  ['shared/agents/ralph-prd/prd.json.example', 'scripts/ralph/prd.json', 'feature-list', 'feature-list'],
  ['shared/agents/ralph-prd/uv-python-prd.json', 'scripts/ralph/prd.json', 'feature-list', null],
  ['shared/agents/claude-code/sessions-1001.json', 'agent/sessions/1001.json', null, null],
  ['shared/agents/claude-code/synthetic-job-state.json', 'agent/jobs/a/state.json', null, null],
  ['shared/agents/claude-code/synthetic-task-list/1.json', 'agent/tasks/list/1.json', null, null],
  ['shared/agents/codex/rollout-with-plan.jsonl', 'agent/sessions/rollout.jsonl', null, null],
  ['shared/agents/codex/exec-json-stream.jsonl', 'exec.jsonl', null, null],
  ['shared/agents/codex/synthetic-2026-lifecycle.jsonl', 'agent/sessions/rollout-2.jsonl', null, null],
  ['shared/agents/github-actions/workflow_job-in_progress.payload.json', 'event.json', null, null],
  [
    'shared/agents/github-actions/workflow_job-in_progress.with-queued-steps.payload.json',
    'event.json',
    null,
    null,
  ],
  ['shared/agents/github-actions/workflow_run-completed.payload.json', 'event.json', null, null],
  ['shared/agents/pueue/v4-state.json', 'pueue/state.json', null, null],
  ['shared/agents/pueue/v2-state-old-form.json', 'pueue/state.json', null, null],
  ['shared/agents/slurm/squeue-21.08.json', 'squeue.json', null, null],
  [
    'shared/jetbox/committed-task-breakdown.json',
    'architecture/task-breakdown.json',
    'task-breakdown',
    'task-breakdown',
  ],
  ['shared/maestro/http-get-tasks.json', '.taskglass/board.json', 'sessions', 'sessions'],
  ['shared/maestro/http-get-sessions.json', 'sessions.json', null, null],
  ['shared/maestro/cli-task-list.json', 'list.json', null, null],
  ['shared/hyve/dashboard-state-emissions.ndjson', 'state.ndjson', 'dashboard-state', 'dashboard-state'],
  ['shared/gutpunch/int-status-final.db', 'gut-punch.db', 'job-runs', 'job-runs'],
  ['own/checklists/kiro.md', '.kiro/specs/a/tasks.md', 'checklist', 'checklist'],
  ['own/checklists/openspec.md', 'openspec/changes/a/tasks.md', 'checklist', 'checklist'],
  ['own/checklists/spec-kit.md', 'specs/001-a/tasks.md', 'checklist', 'checklist'],
  ['own/feature-lists/feature_list.json', 'feature_list.json', 'feature-list', 'feature-list'],
  ['own/feature-lists/prd.json', 'prd.json', 'feature-list', 'feature-list'],
  ['own/package/state.json', '.taskglass/state.json', 'dashboard-state', 'dashboard-state'],
];

const known = SAMPLES.filter(([sample]) => hasSharedFixtures || sample.startsWith('own/'));
const pathOf = (sample: string) =>
  sample.startsWith('own/')
    ? join(OWN, sample.slice('own/'.length))
    : sharedFixturePath(sample.slice('shared/'.length));

describe('a sample', () => {
  it.each(known)('%s at %s is %s', async (sample, place, there) => {
    await using directory = await temporaryDirectory();
    await put(directory.file(place), await readFile(pathOf(sample)));
    const { files } = await findSources(directory.path);
    expect(files.map(({ format }) => format)).toEqual(there === null ? [] : [there]);
  });

  it.each(known)('%s elsewhere', async (sample, _place, _there, elsewhere) => {
    await using directory = await temporaryDirectory();
    const ending = extname(sample) === '.example' ? '.json' : extname(sample);
    const path = directory.file(`some${ending}`);
    await put(path, await readFile(pathOf(sample)));
    expect(await detectFileFormat(path)).toBe(elsewhere);
  });
});

describe('a file of another program', () => {
  const files = Object.entries(FOREIGN_FILES);
  const textOf = (document: unknown) => `${JSON.stringify(document)}\n`;

  it.each(files)('%s is nobody’s', async (name, document) => {
    await using directory = await temporaryDirectory();
    await put(directory.file(name), textOf(document));
    expect(await detectFileFormat(directory.file(name))).toBeNull();
    expect((await findSources(directory.path)).files).toEqual([]);
  });

  /** The places of programs whose files have names that others use as well. */
  it.each(['tasks/tasks.json', 'prd.json', 'state.json', 'board.json'])(
    'is nobody’s at %s either',
    (place) => {
      const claimed = files.flatMap(([name, document]) =>
        [...rankFormats(document, `/home/ann/shop/${place}`)].flatMap(([format, rank]) =>
          rank > 0 ? [`${name}: ${format} ${rank}`] : [],
        ),
      );
      expect(claimed).toEqual([]);
    },
  );
});

async function put(path: string, content: string | Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}
