import { NotBuilt } from '../../app/NotBuilt';

export default function TaskPage() {
  return <NotBuilt page="jobs" />;
}
