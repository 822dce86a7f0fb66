import { Toast } from '@base-ui/react/toast';
import { X } from 'lucide-react';
import { useTexts } from '../texts/texts';
import { words } from '../texts/words.texts';

const manager = Toast.createToastManager();

interface Said {
  readonly title: string;
  readonly text?: string;
  readonly kind?: 'good' | 'bad' | 'plain';
  /** An act of undo, where the server can. */
  readonly action?: { readonly label: string; readonly act: () => void };
}

/** Says something at the edge of the page for a few seconds; a failure stays until it is closed. */
export function say({ title, text, kind = 'plain', action }: Said): void {
  manager.add({
    title,
    description: text,
    type: kind,
    priority: kind === 'bad' ? 'high' : 'low',
    timeout: kind === 'bad' ? 0 : 6000,
    ...(action ? { actionProps: { children: action.label, onClick: action.act } } : {}),
  });
}

/** Says that an act failed, in the server's words. */
export function sayFailure(title: string, error: unknown): void {
  say({ title, text: error instanceof Error ? error.message : String(error), kind: 'bad' });
}

export function Toasts() {
  return (
    <Toast.Provider toastManager={manager}>
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
  const { toasts } = Toast.useToastManager();
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
