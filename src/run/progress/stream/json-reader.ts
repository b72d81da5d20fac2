import type { Found } from '../found.ts';

/** Reads one program's JSON; null: it is another's. */
export type JsonReader = (value: Readonly<Record<string, unknown>>) => Found | null;
