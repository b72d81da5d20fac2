import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

interface Entry {
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly dev?: boolean;
  readonly engines?: { readonly node?: string };
}

const text = readFileSync(join(import.meta.dirname, '..', 'package-lock.json'), 'utf8');
const packages: Readonly<Record<string, Entry>> = JSON.parse(text).packages;

describe('the lock file', () => {
  it('names no host that a package came from', () => {
    expect(Object.keys(packages).filter((path) => packages[path]?.resolved)).toEqual([]);
  });

  it('holds the packages of every platform (scripts/complete-lock.ts adds what npm left out)', () => {
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter((name) => !isFoundFrom(path, name)),
    );
    expect(missing).toEqual([]);
  });

  it('installs without a warning on the oldest Node that we run on', () => {
    const installed = Object.entries(packages).filter(([, { dev }]) => !dev);
    const demanding = installed.filter(([, { engines }]) => !allows(engines?.node ?? '*', 22, 13));
    expect(packages['']?.engines?.node).toBe('>=22.13');
    expect(demanding.map(([path]) => path)).toEqual([]);
  });

  it('lets npm on Node 20 warn a user of nothing but taskglass itself', () => {
    const installed = Object.entries(packages).filter(([, { dev }]) => !dev);
    const demanding = installed.filter(([, { engines }]) => !allows(engines?.node ?? '*', 20, 20));
    expect(demanding.map(([path]) => path)).toEqual(['']);
  });
});

/** Is this Node in the range? Of the ranges that packages write: `>=22.12`, `20 || >=22`, `^20.1 || ^22.2`. */
function allows(range: string, ofMajor: number, minor: number): boolean {
  return range.split('||').some((part) => {
    const [, sign = '', major, least = '0'] = /^\s*(>=|\^|~|)\s*v?(\d+|\*)(?:\.(\d+))?/u.exec(part) ?? [];
    if (major === '*' || (sign === '>=' && Number(major) < ofMajor)) return true;
    return Number(major) === ofMajor && Number(least) <= minor;
  });
}

function isFoundFrom(path: string, name: string): boolean {
  return `${path}/node_modules/${name}` in packages || `node_modules/${name}` in packages;
}
