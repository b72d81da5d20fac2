'use strict';

/* The oldest Node that runs taskglass: the first with `node:sqlite` unflagged. As in package.json's `engines`. */
var NEEDED = [22, 13];

/** Whether a Node of this version, such as '24.1.0', runs taskglass. */
exports.isRecent = function (version) {
  var parts = version.split('.');
  var major = Number(parts[0]);
  return major > NEEDED[0] || (major === NEEDED[0] && Number(parts[1]) >= NEEDED[1]);
};

exports.NEEDED = NEEDED.join('.');
