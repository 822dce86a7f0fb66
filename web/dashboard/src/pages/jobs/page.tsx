import { NotBuilt } from '../../app/NotBuilt';

export default function JobsPage() {
  return <NotBuilt page="jobs" />;
}
