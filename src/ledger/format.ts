import { z } from 'zod';
import { jsonObject } from '../model/json.ts';
import { STEP_LIMIT } from '../model/limits.ts';
import { errorMessage, problem } from '../model/problem.ts';
import {
  NAME_LIMIT_BYTES,
  type PlainText,
  plainName,
  plainNameOrNull,
  plainText,
  plainTextOrNull,
  TEXT_LIMIT_BYTES,
  words,
} from '../model/text.ts';

import { LedgerError } from './ledger-error.ts';
import {
  ACTION_TIMEOUT_MS,
  type CommandAction,
  type StepDefinition,
  type TaskAction,
  type TaskDefinition,
} from './types.ts';

/** The longest timer that Node supports. */
const LONGEST_TIMEOUT_MS = 2_147_483_647;

const Name = z.string().max(NAME_LIMIT_BYTES).transform(plainName).refine(isText, 'it is empty');
const OptionalName = z
  .string()
  .max(NAME_LIMIT_BYTES)
  .nullish()
  .transform((name) => plainNameOrNull(name));
const Text = z.string().max(TEXT_LIMIT_BYTES);

const Timeout = z.number().positive().max(LONGEST_TIMEOUT_MS).default(ACTION_TIMEOUT_MS);
const Command = z.union([Text.refine(isText, 'it is empty'), z.array(Text).min(1)]);

const Action = z
  .union([
    Command.transform((command): CommandAction => {
      return { name: null, command, cwd: null, timeoutMs: ACTION_TIMEOUT_MS };
    }),
    z.strictObject({ name: OptionalName, command: Command, cwd: OptionalName, timeoutMs: Timeout }),
    z.strictObject({ name: OptionalName, function: Name, timeoutMs: Timeout }),
  ])
  .nullish()
  .transform((action): TaskAction | null => action ?? null);
const Actions = z
  .array(Action)
  .max(100)
  .nullish()
  .transform((actions) => (actions ?? []).filter((action) => action !== null));

const Step = z.union([
  Name.transform((name): StepDefinition => ({ name, weight: 1 })),
  z.strictObject({ name: Name, weight: z.number().positive().finite().default(1) }),
]);
const StepsSchema = z.array(Step).max(STEP_LIMIT);

const Definition = z.looseObject({
  id: Name,
  name: OptionalName,
  description: Text.nullish().transform((text) => plainTextOrNull(text)),
  job: OptionalName,
  module: OptionalName,
  priority: z
    .number()
    .nullish()
    .transform((priority) => priority ?? null),
  dependencies: z
    .array(Name)
    .max(STEP_LIMIT)
    .nullish()
    .transform((ids) => [...new Set(ids ?? [])]),
  steps: StepsSchema.nullish().transform((steps) => steps ?? []),
  verification: Action,
  beforeCompletion: Actions,
  afterCompletion: Actions,
  rollback: Action,
  labels: z
    .record(
      Name,
      Text.transform((text) => plainText(text)),
    )
    .nullish()
    .transform((labels) => labels ?? {}),
});

/** A step as it is registered: a name, and a weight unless that is 1. */
export type StepInput = string | { readonly name: string; readonly weight?: number };

/** An action as it is registered; a string is a command for `/bin/sh`, a list is a command without a shell. */
export type ActionInput =
  | string
  | readonly string[]
  | { readonly [K in keyof CommandAction]?: CommandAction[K] }
  | { readonly name?: string | null; readonly function: string; readonly timeoutMs?: number };

/** A definition as it is written: everything but the id is optional, and unknown keys are kept. */
export interface DefinitionInput {
  readonly id: string;
  /** The id by default. */
  readonly name?: string | null;
  readonly description?: string | null;
  readonly job?: string | null;
  readonly module?: string | null;
  readonly priority?: number | null;
  readonly dependencies?: readonly string[] | null;
  readonly steps?: readonly StepInput[] | null;
  readonly verification?: ActionInput | null;
  readonly beforeCompletion?: readonly ActionInput[] | null;
  readonly afterCompletion?: readonly ActionInput[] | null;
  readonly rollback?: ActionInput | null;
  readonly labels?: Readonly<Record<string, string>> | null;
  readonly [key: string]: unknown;
}

/**
 * Decodes one definition, a list of them, or a document with `tasks`. Throws a `LedgerError` that names the first malformed
 * place.
 */
export function decodeDefinitions(raw: unknown): TaskDefinition[] {
  const listed = listOf(raw);
  return listed
    ? listed.map((item, index) => decodeDefinition(item, words`tasks[${index}]`))
    : [decodeDefinition(raw)];
}

/** Decodes one definition; `where` names it in the error. */
export function decodeDefinition(raw: unknown, where = words`the definition`): TaskDefinition {
  const parsed = Definition.safeParse(raw);
  if (!parsed.success) throw unreadable(where, parsed.error);
  const { id, name, ...rest } = parsed.data;
  const isOurs = ([key]: [string, unknown]) => Object.hasOwn(Definition.shape, key);
  const entries = Object.entries(rest);
  const own = Object.fromEntries(entries.filter(isOurs)) as typeof rest;
  const extra = Object.fromEntries(entries.filter((entry) => !isOurs(entry)));
  refuseUnkeepable(extra, where);
  return { id, name: name ?? id, ...own, extra };
}

/**
 * Encodes a definition for a file: leaves out empty values, and writes its unknown keys beside the others.
 */
export function encodeDefinition(definition: TaskDefinition): Record<string, unknown> {
  const { extra, ...own } = definition;
  const said = Object.entries(own).filter(([, value]) => !saysNothing(value));
  return { ...Object.fromEntries(said), ...extra };
}

/** Returns the error for something malformed at `where`: the first issue, with its path. */
export function unreadable(where: PlainText, error: z.ZodError): LedgerError {
  const issue = firstIssue(error.issues);
  const place = issue && issue.path.length > 0 ? words`, ${plainName(issue.path.join('.'))}` : '';
  return new LedgerError(
    'definition',
    problem(
      'malformed',
      'degraded',
      words`${where}${place} cannot be read: ${plainName(issue?.message ?? 'it is empty')}`,
      'taskglass ledger template writes one to start from',
    ),
  );
}

/**
 * Throws if unknown keys can't be kept as JSON, because they are nested too deep or are not JSON.
 */
function refuseUnkeepable(extra: Readonly<Record<string, unknown>>, where: PlainText): void {
  try {
    JSON.stringify(extra);
  } catch (error) {
    const said = plainName(errorMessage(error));
    throw new LedgerError(
      'definition',
      problem(
        'malformed',
        'degraded',
        words`${where} cannot be stored: ${said}`,
        'remove what is nested so deeply',
      ),
    );
  }
}

/** Returns the first issue; for alternatives, that of the one that got furthest, because the others were not meant. */
function firstIssue(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue | undefined {
  const [issue] = issues;
  if (issue?.code !== 'invalid_union') return issue;
  const inner = issue.errors
    .map(firstIssue)
    .filter((found) => found !== undefined)
    .toSorted((a, b) => b.path.length - a.path.length)[0];
  return inner ? { ...inner, path: [...issue.path, ...inner.path] } : issue;
}

function listOf(raw: unknown): readonly unknown[] | null {
  if (Array.isArray(raw)) return raw;
  const tasks = jsonObject(raw)?.tasks;
  return Array.isArray(tasks) ? tasks : null;
}

function isText(text: string): boolean {
  return text.trim() !== '';
}

function saysNothing(value: unknown): boolean {
  if (value === null) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
