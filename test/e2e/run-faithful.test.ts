import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../helpers/eventually.ts';
import { PROGRAM } from '../helpers/program.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';
import { openTerminal } from '../helpers/terminal.ts';

/** `$RUN` in a script is nothing, or taskglass: what comes of the script is to be the same. */
const WRAPPED = `${process.execPath} ${PROGRAM} run --name x --`;

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
beforeAll(async () => {
  directory = await temporaryDirectory();
});
afterAll(() => directory[Symbol.asyncDispose]());

/**
 * Says when it is continued: `fg` names a job before the terminal is the job's again, and a key that is pressed in between
 * is the shell's.
 */
const ENDLESS = '$| = 1; $SIG{CONT} = sub { print "back\\n" }; print "on\\n"; sleep 1 while 1;\n';

let folders = 0;
/** A folder with a few programs in it, for one run of one script. */
async function folder(): Promise<string> {
  folders += 1;
  const path = directory.file(`${folders}`);
  await mkdir(path);
  await writeFile(join(path, 'orphan'), '#!/no/such\n', { mode: 0o755 });
  await writeFile(join(path, 'endless.pl'), ENDLESS);
  await writeFile(join(path, 'Makefile'), 'all:\n\t+@$(RUN) make sub\nsub:\n\t@:\n');
  return path;
}

function environment(cwd: string, run: string): NodeJS.ProcessEnv {
  const { FORCE_COLOR, MAKEFLAGS, ...env } = process.env;
  return { ...env, RUN: run, TASKGLASS_HOME: join(cwd, '.home') };
}

/** What comes of a script over pipes. */
async function overPipes(script: string, run: string, signal?: Signalling) {
  const cwd = await folder();
  const child = spawn('sh', ['-c', script], { cwd, env: environment(cwd, run), detached: true });
  child.stdin.on('error', () => {}).end('line one\nline two\n');
  const stdout = buffer(child.stdout);
  const stderr = buffer(child.stderr);
  if (signal) {
    await eventually(() => expect(existsSync(join(cwd, 'ready'))).toBe(true));
    const pid = child.pid ?? 0;
    process.kill(signal.to === 'group' ? -(child.pid ?? 0) : pid, signal.name);
  }
  const [code, by] = await once(child, 'exit');
  return {
    stdout: String(await stdout),
    bytes: (await stdout).toString('hex').length,
    stderr: String(await stderr),
    code,
    by,
  };
}

interface Signalling {
  readonly name: NodeJS.Signals;
  /** The whole group, as from a terminal, or the script alone. */
  readonly to: 'group' | 'process';
}

/** Those above belong to the tests. */
const FDS = 'sh -c \'ls /proc/self/fd | grep -xE "[3-9]|1[0-9]"\'';

const piped: readonly (readonly [what: string, script: string, signal?: Signalling])[] = [
  [
    'outputs opened by name',
    `{ $RUN sh -c 'echo a > /dev/stderr; echo b > /dev/stdout; echo c | tee /dev/stderr'; } 2>&1 | cat`,
  ],
  ['its input', '$RUN cat'],
  ['a part of its input', `$RUN head -c 5; exec cat`],
  ['bytes that are no text', `$RUN printf 'caf\\351 \\000 \\377\\n'`],
  ['a line of a megabyte', `$RUN sh -c 'head -c 1000000 /dev/zero | tr "\\0" x'`],
  [
    'output to both, in order',
    `$RUN sh -c 'for i in 1 2 3 4 5 6; do echo out $i; echo err $i >&2; done' > log 2>&1; cat log`,
  ],
  ['a descriptor above 2', `exec 7< Makefile; $RUN sh -c 'cat <&7'`],
  ['which descriptors are open', `exec 5< Makefile 9< Makefile 3< /dev/null; $RUN ${FDS}`],
  ["make's jobserver", 'unset MAKEFLAGS; make -j3 RUN="$RUN"'],
  [
    'an empty environment',
    `env -i HOME="$HOME" TASKGLASS_HOME="$TASKGLASS_HOME" A=1 $RUN env | grep -v '^_=\\|^TASKGLASS' | sort`,
  ],
  ['an exit code', `$RUN sh -c 'exit 77'; echo $?`],
  ['a signal', `exec 2> /dev/null; $RUN sh -c 'kill -TERM $$'; echo $?`],
  ['a signal without a name', `exec 2> /dev/null; $RUN sh -c 'kill -40 $$'; echo $?`],
  ['a reader who has had enough', `{ $RUN yes; echo $? >&2; } | head -1`],
  ['outputs that it closes', `$RUN sh -c 'echo a; exec >&- 2>&-; exit 5'; echo $?`],
  ['a daemon that it leaves', `$RUN sh -c 'sleep 9 > /dev/null 2>&1 & echo left'; echo $?`],
  ['input that nobody reads', '$RUN true; echo $?'],
  [
    'a signal to it alone',
    `exec $RUN sh -c 'trap "echo got; exit 3" TERM; : > ready; while :; do sleep .05; done'`,
    { name: 'SIGTERM', to: 'process' },
  ],
  [
    'an interrupt of its whole group, once',
    `trap : INT; $RUN sh -c 'n=0; trap "n=\\$((n+1))" INT; : > ready; until [ $n -gt 0 ]; do sleep .1; done; sleep .3; echo $n'`,
    { name: 'SIGINT', to: 'group' },
  ],
  ['that its group is ours', `$RUN sh -c 'ps -o pgid= -p $$' | grep -cx " *$$"`],
  ['the end of its group', `$RUN sh -c ': > ready; sleep 60'`, { name: 'SIGKILL', to: 'group' }],
];

