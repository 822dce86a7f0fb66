import { type ReactNode, Suspense, useState } from 'react';

interface MenuButtonProps {
  /** What the button shows. */
  readonly name: ReactNode;
  /** What is read aloud, where that is more. */
  readonly label?: string;
  /** The menu, a part that is loaded later, with the same button in it. */
  readonly children: ReactNode;
}

/** A button, behind it a menu that is loaded when somebody may open it. */
export function MenuButton({ name, label, children }: MenuButtonProps) {
  const [isAsked, setAsked] = useState(false);
  const button = (
    <button
      type="button"
      className="button button-plain"
      aria-haspopup="menu"
      aria-label={label}
      onClick={() => setAsked(true)}
    >
      {name}
    </button>
  );
  return isAsked ? <Suspense fallback={button}>{children}</Suspense> : button;
}
