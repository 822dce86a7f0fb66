import { NotBuilt } from '../../app/NotBuilt';

export default function TasksPage() {
  return <NotBuilt page="jobs" />;
}
