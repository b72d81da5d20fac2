'use strict';

/*
 * Loaded if this Node is too old to run taskglass: runs it with the Node that is installed beside it, transparently.
 * The child inherits the terminal. A signal from the terminal to its foreground process group (Ctrl-C, Ctrl-Z, a resize)
 * reaches the child directly, and its default action applies to this process as well. A signal to this process alone is
 * passed on; a witness in our group shows which of the two it was. We exit as the child does. If we are killed, the IPC
 * channel closes, and the child ends itself (see handed-over.js).
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
 * Returns the binary of the package `node` in the nearest node_modules that has one; null if there is none, or it is too old.
 * That directory may be far up, as in /tmp, where anybody can create one: the binary's owner must be this user, root, or
 * whoever installed taskglass.
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

/** Returns the child's descriptors: all that this process inherited, and an IPC channel. */
function descriptors() {
  var list = ['inherit', 'inherit', 'inherit'];
  inheritedDescriptors().forEach(function (fd) {
    while (list.length < fd) list.push('ignore');
    list[fd] = fd;
  });
  var free = list.indexOf('ignore');
  list[free === -1 ? list.length : free] = 'ipc'; // as low as possible, so that Node marks it as its own
  return list;
}

/** Starts a process in our group, which a signal to the group ends. If it still answers, the signal was for us alone. */
function startWitness() {
  var witness = spawn('cat', [], { stdio: ['pipe', 'pipe', 'ignore'] });
  witness.on('error', function () {});
  witness.stdin.on('error', function () {});
  return witness;
}

/** Ends this process by a signal. A shell that runs us in a loop would carry on after a mere exit code. */
function endBy(signal) {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

function signalNumber(signal) {
  return (os.constants && os.constants.signals[signal]) || 0;
}

function sayWhatToDo() {
  console.error(
    'taskglass needs Node ' +
      versions.NEEDED +
      ' or newer (this is ' +
      process.versions.node +
      '). Install one, or run: ' +
      [programWithNode()].concat(process.argv.slice(2).map(quoted)).join(' ')
  );
  process.exit(2);
}

/** Returns a command that runs this file with a newer Node. Under Yarn's Plug'n'Play, `npx` has to download the package. */
function programWithNode() {
  if (!process.versions.pnp) return 'npx -y node@24 ' + quoted(process.argv[1]);
  return 'npx -y -p node@24 -p taskglass@' + require('../package.json').version + ' taskglass';
}

/** Quotes a word for a shell; `…` stands for one with characters that a terminal may not show as they are. */
function quoted(word) {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return /^[ -~]*$/.test(word) ? "'" + word.replace(/'/g, "'\\''") + "'" : '…';
}
