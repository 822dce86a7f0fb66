import { describe, expect, it } from 'vitest';
import { isEndedBatch, jobTakes, taskTakes } from './acts';
import type { JobState, TaskState } from './types';

const job = (state: JobState, failed = 1, batch_id: string | null = null) => ({ state, batch_id, tasks: { failed } });
const states: readonly JobState[] = ['pending', 'running', 'completed', 'partial', 'failed', 'cancelled'];

describe('jobTakes', () => {
  it('offers what changes open jobs only while they are open', () => {
    for (const act of ['pause', 'cancel', 'priority'] as const) {
      expect(states.filter(state => jobTakes(job(state), act))).toEqual(['pending', 'running']);
    }
  });

  it('offers to retry and to skip only where something failed', () => {
    for (const act of ['retry', 'skip'] as const) {
      expect(states.filter(state => jobTakes(job(state, 0), act))).toEqual([]);
      expect(states.filter(state => jobTakes(job(state), act))).toEqual(['running', 'partial', 'failed', 'cancelled']);
    }
  });

  it('leaves the results of a batch that has ended as they are', () => {
    const ended = job('partial', 1, 'batch_1');
    expect(isEndedBatch(ended)).toBe(true);
    expect((['retry', 'skip', 'rerun', 'delete'] as const).filter(act => jobTakes(ended, act))).toEqual([
      'rerun',
      'delete',
    ]);
    expect(jobTakes(job('running', 1, 'batch_1'), 'retry')).toBe(true);
  });

  it('lets everybody run again and delete in every state', () => {
    for (const state of states)
      for (const act of ['rerun', 'delete'] as const) expect(jobTakes(job(state), act)).toBe(true);
  });
});

describe('taskTakes', () => {
  it('offers to cancel what has not ended and to retry what failed or was cancelled', () => {
    const all: readonly TaskState[] = ['available', 'scheduled', 'running', 'completed', 'failed', 'cancelled'];
    const of = (act: 'cancel' | 'retry', batch: string | null = null) =>
      all.filter(state => taskTakes({ state }, job('partial', 1, batch), act));
    expect(of('cancel')).toEqual(['available', 'scheduled', 'running']);
    expect(of('retry')).toEqual(['failed', 'cancelled']);
    expect(of('retry', 'msgbatch_1')).toEqual([]);
  });
});