describe('over pipes a command does not notice:', () => {
  it.concurrent.each(piped.map(([what, script, signal]) => ({ what, script, signal })))(
    '$what',
    async ({ script, signal }) => {
      const [bare, wrapped] = await Promise.all([
        overPipes(script, '', signal),
        overPipes(script, WRAPPED, signal),
      ]);
      expect(wrapped).toEqual(bare);
    },
  );
});

type Keys = readonly (readonly [wanted: string | RegExp, keys: string])[];

/** What comes of a script in a terminal, with keys that are pressed once something stands there. */
async function inTerminal(script: string, run: string, keys: Keys = []) {
  const cwd = await folder();
  const env = { RUN: run, TASKGLASS_HOME: join(cwd, '.home'), FORCE_COLOR: undefined };
  // What is printed last may be lost with the terminal: it stays until all is there.
  const whole = `trap : INT; (${script}); echo "exit code" $?; read _`;
  const terminal = openTerminal('sh', ['-c', whole], { cwd, env, cols: 90, rows: 20 });
  for (const [wanted, pressed] of keys) {
    await terminal.until(wanted);
    terminal.type(pressed);
  }
  await terminal.until(/exit code \d+\n?$/u);
  const output = withoutOurs(terminal.output).trimEnd();
  terminal.dispose();
  return output;
}

