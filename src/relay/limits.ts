/** The limits of the embedded relay: strfry's defaults, so that what works here works on other relays. */
export const LIMITS = {
  eventBytes: 64 * 1024,
  frameBytes: 128 * 1024,
  tags: 2_000,
  tagValueChars: 1_024,
  secondsAhead: 900,
  eventsPerFilter: 500,
  filtersPerRequest: 100,
  tagFiltersPerFilter: 3,
  valuesPerFilter: 1_000,
  subscriptions: 200,
  /** The total: each connection needs a file descriptor, and systems usually give a process 1,024. */
  connections: 500,
  subscriptionIdChars: 128,
  /** How much may wait for a client that does not read before it is disconnected. */
  backlogBytes: 32 * 1024 * 1024,
} as const;

/** How much the relay keeps in memory; the oldest events are dropped first. */
export const MEMORY_BOUNDS = { events: 20_000, bytes: 64 * 1024 * 1024 } as const;

/** The relay's self-description (NIP-11). */
export const RELAY_INFORMATION = {
  name: 'taskglass',
  description: "taskglass's embedded relay: in memory, for one machine or a LAN",
  software: 'taskglass',
  supported_nips: [1, 9, 11, 40, 45, 70],
  limitation: {
    max_message_length: LIMITS.frameBytes,
    max_subscriptions: LIMITS.subscriptions,
    max_filters: LIMITS.filtersPerRequest,
    max_limit: LIMITS.eventsPerFilter,
    default_limit: LIMITS.eventsPerFilter,
    max_subid_length: LIMITS.subscriptionIdChars,
    max_event_tags: LIMITS.tags,
    max_content_length: LIMITS.eventBytes,
    created_at_upper_limit: LIMITS.secondsAhead,
    auth_required: false,
    payment_required: false,
    restricted_writes: false,
  },
} as const;
