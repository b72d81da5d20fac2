'use strict';

/* The names in the runtime directory that the hooks share with an open taskglass; see src/agents/claude/hooks/names.ts. */

const fs = require('node:fs');
const path = require('node:path');

/** Returns the sockets on which a taskglass that can answer listens, or once listened. */
exports.listenersIn = (runtime) =>
  fs
    .readdirSync(runtime)
    .filter((name) => /^claude-answers-\d+\.sock$/.test(name))
    .map((name) => path.join(runtime, name));

/** Returns the directory of the journals, of which there is one for each session. */
exports.journalsIn = (runtime) => path.join(runtime, 'claude');

/** Returns the socket on which a held hook waits for its answer. */
exports.heldSocket = (runtime, id) => path.join(runtime, `claude-held-${id}.sock`);