/** At a terminal a run shows its id, and takes it back before the command's first output. */
function withoutOurs(output: string): string {
  return output.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
    /\u001b7\u001b\[\?7l\u001b\[2mtaskglass: run: x-\w+\u001b\[22m\u001b\[\?7h\u001b8\u001b\[K/gu,
    '',
  );
}

const TTYS = `for i in 0 1 2; do test -t $i && echo "$i tty"; done; stty size < /dev/tty; tput cols`;

const shown: readonly (readonly [what: string, script: string, keys?: Keys])[] = [
  ['its terminal and size', `$RUN sh -c '${TTYS}'`],
  ['errors that go elsewhere', `$RUN sh -c '${TTYS}; echo problem >&2' 2> err; cat err`],
  ['output that goes elsewhere', `$RUN sh -c '${TTYS}; echo note >&2' > out; cat out`],
  ['output to a reader', `$RUN sh -c '${TTYS}' | cat`],
  ['input from elsewhere', `echo typed | $RUN sh -c '${TTYS}; cat'`],
  [
    'a question at its terminal',
    `$RUN sh -c 'printf "pw: " > /dev/tty; read x < /dev/tty; echo got $x' | cat`,
    [['pw:', 'hello\r']],
  ],
  [
    'a question while its input comes from elsewhere',
    `echo x | $RUN sh -c 'read y; printf "pw: " > /dev/tty; read x < /dev/tty; echo got $x $y'`,
    [['pw:', 'hello\r']],
  ],
  [
    'keys for a pager that reads what others print',
    // The keys are lent a moment after the pager prints: it asks for one when the terminal itself is ready for that.
    `seq 100 | $RUN perl -e '@lines = <STDIN>; open(T, "+<&STDERR"); system("stty -icanon -echo <&2"); print STDERR "page "; for (1 .. 200) { last if \`stty -a < /dev/tty\` =~ /-icanon/; select(undef, undef, undef, .05) } print STDERR "--More--"; sysread T, $key, 1; system("stty icanon echo <&2"); print "key $key\n"'`,
    [['--More--', 'q']],
  ],
  ['raw modes', `$RUN sh -c "stty raw -echo; printf 'abc\\ndef\\n'; stty sane"`],
  ['bytes that are no text', `$RUN printf 'caf\\351\\n'`],
  ['what cannot be started', `$RUN /tmp 2> /dev/null; echo $?; $RUN ./orphan 2> /dev/null; echo $?`],
  ['a signal without a name', `exec 2> /dev/null; $RUN sh -c 'kill -40 $$'; echo $?`],
  [
    'the key that interrupts',
    `trap : INT; $RUN sh -c 'trap "echo got; exit 3" INT; echo on; while :; do sleep .05; done'; echo $?`,
    [[/^on$/mu, '\u0003']],
  ],
  ['which descriptors are open', `exec 5< Makefile 9< Makefile; $RUN ${FDS}`],
  ["make's jobserver", 'unset MAKEFLAGS; make -j3 RUN="$RUN"'],
  ['that colours are wanted', `$RUN sh -c 'env | grep COLOR; :'; $RUN sh -c 'env | grep COLOR; :' | cat`],
  [
    'the end of its input',
    `$RUN sh -c 'echo on; cat'; echo $?`,
    [
      [/^on$/mu, 'one\r'],
      [/one\none/u, '\u0004'],
    ],
  ],
];

describe('in a terminal a command does not notice:', () => {
  it.concurrent.each(shown.map(([what, script, keys]) => ({ what, script, keys })))(
    '$what',
    async ({ script, keys }) => {
      const [bare, wrapped] = await Promise.all([
        inTerminal(script, '', keys),
        inTerminal(script, WRAPPED, keys),
      ]);
      expect(wrapped).toEqual(bare);
    },
  );
});

/** What stands on the screen after keys in an interactive shell, each pressed once something stands there. */
async function inShell(keys: Keys, run: string): Promise<string> {
  const cwd = await folder();
  const env = { RUN: run, TASKGLASS_HOME: join(cwd, '.home'), PS1: 'next$ ', FORCE_COLOR: undefined };
  const shell = openTerminal('bash', ['--norc', '--noprofile', '-i'], { cwd, env, cols: 90, rows: 30 });
  try {
    for (const [wanted, pressed] of keys) {
      await shell.until(wanted);
      shell.type(pressed);
    }
    await shell.until(/the end\nnext\$ ?$/u);
    // Where the shell puts an empty line before its news is a matter of luck.
    return withoutOurs(shell.screen())
      .replace(/^(\[\d\]) \d+$/gmu, '$1 pid')
      .replace(/\n{2,}/gu, '\n');
  } finally {
    shell.dispose();
  }
}

const PROMPT = /next\$ ?$/u;
const STOPPED = /Stopped.*next\$ ?$/su;
const END = 'echo the" "end\r';
const MODES = `stty -a | grep -oE -e "-?(icanon|isig|opost|onlcr|echo)\\b" | xargs; `;

const jobs: readonly (readonly [what: string, keys: Keys])[] = [
  ['reads in the background', [[PROMPT, `$RUN cat & until jobs -s | grep cat; do sleep .1; done; ${END}`]]],
  [
    'is stopped while others read what it prints',
    [
      [PROMPT, `$RUN perl endless.pl | cat\r`],
      [/\non$/u, '\u001a'],
      [STOPPED, `${MODES}jobs; fg\r`],
      [/\nback$/u, '\u0003'],
      [PROMPT, END],
    ],
  ],
  [
    'is stopped with the script that runs it',
    [
      [PROMPT, `sh -c '$RUN perl endless.pl; true'\r`],
      [/\non$/u, '\u001a'],
      [STOPPED, `${MODES}fg\r`],
      [/\nback$/u, '\u0003'],
      [PROMPT, `echo $?; ${MODES}${END}`],
    ],
  ],
  [
    'tidies up before it is stopped',
    [
      [
        PROMPT,
        `$RUN sh -c 'trap "echo off; kill -STOP $$; echo back; exit 3" TSTP; echo on; sleep 60 & wait'\r`,
      ],
      [/\non$/u, '\u001a'],
      [STOPPED, 'fg\r'],
      [/back\nnext\$ ?$/u, `echo $?; ${END}`],
    ],
  ],
  [
    'ends a loop by the key that interrupts it',
    [
      [PROMPT, `for i in 1 2 3; do $RUN sh -c 'echo on; exec sleep 60'; done\r`],
      [/\non$/u, '\u0003'],
      [PROMPT, `echo $?; ${END}`],
    ],
  ],
  [
    'ends a loop by a key that it takes itself, as `sudo` does',
    [
      [
        PROMPT,
        `for i in 1 2 3; do $RUN sh -c 'stty raw -echo; printf "on\\r\\n"; dd bs=1 count=1 of=/dev/null status=none; stty sane; kill -INT $$'; done\r`,
      ],
      [/\non$/u, '\u0003'],
      [PROMPT, `echo $?; ${END}`],
    ],
  ],
  ['leaves the modes that it has set', [[PROMPT, `$RUN stty -echo | cat; ${MODES}stty echo; ${END}`]]],
];

describe.runIf(existsSync('/bin/bash'))('a shell does not notice that its job', () => {
  it.concurrent.each(jobs.map(([what, keys]) => ({ what, keys })))('$what', async ({ keys }) => {
    const [bare, wrapped] = await Promise.all([inShell(keys, ''), inShell(keys, WRAPPED)]);
    expect(wrapped).toBe(bare);
  });
});
