import type { Schemas } from '@stashai/client';

/** The forms of the API that many pages use, by shorter names. All others are `Schemas['NAME']`. */
export type { Schemas } from '@stashai/client';
export type Role = Schemas['Role'];
export type JobState = Schemas['JobStatusWord'];
export type TaskState = Schemas['TaskState'];
export type Me = Schemas['Me'];
export type TaskCounts = Schemas['TaskCounts'];
export type Job = Schemas['JobEntry'];
export type JobDetail = Schemas['JobEntryDetail'];
export type Task = Schemas['TaskEntry'];
export type TaskDetail = Schemas['TaskEntryDetail'];
export type WaitReason = Schemas['Wait'];
export type Lane = Schemas['Lane'];
export type Service = Schemas['Service'];
export type Services = Pick<Schemas['ServiceList'], 'services' | 'everything_paused'> &
  // Older servers leave it out.
  Partial<Pick<Schemas['ServiceList'], 'everything_paused_until'>>;
export type ServerNode = Schemas['Node'];
export type Health = Schemas['Health'];
export type QueueStats = Schemas['QueueStats'];
export type Series = Schemas['Series'];
export type SeriesPoint = Schemas['SeriesPoint'];
