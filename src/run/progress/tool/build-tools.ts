import { countOf, type LineReader, NOTHING, percentOf, type Tool } from '../found.ts';

const GRADLE = /^<[=-]*>\s*(?<percent>\d{1,3})%\s+(?<phase>[A-Z]+)/u;

/** Gradle: `<=====-----> 57% EXECUTING [12s]`. Its set-up phase runs to 100 % as well. */
export const gradle: Tool = {
  createReader: () => (line) => {
    const { percent, phase } = GRADLE.exec(line.text)?.groups ?? {};
    if (percent === undefined) return null;
    return (phase === 'EXECUTING' && percentOf(Number(percent))) || NOTHING;
  },
};

const MAVEN = /^\[INFO\] Building (?<name>\S.*?)\s+\[(?<n>\d+)\/(?<m>\d+)\]\s*$/u;

/** Maven: `[INFO] Building core 1.0 [2/5]`, at the beginning of that module. */
export const maven: Tool = {
  createReader: () => (line) => {
    const { name, n, m } = MAVEN.exec(line.text)?.groups ?? {};
    if (name === undefined) return null;
    const [number, total] = [Number(n), Number(m)];
    return number >= 1 && number <= total ? { kind: 'step', number, total, name } : NOTHING;
  },
};

/** pnpm: `Packages: +80` gives the total, `Progress: resolved 120, reused 100, downloaded 20, added 40` the rest. */
export const pnpm: Tool = {
  begins: /Packages: \+|Progress: resolved \d/u,
  createReader: createPnpmReader,
};

function createPnpmReader(): LineReader {
  let total = 0;
  return ({ text }) => {
    const packages = /^Packages: \+(?<total>\d+)/u.exec(text)?.groups?.total;
    if (packages !== undefined) {
      total = Number(packages);
      return NOTHING;
    }
    const added = /^Progress: resolved \d+, .*\badded (?<added>\d+)/u.exec(text)?.groups?.added;
    if (added === undefined) return null;
    return (total > 0 && countOf(Math.min(total, Number(added)), total)) || NOTHING;
  };
}

const PLAN =
  /^Plan: (?:(?<imported>\d+) to import, )?(?<add>\d+) to add, (?<change>\d+) to change, (?<destroy>\d+) to destroy/u;
const APPLIED = /^\S.*: (?:Creation|Modifications|Destruction|Import) complete\b/u;

/** Terraform and OpenTofu: the plan says how many resources will change, and each that has changed is a line. */
export const terraform: Tool = {
  begins: /Plan: \d|\S[^:\n]*: (?:Creation|Modifications|Destruction|Import) complete/u,
  createReader: createTerraformReader,
};

function createTerraformReader(): LineReader {
  let total = 0;
  let done = 0;
  return ({ text }) => {
    const plan = PLAN.exec(text)?.groups;
    if (plan) {
      total = Object.values(plan).reduce((sum, count) => sum + Number(count ?? 0), 0);
      done = 0;
      return NOTHING;
    }
    if (!APPLIED.test(text)) return null;
    done += 1;
    return (total > 0 && countOf(Math.min(done, total), total)) || NOTHING;
  };
}

/** aria2: `[#2089b0 400KiB/33MiB(1%) CN:1 DL:115KiB]`, several downloads in one line. */
export const aria2: Tool = {
  createReader: () => (line) => {
    const all = [...line.text.matchAll(/#[0-9a-f]{6} [^\s/]+\/[^\s/(]+\((?<percent>\d{1,3})%\)/gu)];
    if (all.length === 0) return null;
    const sum = all.reduce((done, match) => done + Number(match.groups?.percent), 0);
    return countOf(sum, all.length * 100) ?? NOTHING;
  },
};
