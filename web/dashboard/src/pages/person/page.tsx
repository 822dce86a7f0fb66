import { NotBuilt } from '../../app/NotBuilt';

export default function PersonPage() {
  return <NotBuilt page="people" />;
}
