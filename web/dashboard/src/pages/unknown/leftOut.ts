import type { Schemas } from '../../api/types';

/** A face as a request names it. */
export type Face = Schemas['GroupFaceName'];

export const faceKey = ({ task, face }: Face) => `${task}:${face}`;
