import { useTexts } from '../texts/texts';
import { refusalsOf } from './refusals';
import { schemaTexts } from './texts';

interface RefusalProps {
  readonly error: unknown;
  /** What could not be done, before the reason. */
  readonly title?: string;
  /** The fields of the form that say themselves what is wrong with them. */
  readonly fields: readonly string[];
}

/** Why a form was refused; what its fields say is not said twice. */
export function Refusal({ error, title, fields }: RefusalProps) {
  const t = useTexts(schemaTexts);
  const refused = Object.keys(refusalsOf(error));
  const isSaid = refused.length > 0 && refused.every(field => fields.includes(field));
  const reason = isSaid ? t('seeFields') : error instanceof Error ? error.message : String(error);
  return (
    <p className="fault" role="alert">
      {title ? `${title}: ${reason}` : reason}
    </p>
  );
}
