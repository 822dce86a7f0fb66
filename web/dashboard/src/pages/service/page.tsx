import { NotBuilt } from '../../app/NotBuilt';

export default function ServicePage() {
  return <NotBuilt page="services" />;
}
