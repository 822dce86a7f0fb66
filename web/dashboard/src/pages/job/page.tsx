import { NotBuilt } from '../../app/NotBuilt';

export default function JobPage() {
  return <NotBuilt page="jobs" />;
}
