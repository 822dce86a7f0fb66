import { expect, test } from 'vitest';
import { plainMessage } from './plainMessage';

test.each([
  ['There is no job 7; GET /api/queue/jobs lists the jobs.', 'There is no job 7.'],
  ['The job 7 has no failures x now; GET /api/jobs/{id}/failures lists them.', 'The job 7 has no failures x now.'],
  ['There is no job 7.', 'There is no job 7.'],
  ['The service is down; it is asked again.', 'The service is down; it is asked again.'],
])('%s', (message, plain) => expect(plainMessage(message)).toBe(plain));
