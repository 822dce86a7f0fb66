import type { LucideIcon } from 'lucide-react';
import type { ComponentProps } from 'react';

type Look = 'plain' | 'main' | 'danger' | 'quiet';

interface ButtonProps extends ComponentProps<'button'> {
  readonly look?: Look;
  readonly icon?: LucideIcon;
  /** For a button that shows its icon only; read aloud and shown on hover. */
  readonly label?: string;
}

export function Button({ look = 'plain', icon: Icon, label, className = '', children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={`button button-${look} ${children ? '' : 'button-icon'} ${className}`}
      aria-label={label}
      title={rest.title ?? label}
    >
      {Icon && <Icon size={16} aria-hidden />}
      {children}
    </button>
  );
}
