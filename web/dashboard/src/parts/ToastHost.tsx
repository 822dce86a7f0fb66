import { Suspense } from 'react';
import { lazyPart } from './patient';
import { useIsSaid } from './toasts';

const ToastView = lazyPart(() => import('./ToastView'));

/** Where notices are shown. While their view cannot be loaded, that is said in their place, and they wait. */
export function ToastHost() {
  return useIsSaid() ? (
    <div className="toast-host">
      <Suspense>
        <ToastView />
      </Suspense>
    </div>
  ) : null;
}
