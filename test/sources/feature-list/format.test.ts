import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { featureListRank, readFeatureList } from '../../../src/sources/feature-list/format.ts';
import { hasSharedFixtures, sharedFixture } from '../../helpers/shared-fixtures.ts';

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../../fixtures/feature-lists', name), 'utf8'));
const FEATURES = '/home/ann/shelves/feature_list.json';
const STORIES = '/home/ann/shelves/scripts/ralph/prd.json';
const entries = (document: unknown) =>
  readFeatureList(document, FEATURES)?.entries.map(({ name, status }) => `${status}: ${name}`);
const statusOf = (entry: object) => entries([{ description: 'a', ...entry }])?.[0]?.split(':')[0];

describe('a list of features', () => {
  it('is one list, its entries in their order', () => {
    const list = readFeatureList(fixture('feature_list.json'), FEATURES);
    expect(list).toMatchObject({ nativeId: 'feature_list.json', name: 'shelves', problem: null });
    expect(entries(fixture('feature_list.json'))).toEqual([
      'completed: A reader can borrow a book',
      'pending: A reader can give a book back',
      'pending: The shelves are readable at 40 columns',
    ]);
  });

  it('is Ralph’s stories, with their project and their ids', () => {
    const list = readFeatureList(fixture('prd.json'), STORIES);
    expect(list).toMatchObject({ name: 'Library', labels: { branch: 'ralph/reminders' } });
    expect(entries(fixture('prd.json'))).toEqual([
      'completed: US-001 Keep the day on which a book is due',
      'pending: US-002 Send a reminder',
    ]);
  });

  it('tells two entries with one text apart, by their place', () => {
    const list = readFeatureList(
      [
        { description: 'a', passes: true },
        { description: 'a', passes: false },
      ],
      FEATURES,
    );
    expect(new Set(list?.entries.map(({ key }) => key)).size).toBe(2);
  });

  it.each([
    [{ passes: true }, 'completed'],
    [{ passes: false }, 'pending'],
    [{ passes: false, status: 'in_progress' }, 'running'],
    [{ passes: true, status: 'pending' }, 'completed'],
    [{ passes: false, status: 'done' }, 'pending'],
    [{ status: 'done' }, 'completed'],
    [{ status: 'passing' }, 'completed'],
    [{ status: 'in_progress' }, 'running'],
    [{ status: 'spec_ready' }, 'pending'],
    [{ status: 'blocked' }, 'pending'],
    [{ status: 'failed' }, 'failed'],
    [{ passes: 'true' }, 'pending'],
    [{}, 'pending'],
  ])('%j is %s', (entry, status) => {
    expect(statusOf(entry)).toBe(status);
  });

  it.each([
    [[{ description: 'a', passes: 1 }], 'list[0]: it has no "passes": shown as pending'],
    [[{ description: 'a', status: 'odd' }], 'list[0]: unknown status "odd": shown as pending'],
    [
      {
        userStories: [
          { id: 'a', passes: true },
          { id: 'a', passes: true },
        ],
      },
      'userStories[1] is left out: the id id a is already in use',
    ],
    [{ features: [7] }, 'features[0] is left out: it is not a JSON object'],
  ])('says what is odd about %j', (document, message) => {
    expect(readFeatureList(document, FEATURES)?.problem?.message).toBe(message);
  });

  it('shows ten thousand entries of a million, and says so', () => {
    const million = Array.from({ length: 1_000_000 }, () => ({ description: 'a', passes: false }));
    const list = readFeatureList(million, FEATURES);
    expect(list?.entries).toHaveLength(10_000);
    expect(list?.problem?.message).toBe('list lists 1,000,000 tasks: only the first 10,000 are shown');
  });

  it('is recognised by its name, and elsewhere by its keys alone', () => {
    const [features, stories] = [fixture('feature_list.json'), fixture('prd.json')];
    const elsewhere = '/home/ann/shelves/a.json';
    expect([FEATURES, elsewhere].map((path) => featureListRank(features, path))).toEqual([3, 2]);
    expect([STORIES, elsewhere].map((path) => featureListRank(stories, path))).toEqual([3, 2]);
    const byStatus = { features: [{ id: 1, name: 'a', status: 'pending' }] };
    expect([FEATURES, elsewhere].map((path) => featureListRank(byStatus, path))).toEqual([3, 0]);
    const map = { type: 'FeatureCollection', features: [{ type: 'Feature', properties: {} }] };
    for (const other of [map, [], {}, null, [1], { userStories: {} }, { passes: [], violations: [] }])
      expect([FEATURES, elsewhere].map((path) => featureListRank(other, path))).toEqual([0, 0]);
  });

  it.runIf(hasSharedFixtures)('reads the recorded ones', () => {
    const example = JSON.parse(sharedFixture('agents/ralph-prd/prd.json.example').toString());
    expect(entries(example)?.[0]).toBe('pending: US-001 Add priority field to database');
    const empty = JSON.parse(sharedFixture('agents/ralph-prd/uv-python-prd.json').toString());
    expect(entries(empty)).toEqual([]);
    expect(featureListRank(empty, STORIES)).toBe(3);
  });
});
