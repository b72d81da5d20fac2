'use strict';

/*
 * The descriptors above standard error that were open when this process was started; see
 * src/io/inherited-descriptors.ts, which does the same for a command of ours.
 */

var fs = require('fs');

var STDERR = 2;
var HIGHEST = 255;

/** Node's own pipes have both ends here, and neither in our parent. Empty where the system does not tell. */
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
        // the one by which this directory was read
      }
    });
  } catch (unknown) {
    // no Linux, or another user's process
  }
  return links;
}
