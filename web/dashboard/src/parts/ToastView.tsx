import { Toast } from '@base-ui/react/toast';
import { X } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { useTexts } from '../texts/texts';
import { words } from '../texts/words.texts';
import { Button } from './Button';
import { listen, type SaidAct } from './toasts';

/** How long a toast stays, in milliseconds; 0 until it is closed. */
const stay = { good: 6000, plain: 6000, bad: 0 };
/** One that offers something, which takes time to read and to reach. */
const stayToAct = 12_000;

interface More {
  readonly next?: SaidAct | undefined;
}

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
  const { toasts, add, close } = Toast.useToastManager<More>();
  const [about] = useState(() => new Map<string, string>());
  const actOnce = useCallback(
    (id: string, { act }: SaidAct) => {
      close(id);
      act();
    },
    [close],
  );
  useEffect(
    () =>
      listen(({ title, text, kind = 'plain', of, action, next }) => {
        const before = of === undefined ? undefined : about.get(of);
        if (before !== undefined) close(before);
        const id = add({
          title,
          description: text,
          type: kind,
          // One of high priority is hidden from those who hear the page, who are told in another way, while its buttons take the focus.
          priority: 'low',
          timeout: stay[kind] && (action || next ? stayToAct : stay[kind]),
          data: { next },
          // What was asked for is under way: a second press would ask for it again.
          ...(action ? { actionProps: { children: action.label, onClick: () => actOnce(id, action) } } : {}),
        });
        if (of !== undefined) about.set(of, id);
      }),
    [add, actOnce, close, about],
  );
  return toasts.map(toast => (
    <Toast.Root key={toast.id} toast={toast} className={`toast toast-${toast.type}`}>
      <Toast.Content className="toast-content">
        <Toast.Title className="toast-title" />
        <Toast.Description className="toast-text" />
      </Toast.Content>
      {(toast.actionProps || toast.data?.next) && (
        <div className="row toast-acts">
          <Toast.Action className="button button-plain" />
          {toast.data?.next && (
            <Button onClick={() => toast.data?.next && actOnce(toast.id, toast.data.next)}>
              {toast.data.next.label}
            </Button>
          )}
        </div>
      )}
      <Toast.Close className="button button-quiet button-icon" aria-label={t('close')}>
        <X size={16} aria-hidden />
      </Toast.Close>
    </Toast.Root>
  ));
}
