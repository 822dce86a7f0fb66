import { NotBuilt } from '../../app/NotBuilt';

export default function BeginPage() {
  return <NotBuilt page="begin" />;
}
