import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { type Clock, systemClock } from '../../src/clock.ts';
import { hurriedClock } from './hurried-clock.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** No program is given longer to answer. */
const LONGEST_ANSWER_MS = 10_000;

/** A clock for what is asked rarely: pauses are a hundredth of the usual ones, the time to answer only a fifth. */
export const askingClock: Clock = {
  ...hurriedClock,
  after: (delayMs, action) =>
    delayMs > LONGEST_ANSWER_MS
      ? systemClock.after(delayMs / 100, action)
      : hurriedClock.after(delayMs, action),
};

/** A program with a given name, first on PATH, that answers from a state file. */
export interface FakeProgram<State> {
  /** The environment in which it is found; its own directories are in `directory`. */
  readonly env: NodeJS.ProcessEnv;
  readonly directory: string;
  /** Changes the state from which it answers. */
  edit(change: (state: State) => State): Promise<void>;
  state(): Promise<State>;
  /** Returns the command lines with which it was called, the oldest first. */
  calls(): Promise<string[]>;
  /** Makes it fail at everything, as it does without its daemon or its login, and answer again. */
  breakDown(): Promise<void>;
  mend(): Promise<void>;
  /** From now on it carries out commands. */
  obey(): Promise<void>;
  /** Replaces it by another script; null for no program at all. */
  become(script: string | null): Promise<void>;
  close(): Promise<void>;
}

/**
 * Creates a program, or several with one state. `body` is JavaScript that can use `program`, `args`, `state`, `save(state)`,
 * `obeys`, `print(value)` and `fail(text, code)`. It is not reached while the program is broken: then it prints `broken` and
 * exits with 1.
 */
export async function createFakeProgram<State>(
  names: string | readonly string[],
  {
    initial,
    body,
    broken,
    stateFile = 'state.json',
  }: {
    readonly initial: State;
    readonly body: string;
    readonly broken: string;
    readonly stateFile?: string;
  },
): Promise<FakeProgram<State>> {
  const directory = await temporaryDirectory();
  const [bin, data] = [directory.file('bin'), directory.file(stateFile)];
  const file = (mark: string) => directory.file(`is-${mark}`);
  const programs = [names].flat().map((name) => join(bin, name));
  // One thread is enough, and starts sooner.
  const script = `#!${process.execPath} --single-threaded
const fs = require('node:fs');
const args = process.argv.slice(2);
const program = require('node:path').basename(process.argv[1]);
const print = (value) => fs.writeSync(1, typeof value === 'string' ? value : JSON.stringify(value) + '\\n');
const fail = (text, code = 1) => { fs.writeSync(2, text + '\\n'); process.exit(code); };
const save = (value) => {
  fs.writeFileSync(${JSON.stringify(`${data}.partial`)}, JSON.stringify(value));
  fs.renameSync(${JSON.stringify(`${data}.partial`)}, ${JSON.stringify(data)});
};
const obeys = fs.existsSync(${JSON.stringify(file('obeying'))});
fs.appendFileSync(${JSON.stringify(file('called'))}, [program, ...args].join(' ') + '\\n');
if (fs.existsSync(${JSON.stringify(file('broken'))})) fail(${JSON.stringify(broken)});
const state = JSON.parse(fs.readFileSync(${JSON.stringify(data)}, 'utf8'));
${body}
`;
  const write = async (text: string) => {
    for (const program of programs) {
      await writeFile(`${program}.new`, text);
      await chmod(`${program}.new`, 0o755);
      await rename(`${program}.new`, program);
    }
  };
  const remove = async () => {
    for (const program of programs) await rm(program, { force: true });
  };
  const state = async (): Promise<State> => JSON.parse(await readFile(data, 'utf8'));
  const save = async (value: State) => {
    await writeFile(`${data}.new`, JSON.stringify(value));
    await rename(`${data}.new`, data);
  };
  await mkdir(bin);
  await mkdir(join(data, '..'), { recursive: true });
  await save(initial);
  await write(script);

  return {
    env: {
      ...process.env,
      PATH: `${bin}${delimiter}${process.env.PATH}`,
      HOME: directory.path,
      XDG_DATA_HOME: directory.path,
    },
    directory: directory.path,
    state,
    edit: async (change) => save(change(await state())),
    async calls() {
      return existsSync(file('called')) ? (await readFile(file('called'), 'utf8')).trimEnd().split('\n') : [];
    },
    breakDown: () => writeFile(file('broken'), ''),
    mend: () => rm(file('broken')),
    obey: () => writeFile(file('obeying'), ''),
    become: (text) => (text === null ? remove() : write(text)),
    close: async () => directory[Symbol.asyncDispose](),
  };
}
