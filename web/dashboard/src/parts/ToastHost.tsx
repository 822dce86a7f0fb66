import { lazy, Suspense } from 'react';
import { useIsSaid } from './toasts';

const ToastView = lazy(() => import('./ToastView'));

export function ToastHost() {
  return useIsSaid() ? (
    <Suspense>
      <ToastView />
    </Suspense>
  ) : null;
}
