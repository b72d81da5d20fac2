'use strict';

/*
 * Where a recent Node starts when an older one handed over to it: the channel to the older one closes only when
 * that is gone, even by `kill -9`. Then this process ends as it would with its terminal.
 */

if (process.channel) {
  process.once('disconnect', () => process.kill(process.pid, 'SIGHUP'));
  process.channel.unref();
}
require('./load.js');
