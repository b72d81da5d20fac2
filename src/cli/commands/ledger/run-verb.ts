import path from 'node:path';
import type { Io } from '../../../io/io.ts';
import { printData, printPainted } from '../../../io/print.ts';
import { whoAsks } from '../../../io/who-asks.ts';
import { LedgerError, type LedgerErrorCode } from '../../../ledger/ledger-error.ts';
import { TaskTrackingService } from '../../../ledger/service.ts';
import { type Problem, problem } from '../../../model/problem.ts';
import { type PlainText, plainName, words } from '../../../model/text.ts';
import type { Line } from '../../../present/line.ts';
import { createPaint, createPlainPaint } from '../../../ui/theme.ts';
import type { CliCall, CliCommand } from '../../command.ts';
import { pageWidth, wantsAscii, wantsColor } from '../../process/appearance.ts';
import { EXIT, refuse } from '../../process/exit.ts';
import { Refusal } from './refusal.ts';
import { jsonText } from './task-document.ts';
import type { Page, Verb } from './verb.ts';

type CommonOptions = Readonly<Record<string, unknown>> & { readonly db?: string; readonly json?: true };

/** Turns a verb into a command. */
export function asCommand(verb: Verb): CliCommand<CommonOptions> {
  return { ...verb, run: (call) => runVerb(verb, call) };
}

/** Runs one verb; a refusal becomes a line on stderr and an exit code. */
async function runVerb(verb: Verb, { args, options: given, io }: CliCall<CommonOptions>): Promise<number> {
  const { db, json, ...options } = given;
  let ledger: Promise<TaskTrackingService> | null = null;
  try {
    return await verb.run({
      args,
      options,
      db,
      isJson: json === true,
      io,
      openLedger: () => {
        ledger ??= openLedger(
          db,
          { mayCreate: verb.mayCreate === true, allowCommands: options.allowCommands === true },
          io,
        );
        return ledger;
      },
      print(document, lines) {
        if (json) printData(io, jsonText(document));
        else printLines(lines, io);
      },
    });
  } catch (error) {
    return refusedBecause(error, verb, io);
  } finally {
    await (ledger as Promise<TaskTrackingService> | null)?.then((opened) => opened.close()).catch(() => {});
  }
}

/**
 * Opens the ledger. A file that was named must exist, or a typing error would create an empty ledger; this user's own ledger
 * is created if it is missing.
 */
function openLedger(
  db: string | undefined,
  { mayCreate, allowCommands }: { readonly mayCreate: boolean; readonly allowCommands: boolean },
  io: Io,
): Promise<TaskTrackingService> {
  return TaskTrackingService.open({
    ...(db === undefined ? {} : { path: path.resolve(io.cwd, db), createIfMissing: mayCreate }),
    allowCommands,
    env: io.env,
    clock: io.clock,
    by: whoAsks(),
  });
}

function printLines(lines: (page: Page) => readonly Line[], io: Io): void {
  const ascii = wantsAscii(undefined, io);
  const paint = wantsColor(true, io) ? createPaint({ color: true, ascii }) : createPlainPaint({ ascii });
  const page = { width: pageWidth(io), ascii, nowMs: io.clock.now() };
  printPainted(
    io,
    lines(page).map((line) => paint(line).trimEnd()),
  );
}

/** The exit codes for refusals of the ledger: `failed` if a task is not done, otherwise the one for any bad request. */
const EXIT_OF: Partial<Record<LedgerErrorCode, number>> = {
  database: EXIT.noSource,
  verification: EXIT.failed,
  hook: EXIT.failed,
  conflict: EXIT.unanswered,
};

function refusedBecause(error: unknown, { name, hints = {} }: Verb, io: Io): number {
  if (error instanceof Refusal) return refuse(io, inVerb(name, error.problem), error.exitCode);
  if (error instanceof LedgerError)
    return refuse(io, inVerb(name, error.problem, hints[error.code]), EXIT_OF[error.code] ?? EXIT.usage);
  throw error;
}

function inVerb(name: string, { kind, severity, message, hint }: Problem, ownHint?: PlainText): Problem {
  return problem(kind, severity, words`${plainName(name)}: ${message}`, ownHint ?? hint);
}
