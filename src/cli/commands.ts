import type { CommandGroups } from './command.ts';
import { config } from './commands/config.ts';
import { demo } from './commands/demo.ts';
import { demoWorker } from './commands/demo-worker.ts';
import { eta } from './commands/eta.ts';
import { help } from './commands/help.ts';
import { key } from './commands/key.ts';
import { ledger } from './commands/ledger.ts';
import { logs } from './commands/logs.ts';
import { mcp } from './commands/mcp.ts';
import { publish } from './commands/publish.ts';
import { record } from './commands/record.ts';
import { relay } from './commands/relay.ts';
import { run } from './commands/run.ts';
import { send } from './commands/send.ts';
import { serve } from './commands/serve.ts';
import { source } from './commands/source.ts';
import { status } from './commands/status.ts';

import { task } from './commands/task.ts';
import { version } from './commands/version.ts';
import { wait } from './commands/wait.ts';

/** Every command but the view itself, as `--help` groups and lists them. */
export const COMMANDS: CommandGroups = {
  Watch: [demo, status, logs, wait, send, serve, mcp],
  Report: [run, task, ledger, publish],
  'Look after': [relay, key, config, record, eta, source, help, version, demoWorker],
};
