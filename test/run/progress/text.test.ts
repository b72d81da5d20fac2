import { describe, expect, it } from 'vitest';
import { createTally } from '../../../src/run/progress/tally.ts';
import { readText } from '../../../src/run/progress/text/read-text.ts';

/** The percentage that a line comes to, rounded to a tenth; null where it is no progress. */
function percentIn(text: string, isRedrawn = false): number | null {
  const found = readText({ text, isRedrawn });
  if (!found) return null;
  const tally = createTally();
  tally.take(found, 'text');
  const { steps } = tally.progress;
  const sum = steps.reduce(
    (all, { status, percent }) => all + (status === 'completed' ? 100 : (percent ?? 0)),
    0,
  );
  return Math.round((sum / steps.length) * 10) / 10;
}

describe('lines that show progress', () => {
  it.each([
    // plain percentages
    ['57%', 57],
    ['  57 %', 57],
    ['57.3 %', 57.3],
    ['42,5 %', 42.5],
    ['42,5\u00a0%', 42.5],
    ['42,5\u202f%', 42.5],
    ['57％', 57],
    ['Fortschritt: 42,5 %', 42.5],
    ['Progression : 42,5 %', 42.5],
    ['Herunterladen … 42 %', 42],
    ['İlerleme: %57', 57],
    ['进度: 57%', 57],
    ['Downloading model… 57%', 57],
    ['Downloading https://example.org/a/b-1.2.3.tar.gz 57%', 57],
    ['57% complete', 57],
    ['done 37.5 % of it', 37.5],
    ['tests/test_api.py ......... [ 57%]', 57],
    ['tests/test_api.py::test_a[1-2] PASSED      [ 57%]', 57],
    ['[ 10%] Building CXX object src/http/cache.o', 10],
    ['[100%] Linking', 99],
    ['######################                  57.3%', 57.3],
    ['foo.iso            57%[=====>      ] 600.00M  10.0MB/s    eta 40s', 57],
    ['  3072K ........ ........ ........ 52% 12.3M 1s', 52],
    ['  1.23M  42%  101.00kB/s    0:00:12', 42],
    ['1.20GiB 0:00:12 [ 102MiB/s] [=====>      ] 57% ETA 0:00:09', 57],
    [' 57%|█████▋    | 57/100 [00:12<00:09,  4.70it/s, loss=0.31]', 57],
    ['Receiving objects:  57% (120/210), 1.20 MiB | 2.40 MiB/s', 57.1],
    ['[#2089b0 400.0KiB/33.2MiB(1%) CN:1 DL:115.7KiB ETA:4m51s]', 1],
    ['backup.tar     57%  123MB  10.1MB/s   00:12 ETA', 57],
    ['<=======------> 57% EXECUTING [12s]', 57],
    ['  42.0 %      12.3 MiB / 45.6 MiB = 0.269   3.4 MiB/s       0:03', 42],
    ['transferred 57% of 12 files', 57],
    ['Ladevorgang (42 %) läuft …', null],
    ['57 percent done', 57],
    ['zu 42,5 Prozent fertig', 42.5],
    ['Progress [=====>    ] 42%', 42],
    ['Transferred:        512 MiB / 1 GiB, 50%, 10 MiB/s, ETA 51s', 50],
    ['Epoch 3:  45%|████▌     | 45/100 [00:12<00:14]', 45],
    // counts
    ['[12/340] Building x.o', 3.5],
    ['[ 12 / 340 ] x', 3.5],
    ['[1,234 / 5,678] 12 actions running', 21.7],
    ['[1.234 / 5.678] Aktionen', 21.7],
    ['[1 / 3] x', 33.3],
    ['[1’234 / 5’678] Aktionen', 21.7],
    ['1\u202f234 / 5\u202f678 fichiers', 21.7],
    ['999 of 1.234 files', 81],
    ['1,200 of 300,000 rows', 0.4],
    ['1.234 of 5.678', 21.7],
    ['12,34,567 of 24,69,134 rows', 50],
    ['copied 12 of 340 files', 3.5],
    ['    Building [=====>                   ] 57/340: serde, syn', 16.8],
    ['(3/12): foo.rpm', 25],
    ['Epoch 3/10', 30],
    ['Epoch 3/10, loss 0.31, acc 0.90', 30],
    ['Epoch [3/10] train_loss: 0.31', 30],
    ['45/100 ━━━━━━━━━━━━━━ 3s 20ms/step - accuracy: 0.9012 - loss: 0.2', 45],
    ['Ralph Iteration 3 of 10', 30],
    ['iteration 120/1000 loss 2.1', 12],
    ['Processing page 2 of 5', 40],
    ['Waiting for rollout to finish: 1 out of 3 new replicas have been updated...', 33.3],
    ['        Running [ 00:00:12] [=====>     ] 120/340: 8 running, 120 passed, 0 skipped', 35.3],
    ['[INFO] Building core 1.0-SNAPSHOT                        [2/5]', 40],
    ['[+] Building 12.3s (5/12)', 41.7],
    ['[12/31] Compiling', 38.7],
    ['Files: 3/10', 30],
    ['File 3 of 10: foo', 30],
    ['(3 of 10) foo', 30],
    ['Phase 1/3: compile', 33.3],
    ['Task 4 of 12 completed', 33.3],
    ['Fetched 12/340 of them', 3.5],
    ['Installed (12/340)', 3.5],
    ['✔ Installed (12/340)', 3.5],
    ['✓ [3/10] built', 30],
    ['✓ 57% built', 57],
    ['frame 120/3000 (4%)', 4],
    ['Writing inode tables:  4/80', 5],
    ['step 0/9', 0],
    // a step and its own percentage
    ['Encoding: task 1 of 1, 12.50 % (49 fps)', 12.5],
    ['Encoding: task 2 of 2, 50.00 %', 75],
    ['[ 3/12] foo-1.2-3.x86_64   50% |  12.0 MiB/s |   3.0 MiB |  00m01s', 20.8],
    // sizes
    ['   ━━━━━━━━━━━━━━━━━━━━━ 22.8/45.6 MB 12.3 MB/s eta 0:00:01', 50],
    ['22.8MB/45.6MB', 50],
    ['1.0 GiB / 4.0 GiB', 25],
    ['900 KiB / 1.2 GiB', 0.1],
    ['512 MiB of 2 GiB', 25],
    ['12,5 von 20,0 GB', 62.5],
    ['Downloaded 100kB of 1.000kB', 10],
  ])('%j → %j', (line, expected) => {
    expect(percentIn(line)).toBe(expected);
  });

  it.each([
    ['at 57% (1.2 GB)', 57],
    ['x 3/4', 75],
  ])('only where it is drawn again: %j', (line, expected) => {
    expect(percentIn(line)).toBeNull();
    expect(percentIn(line, true)).toBe(expected);
  });
});

