import { Toast } from '@base-ui/react/toast';
import { X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTexts } from '../texts/texts';
import { words } from '../texts/words.texts';
import { listen } from './toasts';

/** How long a toast stays, in milliseconds; 0 until it is closed. */
const stay = { good: 6000, plain: 6000, bad: 0 };

export default function ToastView() {
  return (
    <Toast.Provider>
      <Toast.Portal>
        <Toast.Viewport className="toasts">
          <ToastList />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function ToastList() {
  const t = useTexts(words);
  const { toasts, add, close } = Toast.useToastManager();
  const [about] = useState(() => new Map<string, string>());
  useEffect(
    () =>
      listen(({ title, text, kind = 'plain', of, action }) => {
        const before = of === undefined ? undefined : about.get(of);
        if (before !== undefined) close(before);
        const shown = add({
          title,
          description: text,
          type: kind,
          // One of high priority is hidden from those who hear the page, who are told in another way, while its buttons take the focus.
          priority: 'low',
          timeout: stay[kind],
          ...(action ? { actionProps: { children: action.label, onClick: action.act } } : {}),
        });
        if (of !== undefined) about.set(of, shown);
      }),
    [add, close, about],
  );
  return toasts.map(toast => (
    <Toast.Root key={toast.id} toast={toast} className={`toast toast-${toast.type}`}>
      <Toast.Content className="toast-content">
        <Toast.Title className="toast-title" />
        <Toast.Description className="toast-text" />
      </Toast.Content>
      <Toast.Action className="button button-plain" />
      <Toast.Close className="button button-quiet button-icon" aria-label={t('close')}>
        <X size={16} aria-hidden />
      </Toast.Close>
    </Toast.Root>
  ));
}
