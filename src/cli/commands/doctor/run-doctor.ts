import { endsWithin } from '../../../clock.ts';
import type { Io } from '../../../io/io.ts';
import { printJson, printPainted } from '../../../io/print.ts';
import type { DoctorReport } from '../../../model/doctor-report.ts';
import { errorMessage } from '../../../model/problem.ts';
import { plainName, words } from '../../../model/text.ts';
import { createPaint, createPlainPaint } from '../../../ui/theme.ts';
import { pageWidth, wantsAscii, wantsColor } from '../../process/appearance.ts';
import { EXIT } from '../../process/exit.ts';
import type { CommandOptions } from '../../session/session.ts';
import type { Check, CheckContext, Finding } from './check.ts';
import { CHECKS } from './checks.ts';
import { reportLines } from './report-lines.ts';

/**
 * All checks run at the same time, so one that hangs (a dead mount, a program that waits) costs no more than this. On a busy
 * machine, even checks that work take seconds.
 */
const LIMIT_MS = 5_000;

/** The checks to run, and where they look; tests set these. */
export interface DoctorParts {
  readonly proc?: string;
  readonly checks?: readonly Check[];
  readonly limitMs?: number;
}

/** Prints the result of each check. Resolves with the exit code: 1 if there is a problem. */
export async function runDoctor(
  { json, ...options }: CommandOptions & { readonly json?: boolean },
  io: Io,
  { proc = '/proc', checks = CHECKS, limitMs = LIMIT_MS }: DoctorParts = {},
): Promise<number> {
  const over = new AbortController();
  const signal = AbortSignal.any([io.signal, over.signal]);
  const context: CheckContext = { io, options, proc, signal };
  const found = await Promise.all(checks.map((check) => lookInTime(check, context, limitMs)));
  over.abort();
  const report = reportOf(found.flat());
  if (json) printJson(io, report);
  else {
    const ascii = wantsAscii(undefined, io);
    const paint = wantsColor(true, io) ? createPaint({ color: true, ascii }) : createPlainPaint({ ascii });
    const width = pageWidth(io);
    printPainted(
      io,
      reportLines(report, { width, ascii }).map((line) => paint(line).trimEnd()),
    );
  }
  return report.problems === 0 ? EXIT.ok : EXIT.faulty;
}

type Named = Finding & { readonly name: string };

async function lookInTime(check: Check, context: CheckContext, limitMs: number): Promise<Named[]> {
  const { name } = check;
  let found: readonly Finding[] = [];
  const looking = check
    .look(context)
    .catch((error: unknown) => [failed(error)])
    .then((findings) => {
      found = findings;
    });
  const isInTime = await endsWithin(context.io.clock, limitMs, looking);
  return (isInTime ? found : [late(limitMs)]).map((finding) => ({ name, ...finding }));
}

function late(limitMs: number): Finding {
  return {
    status: 'warning',
    message: words`not known: no answer within ${limitMs / 1000} s`,
    hint: words`something there hangs or is slow; try again`,
  };
}

function failed(error: unknown): Finding {
  return {
    status: 'warning',
    message: words`not known: ${plainName(errorMessage(error))}`,
    hint: words`please report this as a bug`,
  };
}

function reportOf(found: readonly Named[]): DoctorReport {
  const count = (status: Finding['status']) => found.filter((each) => each.status === status).length;
  return {
    version: 1,
    problems: count('problem'),
    warnings: count('warning'),
    checks: found.map(({ name, status, message, hint }) => ({ name, status, message, hint })),
  };
}
