import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readTraces } from '../../../src/cli/commands/eta/read-traces.ts';
import { createRuleOfThree } from '../../../src/cli/commands/eta/rule-of-three.ts';
import { meanScore, type NewEstimator, scoreTraces } from '../../../src/cli/commands/eta/score.ts';
import { scoreWaits } from '../../../src/cli/commands/eta/wait-score.ts';
import { createEstimator } from '../../../src/eta/create-estimator.ts';
import { runHere } from '../../helpers/console.ts';

const OWN = path.join(import.meta.dirname, '../../fixtures/eta');
const SHARED = path.join(import.meta.dirname, '../../../../shared/eta');

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(path.join(tmpdir(), 'eta-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

const run = (...args: string[]) => runHere(['eta', 'bench', ...args], { cwd });

const HEAD = '{"trace":"a-1","job":"a","run":1,"steps":["one"]}';
const END = '{"t":9000,"status":"completed"}';

describe('taskglass eta bench', () => {
  it('prints how good the estimates were, beside the rule of three', async () => {
    const { code, stdout, stderr } = await run(OWN);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('6 jobs, 11 runs');
    expect(stdout.match(/^\| taskglass/gmu)).toHaveLength(3);
    expect(stdout.match(/^\| rule of three/gmu)).toHaveLength(3);
  });

  it('gives the same as JSON, job by job; a steady bar is where the rule of three is right', async () => {
    const { estimators, jobs, traces } = JSON.parse((await run('--json', OWN)).stdout);
    expect({ jobs, traces }).toEqual({ jobs: 6, traces: 11 });
    expect(estimators['rule of three'].all.byJob.encode.median).toBeLessThan(0.1);
    expect(estimators['rule of three'].all.cover).toBeNull();
    expect(estimators.taskglass.warm.error).toBeLessThan(estimators['rule of three'].warm.error / 2);
    expect(estimators.taskglass.warm.byJob.release.error).toBeLessThan(0.15);
  });

  it('plays an agent that waits: how often it calls, and how late it learns of the end', async () => {
    const run = (number: number, durationMs: number) =>
      JSON.stringify({ job: 'a', run: number, steps: ['one'] }) +
      `\n{"t":0,"step":0,"status":"running"}\n{"t":${durationMs},"status":"completed"}\n`;
    for (const number of [1, 2, 3, 4, 5, 6])
      writeFileSync(path.join(cwd, `${number}.ndjson`), run(number, 1_000_000 + number));
    const { waits } = JSON.parse((await runHere(['eta', 'bench', '--json', '.'], { cwd })).stdout);
    const rows = waits.map((row: Record<string, unknown>) => [row.earlier, row.first, row.runs, row.calls]);
    expect(rows).toEqual([
      [1, 'at once', 5, expect.any(Number)],
      [1, 'when told', 5, expect.any(Number)],
      [3, 'at once', 3, expect.any(Number)],
      [3, 'when told', 3, expect.any(Number)],
      [5, 'at once', 1, expect.any(Number)],
      [5, 'when told', 1, expect.any(Number)],
    ]);
    for (const { earlier, first, calls, late } of waits) {
      expect(calls).toBeGreaterThanOrEqual(first === 'at once' ? 2 : 1);
      if (earlier === 5) expect(calls).toBeLessThanOrEqual(first === 'at once' ? 3 : 2);
      expect(late).toBeLessThan(0.25);
    }
    expect((await runHere(['eta', 'bench', '.'], { cwd })).stdout).toMatch(
      /^\| at least 5 +\| +when told \| +1 \| +1 \|/mu,
    );
  });

  it.each([
    ['a bar restored from a checkpoint', 'resumed-training', 0.25],
    ['stages that were in a cache', 'cached-build', 0.4],
    ['a total that grew', 'growing-total', 0.35],
    ['a bar that began anew', 'second-phase', 0.35],
  ])('is not far off on %s, in its first run', async (_what, job, most) => {
    const { estimators } = JSON.parse((await run('--json', path.join(OWN, job))).stdout);
    expect(estimators.taskglass.cold.error).toBeLessThan(most);
  });

  it.each([
    ['no JSON', `${HEAD}\n{"t":1,\n${END}\n`, /bad\.ndjson, line 2: it is not JSON/],
    ['no head', `{"job":"a"}\n${END}\n`, /bad\.ndjson, line 1: run: /],
    [
      'a step that is not there',
      `${HEAD}\n{"t":1,"step":1,"status":"running"}\n${END}\n`,
      /line 2: there is no step 1/,
    ],
    [
      'time that goes back',
      `${HEAD}\n\n{"t":5,"step":0,"status":"running"}\n{"t":4,"step":0,"status":"running"}\n${END}\n`,
      /line 4: its times go backwards/,
    ],
    ['no end', `${HEAD}\n{"t":5,"step":0,"status":"running"}\n`, /bad\.ndjson, line 2: status: /],
    ['an unknown status', `${HEAD}\n{"t":5,"step":0,"status":"done"}\n${END}\n`, /line 2: status: /],
    ['nothing', '', /bad\.ndjson, line 1: a trace needs at least a head and an end/],
  ])('refuses a trace with %s, naming file and line', async (_what, text, words) => {
    writeFileSync(path.join(cwd, 'bad.ndjson'), text);
    const { code, stdout, stderr } = await run('.');
    expect({ code, stdout, lines: stderr.split('\n').length }).toEqual({ code: 2, stdout: '', lines: 2 });
    expect(stderr).toMatch(words);
  });

  it('says where there is nothing to replay', async () => {
    expect(await run('.')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('no traces (*.ndjson) there'),
    });
    writeFileSync(path.join(cwd, 'file'), '');
    expect(await run('file')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('is not a directory'),
    });
    expect(await run('nowhere')).toMatchObject({ code: 3, stderr: expect.stringContaining('there is no') });
  });
});

