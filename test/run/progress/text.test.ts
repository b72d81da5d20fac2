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

describe('lines that tell of progress', () => {
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
    '97% passed',
    'Tests: 97% passed',
    '100% tests passed, 0 tests failed out of 12',
    'Duration  1.20s (transform 12%, tests 97%)',
    '[13/12] beyond',
    'mix 1/2 cup of water with 3/4 cup of milk',
    'tcp/80 closed, 3 of them',
    'support 24/7',
    'took 12 ms',
    '',
  ])('%j', (line) => {
    expect(percentIn(line)).toBeNull();
  });
});
