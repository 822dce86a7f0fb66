import { NotBuilt } from '../../app/NotBuilt';

export default function SubmitPage() {
  return <NotBuilt page="submit" />;
}
