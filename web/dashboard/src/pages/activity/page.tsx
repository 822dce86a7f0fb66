import { NotBuilt } from '../../app/NotBuilt';

export default function ActivityPage() {
  return <NotBuilt page="activity" />;
}
