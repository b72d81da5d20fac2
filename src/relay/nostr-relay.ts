/**
 * The library on which the relay is built. The build bundles it into this module of the published library, because
 * `@nostr-relay/common` requires `@noble/hashes` without declaring it. As a dependency, it could not be loaded where packages
 * are isolated (pnpm, bun, Yarn's Plug'n'Play), or where the project has another version of `@noble/hashes`.
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
