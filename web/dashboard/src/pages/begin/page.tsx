import { Begin } from './Begin';

export default function BeginPage() {
  return <Begin />;
}