describe('counts of what is being worked on', () => {
  it.each([
    // a spinner turns beside the one thing that is being worked on
    ['⠋ layer 1/4', 0],
    ['⠋ layer 3/4', 50],
    ['⠹ Loading layer 4/4', 75],
    ['◐ file 2 of 5: a.c', 20],
    ['Lade Datei 3/4 ⠋', 50],
    // of many things, it turns until all are done
    ['⠙ Preparing packages... (3/12)', 25],
    ['⠙ Preparing packages... (12/12)', 91.7],
    // all are done only when the command ends
    ['layer 4/4', 75],
    ['[2/2] link', 50],
    ['Processing page 5 of 5', 80],
    ['4 of 4 files', 75],
    ['Epoch 10/10', 90],
    ['[340/340] Building x.o', 99],
    // unless the line says that they are
    ['[2/2] linked', 99],
    ['Task 12 of 12 completed', 99],
    ['✔ Installed (12/12)', 99],
    ['[====================] 12/12', 99],
    ['4/4 files 100%', 99],
  ])('%j → %j', (line, expected) => {
    expect(percentIn(line)).toBe(expected);
  });

  it('is where a line turns that is drawn again', () => {
    expect(percentIn('- layer 3/4', true)).toBe(50);
  });
});

/** Lines that are progress by themselves. */
const FIGURES = [
  '57%',
  'loading 57%',
  'loaded 57% of it',
  '87% complete',
  '3 of 10',
  'loading 3 of 10 items',
  'copying 12/34 files',
  'step 2 of 4',
  'build 2/3',
  '12.5/45.6 MB',
];

describe('a figure in a name', () => {
  const NAMED: readonly ((name: string) => string)[] = [
    (name) => `[09:53:14] Starting '${name}'...`,
    (name) => `[09:53:14] Finished '${name}' after 304 ms`,
    (name) => `Running "x:${name}" (x) task`,
    (name) => `Processing \`${name}\``,
    (name) => `Lade „${name}“ …`,
    (name) => `a.spec.ts:3:1 › the loader › ${name}`,
    (name) => `  1) ${name}`,
    (name) => `  ✔ the loader: ${name} (12ms)`,
    (name) => `    ✔ the loader: ${name}`,
    (name) => `AssertionError: ${name}`,
  ];
  it.each(NAMED.map((named) => [named('…'), named] as const))('is no progress: %s', (_line, named) => {
    for (const figure of FIGURES) {
      expect([figure, percentIn(named(figure))]).toEqual([figure, null]);
      // It is one that is read where it is no name.
      expect(percentIn(figure, true)).not.toBeNull();
    }
  });

  it.each([
    ['Downloading "a 3/4.zip" 57%', 57],
    ["it's at 3 of 4, isn't it, loading", 75],
    ["Copying 'a' (3/12)", 25],
    ['    ✔ loaded (3/12)', 25],
  ])('does not hide one beside it: %j → %j', (line, expected) => {
    expect(percentIn(line)).toBe(expected);
  });
});

