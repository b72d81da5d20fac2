'use strict';

/*
 * Finds the descriptors above standard error that this process inherited. src/io/inherited-descriptors.ts does the same
 * for the commands that taskglass runs.
 */

var fs = require('fs');

var STDERR = 2;
var HIGHEST = 255;

/** Returns them; empty if the system does not tell. Node's own pipes have both ends here and neither in our parent. */
exports.inheritedDescriptors = function () {
  var links = linksOf('self');
  var ofParent = values(linksOf(process.ppid));
  var all = values(links);
  return Object.keys(links)
    .map(Number)
    .filter(function (fd) {
      var link = links[fd];
      if (fd <= STDERR || fd > HIGHEST || link.indexOf('anon_inode:') === 0) return false;
      return !isPair(link, all) || ofParent.indexOf(link) !== -1;
    });
};

function isPair(link, all) {
  return link.indexOf('pipe:') === 0 && all.indexOf(link) !== all.lastIndexOf(link);
}

function values(links) {
  return Object.keys(links).map(function (fd) {
    return links[fd];
  });
}

function linksOf(pid) {
  var directory = '/proc/' + pid + '/fd';
  var links = {};
  try {
    fs.readdirSync(directory).forEach(function (fd) {
      try {
        links[fd] = fs.readlinkSync(directory + '/' + fd);
      } catch (closed) {
        // the descriptor with which this directory was read
      }
    });
  } catch (unknown) {
    // not Linux, or another user's process
  }
  return links;
}
