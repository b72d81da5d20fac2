/**
 * The library whose relay this is. The build bundles it into this module of the published library: as a dependency,
 * `@nostr-relay/common` requires `@noble/hashes` without naming it, so that it cannot be loaded where packages are kept
 * apart (pnpm, bun, Yarn's Plug'n'Play), or where the project itself has another version of that.
 */
export {
  type Client,
  type ClientContext,
  type ClientReadyState,
  createOutgoingClosedMessage,
  createOutgoingNoticeMessage,
  createOutgoingOkMessage,
  type Event,
  EventRepository,
  type Filter,
  type IncomingMessage,
  MessageType,
  type OutgoingMessage,
} from '@nostr-relay/common';
export { NostrRelay } from '@nostr-relay/core';
export { Validator } from '@nostr-relay/validator';
