/** What `taskglass/nostr` exports: reporting jobs on relays, and the key that signs the reports. */
export { createSigner, type Signer } from '../../nostr/signer.ts';
export { createJobReporter } from './reporter.ts';
export type { JobInput, JobRequest } from './tracker/request.ts';
export { type JobState, JobStateError } from './tracker/states.ts';
export type { ProgressDetails, TrackedJob } from './tracker/tracked-job.ts';
export { TaskStatusTracker, type TaskStatusTrackerOptions } from './tracker.ts';
