/**
 * The parser of server-sent events. The build bundles it into this module of the published library: as a dependency, it would
 * make npm warn users of an older Node a second time, in addition to the warning about taskglass itself.
 */
export { createParser, type EventSourceMessage } from 'eventsource-parser';
