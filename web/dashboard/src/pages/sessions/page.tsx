import { NotBuilt } from '../../app/NotBuilt';

export default function SessionsPage() {
  return <NotBuilt page="sessions" />;
}
