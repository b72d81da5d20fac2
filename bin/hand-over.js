'use strict';

/*
 * For a Node too old to run taskglass: runs it with the one installed beside it, in such a way that nobody notices.
 * The terminal is inherited; what the terminal sends to its foreground process group (Ctrl-C, Ctrl-Z, a resize)
 * reaches the child by itself, and the default action stops this process too; signals sent to this process alone
 * are passed on; the child's end is ours; should we be killed, the channel closes and the child ends itself
 * (see handed-over.js).
 */

var fs = require('fs');
var os = require('os');
var path = require('path');
var spawn = require('child_process').spawn;
var versions = require('./versions.js');

var PASSED_ON = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'];

var recentNode = findRecentNode();
if (recentNode) handOverTo(recentNode);
else sayWhatToDo();

/**
 * The binary of the package `node` in the nearest node_modules that has one which is new enough, or null. That may be
 * far up, as in /tmp, where anybody can put one: it must be ours, root's, or of whoever installed taskglass.
 */
function findRecentNode() {
  try {
    var manifest = require.resolve('node/package.json');
    var binary = path.join(path.dirname(manifest), 'bin', 'node');
    return isOfInstaller(binary) && versions.isRecent(require(manifest).version) ? binary : null;
  } catch (notInstalled) {
    return null;
  }
}

function isOfInstaller(file) {
  if (!process.getuid) return true;
  return [process.getuid(), 0, fs.statSync(__filename).uid].indexOf(fs.statSync(file).uid) !== -1;
}

function handOverTo(node) {
  var command = [path.join(__dirname, 'handed-over.js')].concat(process.argv.slice(2));
  var child = spawn(node, command, { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });

  PASSED_ON.forEach(function (signal) {
    process.on(signal, function () {
      child.kill(signal);
    });
  });
  child.on('error', sayWhatToDo);
  child.on('exit', function (code, signal) {
    process.exit(signal ? 128 + signalNumber(signal) : code);
  });
}

function signalNumber(signal) {
  return (os.constants && os.constants.signals[signal]) || 0;
}

function sayWhatToDo() {
  console.error(
    'taskglass: this is Node ' +
      process.versions.node +
      ', it needs ' +
      versions.NEEDED +
      ' or newer: ' +
      'run npx -y -p node@24 -p taskglass taskglass'
  );
  process.exit(2);
}
