import { NotBuilt } from '../../app/NotBuilt';

export default function OverviewPage() {
  return <NotBuilt page="overview" />;
}