describe.skipIf(!existsSync(SHARED))('on recorded jobs', async () => {
  const traces = existsSync(SHARED) ? await readTraces([path.join(SHARED, 'dev')]) : [];
  if ('kind' in traces) throw new Error(traces.message);
  const scores = scoreTraces(traces, createEstimator);
  const [cold, warm, all] = [scores.cold, scores.warm, scores.all].map(meanScore);

  it('is near enough, in first runs and later', () => {
    expect(cold?.error).toBeLessThan(0.31);
    expect(warm?.error).toBeLessThan(0.17);
    expect(all?.error).toBeLessThan(0.21);
    expect(all?.none).toBeLessThan(0.01);
    expect(all?.jitter).toBeLessThan(0.04);
  });

  it('has bands that hold four times in five, and are no wider than they must be', () => {
    for (const part of [cold, warm]) {
      expect(part?.cover).toBeGreaterThan(0.75);
      expect(part?.cover).toBeLessThan(0.85);
    }
    expect(cold?.width).toBeLessThan(1.2);
    expect(warm?.width).toBeLessThan(0.6);
  });

  it('lets an agent know of the end with few calls, and not late, once a job is known', () => {
    const waits = (first: 'at once' | 'when told') =>
      scoreWaits(traces, createEstimator, { earlier: 3, first });
    expect(waits('at once')).toMatchObject({ jobs: 39, runs: 48 });
    expect(waits('at once').calls).toBeLessThanOrEqual(1.5);
    expect(waits('at once').late).toBeLessThan(0.02);
    expect(waits('when told').calls).toBeLessThanOrEqual(1.2);
  });

  it('scores as the evaluator does', async () => {
    const { evaluate, readTrace } = await import(path.join(SHARED, 'eta-eval.mjs'));
    const files = ['build-lua/1', 'build-lua/2', 'zstd-levels/1', 'zstd-levels/2'];
    const chosen = files.map((file) => path.join(SHARED, 'dev/local', `${file}.ndjson`));
    const peer = new URL(`file://${path.join(SHARED, 'peers/linear.mjs')}`).href;
    const theirs = await evaluate(chosen.map(readTrace), [{ name: 'linear', url: peer }]);
    const subset = traces.filter(({ job, run }) => files.includes(`${job}/${run}`));
    const ours = scoreTraces(subset, createRuleOfThree as NewEstimator);
    for (const part of ['cold', 'warm', 'all'] as const)
      for (const [job, score] of ours[part]) {
        const { meanAll, median, p90, none, jitter } = theirs.linear[part][job];
        expect(score.error).toBeCloseTo(meanAll, 9);
        expect([score.median, score.p90, score.none, score.jitter]).toEqual(
          [median, p90, none, jitter].map((value) => expect.closeTo(value, 9)),
        );
      }
  });
});
