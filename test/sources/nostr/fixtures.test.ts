import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Event, EventTemplate } from 'nostr-tools/core';
import { describe, expect, it } from 'vitest';
import { keyPair, signed } from '../../helpers/events.ts';
import { viewNostr } from '../../helpers/nostr-view.ts';
import { serving, startStubRelay } from '../../helpers/stub-relay.ts';

const FIXTURES = path.resolve('../shared/fixtures');
const isHere = existsSync(FIXTURES);

/** The lines that a watcher of everything, or of these keys, sees when a relay serves the events. */
async function linesOf(events: readonly Event[], nowMs: number, pubkeys: readonly string[] = []) {
  await using relay = await startStubRelay({ behave: serving(events) });
  await using view = viewNostr([relay.url], { nowMs, pubkeys });
  await view.live();
  return view.lines();
}

describe.runIf(isHere)('118 events that the public network has really seen', () => {
  const nowMs = Date.UTC(2026, 10, 21);
  const events = isHere ? readEvents('nip90/wild') : [];

  it('make these tasks', async () => {
    expect(await linesOf(events, nowMs)).toEqual([
      '0383fc | completed | – | kind 5301 job | encrypted for another key',
      '059cfc | completed | – | kind 5101 job | https://api.tasktiger.io/media/6393e8f9-',
      '1404b0 | completed | – | search=vertex limit=10 | [{"pubkey":"f683e87035f7ad4f44e0b98cfbd9',
      '196ebe | queued | – | kind 5905 job | encrypted for another key',
      '1aaa00 | running | – | job 1aaa003e | –',
      "320e76 | completed | – | kind 5305 job | ['ff04a0e6cd80c141b0b55825fed127d4532a6e",
      '426e70 | waiting | – | job 426e7002 | payment required: 28.125 sat',
      '64f6f1 | completed | – | target=6e468422dfb74a5738702a8823b9b2816 | [{"pubkey":"6e468422dfb74a5738702a8823b9',
      '656d57 | waiting | – | job 656d5715 | payment required: 1 sat',
      '6f9571 | completed | – | kind 5200 job | encrypted for another key',
      '72413a | queued | – | job 72413aa6 | encrypted for another key',
      '7b1213 | completed | – | kind 5300 job | [["e","51f2741085b47da5747c72b73baa95f55',
      '7ec664 | running | – | job 7ec664cc | –',
      '815aa2 | running | – | job 815aa21e | –',
      '866eb0 | failed | – | job 866eb0b4 | badly formatted key: 42224859763652914db',
      '8c59b8 | waiting | – | job 8c59b8c9 | payment required: 25 sat',
      '9b06d5 | running | – | job 9b06d52e | –',
      'a0de2e | completed | – | kind 5302 job | encrypted for another key',
      'a53c93 | completed | – | NIP 90 Text Generation Request | A data vending machine is an automated d',
      'aa1ae9 | queued | – | job aa1ae934 | encrypted for another key',
      'b908ae | completed | – | kind 5303 job | encrypted for another key',
      'bed953 | queued | – | kind 5906 job | encrypted for another key',
      'bf0ca1 | completed | – | job bf0ca16e | ---------- REPORT RESULT ----------⏎Mali',
      'c33912 | waiting | – | kind 5000 job | payment required: 1599 sat',
      'cc7e31 | running | – | job cc7e318a | –',
      'cf3d8d | completed | – | target=ede3d957774e5d5c79664b5b50f53170e | [{"pubkey":"5bb1a50091248f83c38e679a650b',
      'cf7261 | waiting | – | Ostrich purple dancing breakdance and we | payment required: 51 sat',
      'e2947b | completed | – | Summarize this | Job completed successfully',
      "eab68e | failed | – | job eab68eaf | tag should be 'param, <key>, <val>': [p ",
      'ee67b2 | completed | – | language=en | Job completed successfully',
      'f49296 | completed | – | kind 5205 job | {"event_id":"2db38d33c63e00919944f67f9df',
      'f524d8 | queued | – | job f524d834 | encrypted for another key',
      'f650ba | completed | – | git_address=naddr1qvzqqqrhnypzpwa4mkswz4 | –',
      'ff835b | failed | – | job ff835b1b | SearchProfiles: failed to count matches:',
    ]);
  });

  it('made these before some of them expired', async () => {
    const lines = await linesOf(events, Date.UTC(2023, 0, 1));
    expect(lines).toHaveLength(36);
    expect(lines).toEqual(
      expect.arrayContaining([
        '03056c | waiting | – | cpu=1 memory=1024 disk=50 ssh_key=ssh-ed | payment required: 1545 sat',
        'f03c1e | running | 100 | job f03c1e4b | –',
        'f49296 | completed | – | kind 5205 job | {"event_id":"2db38d33c63e00919944f67f9df',
      ]),
    );
  });

  it('make these for one requester, without a word of feedback', async () => {
    const noogle = '460c25e682fda7832b52d1f22d3d22b3176d972f60dcdc3212ed8c92ef85065c';
    expect(await linesOf(events, nowMs, [noogle])).toEqual([
      'a0de2e | completed | – | kind 5302 job | encrypted for another key',
      'b908ae | completed | – | kind 5303 job | encrypted for another key',
    ]);
  });

  it('make these for one provider', async () => {
    const vertex = events.find(({ kind }) => kind === 6314)?.pubkey ?? '';
    expect(await linesOf(events, nowMs, [vertex])).toEqual([
      '1404b0 | completed | – | search=vertex limit=10 | [{"pubkey":"f683e87035f7ad4f44e0b98cfbd9',
      '5082fd | completed | – | job 5082fd37 | [{"pubkey":"3efdaebb1d8923ebd99c9e7ace3b',
      '64f6f1 | completed | – | target=6e468422dfb74a5738702a8823b9b2816 | [{"pubkey":"6e468422dfb74a5738702a8823b9',
      '866eb0 | failed | – | job 866eb0b4 | badly formatted key: 42224859763652914db',
      'cf3d8d | completed | – | target=ede3d957774e5d5c79664b5b50f53170e | [{"pubkey":"5bb1a50091248f83c38e679a650b',
      "eab68e | failed | – | job eab68eaf | tag should be 'param, <key>, <val>': [p ",
      'ff835b | failed | – | job ff835b1b | SearchProfiles: failed to count matches:',
    ]);
  });
});

