'use strict';

/* The oldest Node that runs taskglass: the first that has `node:sqlite` without a flag. package.json's `engines` agrees. */
var NEEDED = [22, 13];

/** Tells whether a Node of this version, such as '24.1.0', runs taskglass. */
exports.isRecent = function (version) {
  var parts = version.split('.');
  var major = Number(parts[0]);
  return major > NEEDED[0] || (major === NEEDED[0] && Number(parts[1]) >= NEEDED[1]);
};

exports.NEEDED = NEEDED.join('.');
