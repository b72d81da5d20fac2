'use strict';

/*
 * The entry point when an older Node has handed over to this one. The channel closes only when the older one is gone, even
 * by `kill -9`. Then this process ends as if its terminal had been closed.
 */

if (process.channel) {
  process.once('disconnect', () => process.kill(process.pid, 'SIGHUP'));
  process.channel.unref();
}
require('./load.js');
