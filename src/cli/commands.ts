import type { CommandGroups } from './command.ts';
import { complete } from './commands/complete.ts';
import { completion } from './commands/completion.ts';
import { config } from './commands/config.ts';
import { demo } from './commands/demo.ts';
import { demoWorker } from './commands/demo-worker.ts';
import { doctor } from './commands/doctor.ts';
import { eta } from './commands/eta.ts';
import { help } from './commands/help.ts';
import { hooks } from './commands/hooks.ts';
import { key } from './commands/key.ts';
import { ledger } from './commands/ledger.ts';
import { logs } from './commands/logs.ts';
import { mcp } from './commands/mcp.ts';
import { notify } from './commands/notify.ts';
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
import { watch } from './commands/watch.ts';

/** Every command except the view itself, as `--help` groups and lists them. */
export const COMMANDS: CommandGroups = {
  Watch: [demo, status, logs, wait, watch, notify, send, serve, mcp],
  Report: [run, task, ledger, publish],
  Manage: [
    relay,
    key,
    hooks,
    config,
    doctor,
    record,
    eta,
    source,
    completion,
    help,
    version,
    demoWorker,
    complete,
  ],
};
