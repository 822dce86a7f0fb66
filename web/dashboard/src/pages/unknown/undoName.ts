import { client } from '../../api/client';
import { type Enrolled, takeOut, type Undone } from '../../views/faces/enrolFace';
import type { Clusters } from './queries';

/**
 * Takes back that a group was named: its faces leave the gallery, the results of all its jobs are judged again, and the faces that are unknown
 * then are grouped anew, since the server keeps whom a group was named after.
 */
export async function undoName(enrolled: Enrolled, clusters: Clusters): Promise<Undone> {
  const end = await takeOut(enrolled);
  const { job_id, jobs, min_faces, threshold } = clusters;
  await client.bulk.start({ action: 'rematch', filter: { ids: [...jobs] } });
  await client.request('/api/jobs/{id}/clusters', 'post', {
    path: { id: job_id },
    body: { min_faces, jobs: jobs.filter(id => id !== job_id), ...(threshold !== null && { threshold }) },
  });
  return end;
}
