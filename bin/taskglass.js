#!/usr/bin/env node
'use strict';

/*
 * Old JavaScript, so that any Node can parse it. A Node that is new enough loads the program; an old one hands over to the
 * Node that is installed beside taskglass (`npm ci` puts it there), or says in one line what to do.
 */

var isRecent = require('./versions.js').isRecent;

if (isRecent(process.versions.node)) require('./load.js');
else require('./hand-over.js');
