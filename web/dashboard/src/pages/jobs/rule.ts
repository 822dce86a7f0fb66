import type { FilterRule } from '../../filter/parse';

/** The words of the filter: those of the API. */
export const jobRule: FilterRule = {
  names: [
    'state',
    'service',
    'name',
    'operation',
    'tag',
    'owner',
    'error',
    'paused',
    'user_id',
    'session_id',
    'id',
    'created_after',
    'created_before',
  ],
  text: 'name',
};
