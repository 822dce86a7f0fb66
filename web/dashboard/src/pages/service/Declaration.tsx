import { useQuery } from '@tanstack/react-query';
import { Pencil, RefreshCw } from 'lucide-react';
import { useState } from 'react';
import type { Schemas } from '../../api/types';
import { Button, Copyable, Panel, Shown } from '../../parts';
import { useTexts } from '../../texts/texts';
import { DeclarationForm } from './DeclarationForm';
import { declarationOf } from './queries';
import { RemoveService } from './RemoveService';
import { serviceTexts } from './texts';

/** The file of the service as it is now, with its errors below the lines that they are about. */
export function Declaration({ service }: { readonly service: string }) {
  const t = useTexts(serviceTexts);
  const query = useQuery(declarationOf(service));
  const [isEdited, setEdited] = useState(false);
  const isOwn = query.data?.made_here === true;
  return (
    <Panel
      title={t('declaration')}
      actions={
        <div className="row">
          {isOwn && !isEdited && (
            <>
              <Button icon={Pencil} onClick={() => setEdited(true)}>
                {t('edit')}
              </Button>
              <RemoveService service={service} />
            </>
          )}
          <Button look="quiet" icon={RefreshCw} label={t('readAgain')} onClick={() => void query.refetch()} />
        </div>
      }
    >
      <Shown query={query}>
        {file =>
          !file ? (
            <p className="quiet">{t('noDeclaration')}</p>
          ) : isEdited ? (
            <DeclarationForm file={file} onClose={() => setEdited(false)} />
          ) : (
            <File file={file} />
          )
        }
      </Shown>
    </Panel>
  );
}

function File({ file }: { readonly file: Schemas['Declaration'] }) {
  const t = useTexts(serviceTexts);
  const lines = file.text.replace(/\n$/, '').split('\n');
  return (
    <div className="stack">
      <Copyable text={file.text}>
        <span className="service-file">{t(file.made_here ? 'madeHere' : 'fileIs', { file: file.path })}</span>
      </Copyable>
      {file.errors.length > 0 ? (
        <p className="fault" role="status">
          {t('errors', { count: file.errors.length })}
        </p>
      ) : (
        <p className={file.not_used_because ? 'fault' : 'quiet'} role="status">
          {file.not_used_because ? t('notUsed', { reason: file.not_used_because }) : t('valid')}
        </p>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys. */}
      <ol className="service-lines" tabIndex={0} aria-label={t('declaration')}>
        {lines.map((line, index) => {
          const errors = file.errors.filter(error => Math.min(error.line, lines.length) === index + 1);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is known by its number.
            <li key={index} className={errors.length > 0 ? 'service-line-bad' : undefined}>
              <code>{line || ' '}</code>
              {errors.map(error => (
                <p key={`${error.column} ${error.message}`} className="fault">
                  {t('errorAt', { line: String(error.line), column: String(error.column), message: error.message })}
                </p>
              ))}
            </li>
          );
        })}
      </ol>
    </div>
  );
}
