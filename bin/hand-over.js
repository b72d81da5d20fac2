'use strict';

/*
 * For a Node too old to run taskglass: runs it with the one installed beside it, in such a way that nobody notices.
 * The terminal is inherited; what the terminal sends to its foreground process group (Ctrl-C, Ctrl-Z, a resize)
 * reaches the child by itself, and the default action stops this process too; signals sent to this process alone,
 * as a witness in its group tells, are passed on; the child's end is ours; should we be killed, the channel closes and the child ends itself
 * (see handed-over.js).
 */

var fs = require('fs');
var os = require('os');
var path = require('path');
var spawn = require('child_process').spawn;
var inheritedDescriptors = require('./inherited.js').inheritedDescriptors;
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
  var child = spawn(node, command, { stdio: descriptors() });
  var witness = startWitness();

  PASSED_ON.forEach(function (signal) {
    process.on(signal, function () {
      var asked = witness;
      asked.stdout.once('data', function () {
        child.kill(signal);
      });
      asked.once('exit', function () {
        if (witness === asked) witness = startWitness();
      });
      asked.stdin.write('?');
    });
  });
  child.on('error', sayWhatToDo);
  child.on('exit', function (code, signal) {
    witness.removeAllListeners('exit').kill('SIGKILL');
    if (signal === 'SIGINT') endBy(signal);
    process.exit(signal ? 128 + signalNumber(signal) : code);
  });
}

/** What the child gets: all that this process was given, and a channel. */
function descriptors() {
  var list = ['inherit', 'inherit', 'inherit'];
  inheritedDescriptors().forEach(function (fd) {
    while (list.length < fd) list.push('ignore');
    list[fd] = fd;
  });
  var free = list.indexOf('ignore');
  list[free === -1 ? list.length : free] = 'ipc'; // low, so that Node marks it as its own
  return list;
}

/** A process in our group that answers until a signal to the whole group ends it: that one the child has, too. */
function startWitness() {
  var witness = spawn('cat', [], { stdio: ['pipe', 'pipe', 'ignore'] });
  witness.on('error', function () {});
  witness.stdin.on('error', function () {});
  return witness;
}

/** A shell that runs us in a loop goes on after an exit code. */
function endBy(signal) {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
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