describe.runIf(isHere)('events as known emitters shape them, and hostile ones', () => {
  const nowMs = 1_795_000_050_000;
  const events = isHere ? readEvents('nip90/synthetic') : [];
  const [request] = events.filter(({ kind }) => kind === 5900);
  const after = (...wanted: string[]) =>
    linesOf([request as Event, ...readNamed('nip90/synthetic', wanted)], nowMs);

  it.each([
    ['seed-7000-progress-eta', 'd13e84 | running | 50 | Translate this text to Spanish | –'],
    ['nostube-7000-transcoding', 'd13e84 | running | 42 | Translate this text to Spanish | –'],
    ['novia-7000-partial-json', 'd13e84 | running | 37.5 | Translate this text to Spanish | –'],
    [
      'ndk-7000-underscore-status',
      'd13e84 | waiting | – | Translate this text to Spanish | payment required',
    ],
    ['hostile-7000-future', 'd13e84 | running | 1 | Translate this text to Spanish | –'],
  ])('%s', async (name, line) => {
    expect(await after(`${name}.json`)).toEqual([line]);
  });

  it('are nothing where a stranger claims that the job is done', async () => {
    expect(await after('hostile-7000-spoofed-success.json')).toEqual([]);
    const both = ['hostile-7000-spoofed-success.json', 'seed-7000-progress-eta.json'];
    expect(await after(...both)).toEqual(['d13e84 | running | 50 | Translate this text to Spanish | –']);
  });

  it('end with the requester’s cancellation, whatever comes after it', async () => {
    expect(await linesOf(events, nowMs)).toEqual([
      'd13e84 | cancelled | 1 | Translate this text to Spanish | by its requester',
    ]);
  });

  it('end with the result, where nobody cancelled', async () => {
    const rest = events.filter(({ kind }) => kind !== 5);
    expect(await linesOf(rest, nowMs)).toEqual([
      'd13e84 | completed | 1 | Translate this text to Spanish | Hola',
    ]);
  });
});

describe.runIf(isHere)('what the connector’s TaskStatusTracker wrote', () => {
  const { secretKey } = keyPair(2);
  const templates = isHere ? readTemplates('connector-dvm/kind7000-feedback.ndjson') : [];
  const events = templates.map(({ kind, created_at, tags, content }) =>
    signed(secretKey, { kind, created_at, tags, content }),
  );
  const nowMs = 1_795_247_400_000;

  it('starts in the queue', async () => {
    expect(await linesOf(events.slice(0, 4), nowMs)).toEqual([
      'aaaaaa | queued | – | job aaaaaaaa | Task queued, waiting to start...',
      'bbbbbb | queued | – | job bbbbbbbb | Task queued, waiting to start...',
      'cccccc | queued | – | job cccccccc | Task queued, waiting to start...',
      'dddddd | queued | – | job dddddddd | Task queued, waiting to start...',
    ]);
  });

  it('ends, each in its way', async () => {
    expect(await linesOf(events, nowMs)).toEqual([
      'aaaaaa | completed | 100 | job aaaaaaaa | Task completed successfully',
      'bbbbbb | running | 5 | job bbbbbbbb | –',
      'cccccc | failed | 66 | job cccccccc | Task failed',
      'dddddd | cancelled | – | job dddddddd | Task cancelled',
    ]);
  });
});

function readEvents(folder: string): Event[] {
  return readNamed(folder, readdirSync(path.join(FIXTURES, folder)));
}

function readNamed(folder: string, files: readonly string[]): Event[] {
  return files.map((file) => JSON.parse(readFileSync(path.join(FIXTURES, folder, file), 'utf8')));
}

function readTemplates(file: string): EventTemplate[] {
  const lines = readFileSync(path.join(FIXTURES, file), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line));
}
