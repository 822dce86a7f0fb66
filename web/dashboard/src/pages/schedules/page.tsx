import { NotBuilt } from '../../app/NotBuilt';

export default function SchedulesPage() {
  return <NotBuilt page="schedules" />;
}
