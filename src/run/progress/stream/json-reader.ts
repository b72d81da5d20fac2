import type { Found } from '../found.ts';

/** Reads one program's JSON; returns null if it is another program's. */
export type JsonReader = (value: Readonly<Record<string, unknown>>) => Found | null;
