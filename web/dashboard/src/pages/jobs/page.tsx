import { useSearchState } from '../../app/useSearchState';
import { type Filter, pickFilter } from '../../filter/parse';
import { JobList } from './JobList';
import './jobs.css';
import { jobRule } from './rule';
import { type Sort, sortOf } from './sorts';
import { useJobRows } from './useJobRows';
import { useSortedRows } from './useSortedRows';

/** Every job, by filters and in an order that are in the address; what is chosen is there too. The newest first is live. */
export default function JobsPage() {
  const [search] = useSearchState();
  const filter = pickFilter(search, jobRule);
  const sort = sortOf(search.sort);
  return sort === undefined ? <LiveJobs filter={filter} /> : <SortedJobs filter={filter} sort={sort} />;
}

function LiveJobs({ filter }: { readonly filter: Filter }) {
  return <JobList filter={filter} sort={undefined} list={useJobRows(filter)} />;
}

function SortedJobs({ filter, sort }: { readonly filter: Filter; readonly sort: Sort }) {
  return <JobList filter={filter} sort={sort} list={useSortedRows(filter, sort)} />;
}
