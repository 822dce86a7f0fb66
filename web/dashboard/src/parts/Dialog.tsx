import { type ReactNode, Suspense, useState } from 'react';
import { whenIdle } from './whenIdle';

export interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly text?: ReactNode;
  readonly children?: ReactNode;
  /** Buttons at the end, the main one last. */
  readonly actions?: ReactNode;
  readonly wide?: boolean;
}

const DialogBox = whenIdle(() => import('./DialogBox'));

/** A dialog. The first rows of a page do not wait for its script. */
export function Dialog(props: DialogProps) {
  // Once opened it stays, so that it may leave as it came.
  const [wasOpened, setOpened] = useState(false);
  if (props.open && !wasOpened) setOpened(true);
  return <Suspense>{(props.open || wasOpened) && <DialogBox {...props} />}</Suspense>;
}
