import { NotBuilt } from '../../app/NotBuilt';

export default function PeoplePage() {
  return <NotBuilt page="people" />;
}
