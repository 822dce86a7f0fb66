import type { Filter, FilterRule } from '../../filter/parse';

/** The words of the filter of the audit log: those of the API. */
export const auditRule: FilterRule = {
  names: ['who', 'action', 'target_kind', 'target_id', 'after', 'before'],
  text: 'who',
};

/** The filter as the API takes it: a day, or a time without its zone, is that of the browser. */
export function asQuery(filter: Filter): Filter {
  const query = { ...filter };
  for (const name of ['after', 'before']) if (filter[name]) query[name] = momentOf(filter[name]);
  return query;
}

function momentOf(text: string): string {
  // Without a time JavaScript takes a day as one of UTC.
  const moment = new Date(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00` : text);
  return Number.isNaN(moment.getTime()) ? text : moment.toISOString();
}
