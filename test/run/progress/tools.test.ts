import { describe, expect, it } from 'vitest';
import { zstd } from '../../../src/run/progress/tool/compressors.ts';
import { readOutput } from '../../helpers/found-progress.ts';

/** The whole after each line that changes it. */
function wholesOf(lines: readonly string[]): (number | null)[] {
  const { wholes } = readOutput(lines.map((line) => `${line}\n`));
  return wholes.filter((whole, index) => whole !== wholes[index - 1]);
}

/** Each case: what a tool prints, line by line, and the whole each time that this changes. */
const TOOLS: readonly [tool: string, lines: readonly string[], wholes: readonly (number | null)[]][] = [
  [
    'curl',
    [
      '  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current',
      '                                 Dload  Upload   Total   Spent    Left  Speed',
      '  0 60.0M    0 16384    0     0   175k      0  0:05:49 --:--:--  0:05:49  175k',
      ' 42 1000M   42  420M    0     0  10.0M      0  0:01:35  0:00:40  0:00:55 10.0M',
      '100 60.0M  100 60.0M    0     0  20.1M      0  0:00:02  0:00:02 --:--:-- 20.3M',
    ],
    [0, 42, 99],
  ],
  [
    'curl without a length',
    ['  0     0    0 1234k    0     0   175k      0 --:--:--  0:00:07 --:--:--  175k'],
    [],
  ],
  [
    'rsync --info=progress2',
    [
      'sending incremental file list',
      '      4,194,304   6%   27.75MB/s    0:00:00 (xfr#1, to-chk=4/5)',
      '     20,971,520  34%   20.12MB/s    0:00:01',
      '     62,914,560 100%   20.03MB/s    0:00:02 (xfr#5, to-chk=0/5)',
    ],
    [6, 34, 99],
  ],
  [
    'rsync --progress',
    [
      'f1',
      '         32,768  40%    0.00kB/s    0:00:00',
      '      4,194,304 100%   27.75MB/s    0:00:00 (xfr#1, to-chk=3/5)',
      'f2',
      '         32,768  50%  220.69kB/s    0:00:37',
      '      8,388,608 100%   13.79MB/s    0:00:00 (xfr#2, to-chk=2/5)',
    ],
    [40, 50, 60],
  ],
  [
    'GNU parallel --eta',
    [
      'Computers / CPU cores / Max jobs to run',
      'ETA: 0s Left: 12 AVG: 0.00s  local:2/0/100%/0.0s',
      'ETA: 3s Left: 9 AVG: 0.30s  local:2/3/100%/0.3s',
      'ETA: 1s Left: 3 AVG: 0.30s  a:1/4/50%/0.3s b:1/5/50%/0.3s',
    ],
    [0, 25, 75],
  ],
  ['zstd', ['Read:  4.00 MiB /  12.0 MiB ==> 100%', 'Read:  6.00 MiB /  12.0 MiB ==> 28.5%'], [33.3, 50]],
  [
    'zstd -v',
    [
      '(L19) Buffered: 7.50 MiB - Consumed:  512 KiB - Compressed:  512 KiB => 100.00%',
      'f2 : 45.20%   (  12.0 MiB =>   5.42 MiB, f2.zst)',
    ],
    [],
  ],
  ['xz', ['f1 (1/2)', ' 50.0 %  0.7 MiB / 0.8 MiB = 0.925  0:01', 'f2 (2/2)'], [0, 25, 50]],
  ['xz of one file', ['f2 (1/1)', '  9.4 %  0.7 MiB / 0.8 MiB = 0.925  0:01'], [9.4]],
  [
    'ffmpeg',
    [
      "Input #0, matroska,webm, from 'src.mkv':",
      '  Duration: 00:00:40.00, start: 0.000000, bitrate: 2481 kb/s',
      'frame=    0 fps=0.0 q=0.0 size=       0kB time=-577014:32:22.77 bitrate=  -0.0kbits/s speed=N/A',
      'frame=  132 fps= 60 q=29.0 size=     256kB time=00:00:10.00 bitrate= 524.3kbits/s speed=1.74x',
      'frame=  900 fps= 60 q=29.0 size=    2256kB time=00:00:30.00 bitrate= 524.3kbits/s speed=1.74x',
      '[libx264 @ 0x55d0c8e0] 8x8 transform intra:94.0% inter:71.2%',
      '[libx264 @ 0x55d0c8e0] i16 v,h,dc,p: 40%  8%  7% 45%',
    ],
    [25, 75],
  ],
  [
    'ffmpeg -progress',
    [
      '  Duration: 00:00:40.00, start: 0.0',
      'frame=1',
      'out_time_us=10000000',
      'out_time=00:00:10.000000',
      'progress=continue',
    ],
    [25],
  ],
  [
    'ffmpeg -progress, of which only the microseconds are kept',
    ['  Duration: 00:00:40.00, start: 0.0', 'out_time_us=N/A', 'out_time_us=10000000', 'progress=continue'],
    [25],
  ],
  [
    'git clone',
    [
      "Cloning into 'x'...",
      'remote: Enumerating objects: 210, done.',
      'remote: Counting objects:  50% (105/210)',
      'remote: Counting objects: 100% (210/210), done.',
      'remote: Compressing objects:  50% (60/120)',
      'remote: Total 210 (delta 90), reused 210 (delta 90), pack-reused 0',
      'Receiving objects:   1% (3/210)',
      'Receiving objects:  50% (105/210), 1.20 MiB | 2.40 MiB/s',
      'Resolving deltas:  50% (45/90)',
    ],
    [10, 19.8, 30, 40.2, 50, 70],
  ],
  [
    'BuildKit, several stages',
    [
      '#1 [internal] load build definition from Dockerfile',
      '#1 transferring dockerfile: 2B done',
      '#5 [builder 3/4] RUN go mod download',
      '#8 [runtime 1/2] FROM alpine',
      '#8 DONE 0.2s',
      '#9 [builder 4/4] RUN go build',
      '#9 12.3 57% of it',
      '#10 [runtime 2/2] COPY app /app',
      '#10 CACHED',
    ],
    [50, 33.3, 50, 66.6, 83.3],
  ],
  ['docker build', ['Step 1/4 : FROM alpine', ' ---> 1a2b3c', 'Step 3/4 : RUN make'], [0, 50]],
  [
    'docker pull',
    [
      'latest: Pulling from library/node',
      '1a2b3c4d5e6f: Pulling fs layer',
      '2a2b3c4d5e6f: Already exists',
      '1a2b3c4d5e6f: Downloading [=====>      ]  5MB/10MB',
      '1a2b3c4d5e6f: Download complete',
      '1a2b3c4d5e6f: Extracting [=====>      ]  5MB/10MB',
      '1a2b3c4d5e6f: Pull complete',
      'Status: Downloaded newer image for node:latest',
    ],
    [0, 50, 67.5, 85, 92.5, 99.5],
  ],
  [
    'apt-get install',
    [
      'Reading package lists... 0%',
      'Reading package lists... 100%',
      '0 upgraded, 2 newly installed, 0 to remove and 3 not upgraded.',
      'Get:1 http://deb.example.org/debian stable/main amd64 pv amd64 1.6 [55 kB]',
      '50% [1 pv 25 kB/55 kB 45%]',
      'Selecting previously unselected package pv.',
      '(Reading database ... 5%',
      '(Reading database ... 100%',
      '(Reading database ... 31000 files and directories currently installed.)',
      'Unpacking pv (1.6) ...',
      'Unpacking zstd (1.5) ...',
      'Setting up pv (1.6) ...',
      'Setting up zstd (1.5) ...',
    ],
    [0, 16.6, 33.3, 50, 66.6, 83.3],
  ],
  [
    'apt, with its bar',
    [
      'Building dependency tree... 50%',
      '0 upgraded, 2 newly installed, 0 to remove and 3 not upgraded.',
      'Progress: [ 25%] [####............]',
      'Unpacking pv (1.6) ...',
      'Progress: [ 50%] [########........]',
    ],
    [50, 66.6],
  ],
  [
    'yarn 1',
    [
      '[1/4] Resolving packages...',
      '[2/4] Fetching packages...',
      '[####----] 50/100',
      '[3/4] Linking dependencies...',
      '[4/4] Building fresh packages...',
    ],
    [0, 25, 37.5, 50, 75],
  ],
  [
    'pnpm',
    [
      'Packages: +80',
      'Progress: resolved 80, reused 60, downloaded 20, added 0',
      'Progress: resolved 80, reused 60, downloaded 20, added 40',
    ],
    [0, 50],
  ],
  [
    'kubectl rollout status',
    [
      'Waiting for deployment "x" rollout to finish: 0 of 3 updated replicas are available...',
      'Waiting for deployment "x" rollout to finish: 1 of 3 updated replicas are available...',
    ],
    [50, 66.6],
  ],
  [
    'kubectl, replaced',
    [
      'Waiting for deployment "x" rollout to finish: 1 out of 3 new replicas have been updated...',
      'Waiting for deployment "x" rollout to finish: 1 old replicas are pending termination...',
      'Waiting for deployment "x" rollout to finish: 1 of 3 updated replicas are available...',
    ],
    [16.6, 66.6],
  ],
  [
    'vitest',
    [' Test Files  1 failed | 3 passed (10)', '      Tests  9 passed (9)', '   Duration  1.20s (tests 97%)'],
    [40],
  ],
  [
    'jest',
    ['Test Suites: 1 failed, 2 passed, 3 of 10 total', 'Tests:       1 failed, 12 passed, 13 total'],
    [30],
  ],
  [
    'pytest -v',
    ['tests/test_a.py::test_b[10%] PASSED                 [ 25%]', 'tests/test_a.py::test_c FAILED [ 50%]'],
    [25, 50],
  ],
  [
    'pytest-sugar, of several files at once',
    [
      ' w/test_a.py::test_a[3] ✓                    17% █▋        ',
      ' w/test_b.py::test_a[1] ✓✓                   35% ███▌      ',
      ' w/test_a.py::test_a[4] ✓✓                   42% ████▎     ',
      ' w/test_b.py::test_a[1] ✓✓                   35% ███▌      ',
    ],
    [17, 35, 42],
  ],
  [
    'pytest -q',
    ['.........................        [ 57%]', '========= 2 failed, 40 passed in 1.20s ========='],
    [57],
  ],
  [
    'ctest',
    [
      ' 3/10 Test  #3: foo ......................   Passed    0.01 sec',
      '100% tests passed, 0 tests failed out of 10',
    ],
    [30],
  ],
  [
    'bats',
    [
      `${'   adds 1 of 99 things'.padEnd(94)} 1/14`,
      ' ✓ adds 1 of 99 things',
      `${'   adds 50% more'.padEnd(94)} 2/14`,
      '   a.ts    12/34',
    ],
    [0, 7.1],
  ],
  ['meson test', [' 3/10 foo / bar     OK              0.02s'], [30]],
  [
    'nextest',
    [
      '        PASS [   0.012s] (120/340) core tests::a',
      '     Summary [   1.2s] 340 tests run: 340 passed, 0 skipped',
    ],
    [35.2],
  ],
  [
    'mocha -R list',
    [
      '    the loader loads 57% of it: ',
      '  ✔ the loader loads 57% of it: 303ms',
      '    the loader loads 3 of 10 items: ',
      '  1) the loader loads 3 of 10 items',
      '  - the loader skips 3/4 while loading',
      '  12 passing (3s)',
      '  1 failing',
      '  1) the loader',
      '       loads 3 of 10 items:',
      '     Error: loading 12% of it failed',
    ],
    [],
  ],
  [
    'mocha -R spec, and what comes after it',
    [
      '    ✔ 87% complete (305ms)',
      '    1) loads 30% at once',
      '  1 passing (3s)',
      '       loading 30% at once:',
      'Packing 42%',
    ],
    [42],
  ],
  [
    'gulp',
    [
      "[09:53:14] Starting 'build 1/3'...",
      "[09:53:14] Finished 'build 1/3' after 304 ms",
      "[09:53:15] Starting 'loading 57%'...",
      "[09:53:15] Starting 'step 2 of 4'...",
      "[09:53:15] Finished 'step 2 of 4' after 1.2 s",
    ],
    [],
  ],
  [
    'unittest -v',
    [
      'test_a (tests.test_load.Loading.test_a)',
      'Loading 50% of the items ... ',
      'Loading 50% of the items ... ok',
      'test_b (tests.test_load.Loading.test_b) ... ok',
      'step 3 of 5 ... FAIL',
      'FAIL: test_c (tests.test_load.Loading.test_c)',
      'step 3 of 5',
      'AssertionError: 87% done',
      'uploading 42%',
    ],
    [42],
  ],
  [
    'pytest -v, while a test runs',
    ['tests/test_a.py::test_b[10%] ', 'tests/test_a.py::test_b[10%] PASSED [ 25%]'],
    [25],
  ],
  [
    'pytest-xdist -v',
    ['[gw0] [ 25%] PASSED tests/test_a.py::test_b[87%] ', 'FAILED tests/test_a.py::test_c[10%] - x'],
    [25],
  ],
  ['go test -v', ['=== RUN   TestA/loads_to/57%', '    --- PASS: TestA/loads_to/57% (0.00s)'], []],
  ['playwright', ['[2/8] [chromium] › a.spec.ts:3:1 › loading 57%'], [25]],
  ['mocha, node --test', ['  12 passing (34ms)', 'ℹ tests 12', 'ℹ pass 12', '# pass 12'], []],
  ['go test', ['ok  \tpkg/a\t0.5s\tcoverage: 85.0% of statements', '--- PASS: TestA (0.00s)'], []],
  [
    'gradle',
    [
      '<-------------> 0% INITIALIZING [1s]',
      '<=============> 100% CONFIGURING [2s]',
      '<=====--------> 42% EXECUTING [12s]',
    ],
    [42],
  ],
  ['maven', ['[INFO] Building core 1.0-SNAPSHOT                        [2/5]', '[INFO] BUILD SUCCESS'], [20]],
  [
    'cargo',
    ['   Compiling serde v1.0.2', '    Building [=====>                   ] 57/340: serde, syn'],
    [16.7],
  ],
  ['cmake, make', ['[ 12%] Building CXX object src/a.cc.o', '[100%] Linking CXX executable app'], [12, 99]],
  ['ninja', ['[1/340] Building CXX object a.o', '[12/340] Building CXX object b.o'], [0.2, 3.5]],
  [
    'bazel',
    ['[1,234 / 5,678] 12 actions, 8 running', '[2,000 / 8,000] Compiling x.cc; 3s linux-sandbox'],
    [21.7, 25],
  ],
  [
    'terraform',
    [
      'Plan: 3 to add, 1 to change, 0 to destroy.',
      'aws_instance.a: Creating...',
      'aws_instance.a: Still creating... [10s elapsed]',
      'aws_instance.a: Creation complete after 12s [id=i-1]',
      'aws_instance.b: Modifications complete after 2s [id=i-2]',
      'Apply complete! Resources: 3 added, 1 changed, 0 destroyed.',
    ],
    [25, 50],
  ],
  [
    'ansible',
    ['PLAY [all] ****', 'TASK [Gathering Facts] ****', 'host : ok=3 changed=1 unreachable=0 failed=0'],
    [],
  ],
  [
    'aria2',
    [
      '[#2089b0 400.0KiB/33.2MiB(1%) CN:1 DL:115.7KiB ETA:4m51s]',
      '[DL:3MiB][#2089b0 20MiB/33MiB(60%)][#3089b0 1MiB/9MiB(20%)]',
    ],
    [1, 40],
  ],
  ['wget', ['big   52%[=========>          ]  31.20M  10.4MB/s    eta 3s'], [52]],
  ['wget, dots', ['  3072K ........ ........ ........ ........ 52% 12.3M 1s'], [52]],
  ['pv', ['20.0MiB 0:00:01 [20.0MiB/s] [========>                  ] 33% ETA 0:00:02'], [33]],
  ['dd', ['57475072 bytes (57 MB, 55 MiB) copied, 5 s, 11.5 MB/s'], []],
  [
    'shred -v',
    [
      'shred: disk.img: pass 1/4 (random)...',
      'shred: disk.img: pass 1/4 (random)...100MiB/200MiB 50%',
      'shred: disk.img: pass 2/4 (555555)...',
      'shred: disk.img: pass 4/4 (000000)...',
    ],
    [0, 12.5, 25, 75],
  ],
  [
    'badblocks -w',
    ['Testing with pattern 0xaa: ', 'Reading and comparing: '].flatMap((name) =>
      [20, 90].map((at) => `${name}${at}.00% done, 0:01 elapsed. (0/0/0 errors)`),
    ),
    [20, 90, 60, 95],
  ],
  [
    'badblocks -w, once its name for a phase comes back again and again',
    ['0xaa', '0x55', '0xff', '0x00']
      .flatMap((pattern) => [`Testing with pattern ${pattern}: `, 'Reading and comparing: '])
      .flatMap((name) => [5, 95].map((at) => `${name}${at}.00% done, 0:01 elapsed. (0/0/0 errors)`)),
    [5, 95, 52.5, 97.5, 68.3, 98.3, 76.2, 98.7, 81, 99, null],
  ],
  [
    'prove',
    [
      't/a.t ..... ',
      't/a.t ..... 1/3 ',
      't/a.t ..... ok',
      't/long.t .. 2/?',
      't/b.t ..... Failed 1/3 subtests ',
      'Files=3, Tests=9,  1 wallclock secs ( 0.07 usr  0.02 sys + 0.40 cusr  0.08 csys =  0.57 CPU)',
    ],
    [],
  ],
  ['prove -v', ['t/a.t .. ', '1..3', 'ok 1 - a', 'ok 2 - b 57%', 'ok', 't/b.t .. ', '1..3', 'ok 1'], []],
  [
    'prove -j3',
    ['===(       1;0  1/3  0/?  0/? )======', 't/a.t .. ok', '===(      12;4  3/3  1/3 )==========='],
    [],
  ],
  [
    'rclone -P',
    [
      'Transferred:   \t   10 MiB / 40 MiB, 25%, 0 B/s, ETA -',
      'Transferred:           51 / 400, 13%',
      'Checks:               300 / 400, 75%',
      ' *                                  f145: 81% /195.312Ki, 0/s, -',
      ' *                                  f146: transferring',
      'Transferred:   \t   40 MiB / 80 MiB, 50%, 20.451 MiB/s, ETA 2s',
      'Transferred:   \t   40.5 MiB / 162 MiB, 25%, 20.451 MiB/s, ETA 2s',
    ],
    [25, 50, 25],
  ],
  [
    'fio',
    [
      'Jobs: 1 (f=1): [w(1)][38.0%][w=10.0MiB/s][w=2562 IOPS][eta 00m:05s]',
      '  cpu          : usr=1.20%, sys=3.40%, ctx=20000, majf=0, minf=10',
      '     submit    : 0=0.0%, 4=100.0%, 8=0.0%, 16=0.0%, 32=0.0%, 64=0.0%, >=64=0.0%',
      '     complete  : 0=0.0%, 4=100.0%, 8=0.0%, 16=0.0%, 32=0.0%, 64=0.0%, >=64=0.0%',
    ],
    [38],
  ],
  ['sox -S', ['In:12.3% 00:00:13.99 [00:01:40.00] Out:668k  [ -====|====- ]        Clip:0'], [12.3]],
  [
    'sox -S -n',
    [
      'In:0.00% 00:00:00.00 [00:00:00.00] Out:0     [      |      ]        Clip:0',
      'In:0.00% 00:00:13.99 [00:00:00.00] Out:668k  [ -====|====- ]        Clip:0',
    ],
    [],
  ],
  ['tar --checkpoint', ['tar: Write checkpoint 1000', 'tar: Read checkpoint 2000'], []],
  [
    'e2fsck',
    ['img: |=====           | 24.1%', 'img: 11/262144 files (0.0% non-contiguous), 36942/1048576 blocks'],
    [24.1],
  ],
  ['webpack', ['<s> [webpack.Progress] 12% building 12/34 modules', '40% sealing'], [12, 40]],
  ['pip', ['   ━━━━━━━━━━━━━━━━━━━━━ 22.8/45.6 MB 12.3 MB/s eta 0:00:01'], [50]],
  ['uv', ['⠙ Preparing packages... (3/12)'], [25]],
  ['composer', ['  3/12 [=======>--------------------]  25%'], [25]],
  ['dnf', ['(3/12): foo-1.2-3.rpm  1.2 MB/s | 3.0 MB     00:02'], [25]],
  ['tqdm', [' 57%|█████▋    | 57/100 [00:12<00:09,  4.70it/s]'], [57]],
  ['keras', ['Epoch 3/10', '45/100 ━━━━━━━━━━━━ 3s 20ms/step - accuracy: 0.9012 - loss: 0.2'], [30, 45]],
  ['npm, docker compose', ['added 120 packages in 3s', '[+] Running 3/5'], [60]],
];

