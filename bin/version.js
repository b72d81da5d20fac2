'use strict';

/* Answers `taskglass --version` before the program is loaded, which takes ten times as long. */

const fs = require('node:fs');

const STDOUT = 1;

/** Whether the version was all that was asked for, and could be written. What hinders it, the program explains. */
exports.answersVersion = (args) => {
  if (args.length !== 1 || (args[0] !== '--version' && args[0] !== '-V')) return false;
  try {
    fs.writeSync(STDOUT, `${require('../package.json').version}\n`);
    return true;
  } catch {
    return false;
  }
};
