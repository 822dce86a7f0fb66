import { NotBuilt } from '../../app/NotBuilt';

export default function ServicesPage() {
  return <NotBuilt page="services" />;
}
