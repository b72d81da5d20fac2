'use strict';

/* Answers `taskglass --version` before the program is loaded, which takes ten times as long. */

const fs = require('node:fs');

const STDOUT = 1;

/** Prints the version, and tells whether that worked. If not, the program itself is loaded, and explains why. */
exports.answersVersion = () => {
  try {
    fs.writeSync(STDOUT, `${require('../package.json').version}\n`);
    return true;
  } catch {
    return false;
  }
};