describe('tools', () => {
  it.each(TOOLS)('%s', (_tool, lines, wholes) => {
    expect(wholesOf(lines)).toEqual(wholes);
  });
});

/** Likewise, for what is printed for machines. */
const STREAMS: typeof TOOLS = [
  [
    'restic --json',
    [
      '{"message_type":"status","percent_done":0.25,"total_files":12,"files_done":3}',
      '{"message_type":"status","percent_done":0.57,"seconds_remaining":12}',
      '{"message_type":"summary","files_new":12}',
      'a line of 90%',
    ],
    [25, 57],
  ],
  [
    'buildx rawjson',
    [
      '{"vertexes":[{"digest":"a","name":"[internal] load build definition"}]}',
      '{"vertexes":[{"digest":"b","name":"[build 1/2] FROM alpine","started":"2026-11-30T00:00:00Z","completed":"2026-11-30T00:00:01Z"}]}',
      '{"vertexes":[{"digest":"c","name":"[build 2/2] RUN make","started":"2026-11-30T00:00:00Z"}],"logs":[]}',
      '{"statuses":[{"id":"x","vertex":"c","current":57,"total":100}]}',
    ],
    [50],
  ],
  [
    'libtest, nextest',
    [
      '{"type":"suite","event":"started","test_count":4}',
      '{"type":"test","event":"started","name":"a"}',
      '{"type":"test","name":"a","event":"ok"}',
      '{"type":"test","name":"b","event":"failed"}',
      '{"type":"suite","event":"failed","passed":1,"failed":1}',
    ],
    [25, 50],
  ],
  [
    'TAP',
    ['TAP version 14', '1..4', 'ok 1 - a', '    ok 1 - inside', 'not ok 2 - b', '# 57% of it'],
    [25, 50],
  ],
  ['TAP with the plan at the end', ['TAP version 14', 'ok 1 - a', 'ok 2 - loading 3 of 10', '1..2'], []],
  ['TAP of tape', ['TAP version 13', '# loading 1 of 40 items', 'ok 1 processing 1 of 40', '1..1'], []],
  ['TAP of mocha', ['1..2', 'ok 1 loading 3 of 10', '# 57% of it', 'ok 2 loading 57%'], [50, 99]],
  [
    'the docker daemon',
    [
      '{"status":"Pulling from library/node","id":"latest"}',
      '{"status":"Pulling fs layer","progressDetail":{},"id":"1a2b3c4d5e6f"}',
      '{"status":"Downloading","progressDetail":{"current":5,"total":10},"progress":"[===>  ]","id":"1a2b3c4d5e6f"}',
      '{"status":"Pull complete","progressDetail":{},"id":"1a2b3c4d5e6f"}',
    ],
    [0, 35, 99],
  ],
  [
    'terraform -json',
    [
      '{"@level":"info","type":"change_summary","changes":{"add":3,"change":1,"remove":0,"operation":"plan"}}',
      '{"@level":"info","type":"apply_start","hook":{"resource":{"addr":"a"}}}',
      '{"@level":"info","type":"apply_complete","hook":{"resource":{"addr":"a"}}}',
      '{"@level":"info","type":"change_summary","changes":{"add":3,"change":1,"remove":0,"operation":"apply"}}',
    ],
    [25],
  ],
  [
    'go test -json, any log',
    ['{"Action":"output","Package":"a","Output":"57% done\\n"}', '{"level":30,"msg":"57% done"}'],
    [],
  ],
];

describe('streams for machines', () => {
  it.each(STREAMS)('%s', (_tool, lines, wholes) => {
    expect(wholesOf(lines)).toEqual(wholes);
  });
});

describe('what zstd says of a file whose reading may tell how far it is', () => {
  const END = 'f2 : 45.20%   (  12.0 MiB =>   5.42 MiB, f2.zst)';
  it.each([
    ['is that it works on', [END], ['moving']],
    ['is that it works on, of a pipe', ['Read: 4.00 MiB ==> 28.5%'], ['moving']],
    [
      'is nothing once it has said that it reads ahead',
      ['(L19) Buffered: 19.6 MiB - Consumed:    0 B - Compressed:    0 B => 0.00% ', END],
      ['nothing', 'nothing'],
    ],
    [
      'is nothing, in bytes',
      ['(L12) Buffered:1048576 B - Consumed:    0 B - Compressed:    0 B => 0.00% '],
      ['nothing'],
    ],
  ])('%s', (_what, lines, kinds) => {
    const read = zstd.createReader();
    expect(lines.map((text) => read({ text, isRedrawn: false })?.kind)).toEqual(kinds);
  });
});