describe('lines that are no progress', () => {
  it.each([
    // dates, times, versions, addresses
    '[INFO] 12/31/2026 10:00:00 starting',
    '2026/11/21 all fine',
    '[2026/11/21 10:00:00] starting 3 of them',
    '12/31 10:00 starting',
    '21.11.2026 10:00 los',
    'version 1.2.3 of 4.5',
    'v1.2/3.4',
    'HTTP/1.1 200 OK',
    '10.0.0.0/24 via 10.0.0.1',
    'http://x/a%20b',
    'src/a.ts:12/40 error',
    // shares, levels and ratios
    'ok  pkg/a 0.5s coverage: 85.0% of statements',
    'All files          |   85.71 |    66.67 |     100 |   85.71 |',
    'Statements   : 85.71% ( 6/7 )',
    'Lines        : 85.71% ( 6/7 )',
    'TOTAL                 120     17    86%',
    'compression ratio: 45%',
    'Compressed 12 MB => 28.5%',
    'a.txt : 45.2%   (1.20 MiB => 555 KiB, a.txt.zst)',
    'CPU 35%',
    'cpu usage is 35 %',
    'Memory: 3.2/16 GB',
    'Mem 3.2 GiB / 16 GiB',
    '/dev/sda1   50G  45G  5G  91% /',
    'disk 91% full',
    'tools_working  4.0K     0  4.0K   0% /mnt/processing/v1',
    'overlay  50G  45G  5G  91% /',
    '12.3/45.6 GB used',
    'Storage: 12.3 GB of 45.6 GB',
    'load average: 57%',
    'battery at 57%',
    'Battery 0: Discharging, 57%, 02:12:00 remaining',
    'Akku: 57 %',
    'accuracy 91%',
    'score: 57%',
    '20% off',
    'Save 20% today',
    'Rabatt 20 %',
    '57% faster than before',
    'a.jpg 1200x1200 24bit N JFIF [OK] 569728 --> 412000 bytes (27.68%), optimized.',
    'writing a.js: 12 kB → 5 kB (58%)',
    'complete  : 0=0.0%, 4=100.0%, 8=0.0%, >=64=0.0%',
    'bundle is 12% smaller',
    'packet loss 2%',
    '0% packet loss',
    'cache hit rate: 57%',
    'opacity: 57%',
    'width: 100%;',
    'about 57% of people like it',
    '57% of users agree',
    '340%',
    'done 1,057% of target',
    'id-57%x',
    'it rounds to 57%',
    'fails at 30%:',
    '  - loads 3/4 while loading',
    // attempts, shards, summaries
    'attempt 2 of 5',
    'Attempt 2/5 failed',
    'retry 2/5',
    'Retrying (2/5)',
    'Retrying in 5s, 2 of 5',
    'shard 1/4',
    '[shard 1/4] started',
    'running shard 1 of 4',
    'worker 3/8 ready',
    'Worker 3 of 8 ready',
    'GPU 0/4',
    'node 1 of 3',
    'rank 1/4',
    'score 3/10',
    'rated 4 of 5',
    '2 of 5 tests failed',
    // names of what is over
    ' ✓ processing 3 of 10 items',
    '    ✔ loading 50% of the items (12 ms)',
    '  × step 2 of 3 fails',
    '97% passed',
    'Tests: 97% passed',
    '100% tests passed, 0 tests failed out of 12',
    'Duration  1.20s (transform 12%, tests 97%)',
    '[13/12] beyond',
    'mix 1/2 cup of water with 3/4 cup of milk',
    'tcp/80 closed, 3 of them',
    'support 24/7',
    'took 12 ms',
    '43% remaining',
    'Remaining: 43%',
    'Context left until auto-compact: 12%',
    '12 of 340 remaining',
    'signal strength 57%',
    '  adding: f1 (deflated 57%)',
    '  adding: f2 (stored 0%)',
    'f1:  57.3% -- replaced with f1.gz',
    '- 57.3% = 1.2 KiB',
    'web-5d8c   0/3     ContainerCreating   0   3s',
    'web-5d8c   1/2     Running   0          3m',
    'Listening on ports 80/443',
    '--shard=1/4',
    'SHARD 2 of 8',
    'test shard (1/4)',
    'connection attempt 1/3',
    'rating 4/5 stars',
    'Lines        : 12/34',
    'Coverage 12/34 lines',
    'CPU: 57% MEM: 12%',
    'GPU 0: 57%',
    '10/100/1000 Mbps',
    '192.168.0.1/24 and fe80::1/64',
    'Snapshots: 3 of 5 obsolete',
    '127.0.0.1 - - [30/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 12/34',
    '',
  ])('%j', (line) => {
    expect(percentIn(line)).toBeNull();
  });
});
