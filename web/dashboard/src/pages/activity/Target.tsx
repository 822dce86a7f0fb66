import { Link } from '@tanstack/react-router';
import { Copyable } from '../../parts';
import type { AuditEntry } from './queries';

const shown = 13;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-/;

/** What was changed, as a link to its page. */
export function Target({ entry }: { readonly entry: AuditEntry }) {
  const { target_kind: kind, target_id: id } = entry;
  if (id === null) return kind;
  return (
    <Copyable text={id}>
      <span className="cut">
        {kind} <Way kind={kind} id={id} />
      </span>
    </Copyable>
  );
}

function Way({ kind, id }: { readonly kind: string; readonly id: string }) {
  const text = uuid.test(id) ? id.slice(0, shown) : id;
  switch (kind) {
    case 'job':
      return (
        <Link to="/jobs/$jobId" params={{ jobId: id }}>
          {text}
        </Link>
      );
    case 'task':
      return (
        <Link to="/tasks/$taskId" params={{ taskId: id }}>
          {text}
        </Link>
      );
    case 'service':
      return (
        <Link to="/services/$service" params={{ service: id }}>
          {text}
        </Link>
      );
    case 'person':
      return (
        <Link to="/people/$personId" params={{ personId: id }}>
          {text}
        </Link>
      );
    case 'bulk':
      return (
        <Link to="/activity" search={{ id }}>
          {text}
        </Link>
      );
    case 'schedule':
      return <Link to="/schedules">{text}</Link>;
    case 'key':
      return <Link to="/settings">{text}</Link>;
    default:
      return text;
  }
}
