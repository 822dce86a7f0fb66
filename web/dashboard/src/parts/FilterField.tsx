import { Search, X } from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';
import { type Filter, type FilterRule, parseFilter, writeFilter } from '../filter/parse';
import { useTexts } from '../texts/texts';
import { words } from '../texts/words.texts';
import { Button } from './Button';

interface FilterFieldProps {
  readonly rule: FilterRule;
  readonly filter: Filter;
  readonly onChange: (filter: Filter) => void;
  readonly placeholder?: string;
}

/** One field for all filters: `state:failed service:visage gallery`. It follows the address, and changes it on Enter or after a pause. */
export function FilterField({ rule, filter, onChange, placeholder }: FilterFieldProps) {
  const t = useTexts(words);
  const id = useId();
  const written = writeFilter(filter, rule);
  const [text, setText] = useState(written);
  const own = useRef(written);
  useEffect(() => {
    // The address changed without this field: by a chip, or by going back.
    if (written !== own.current) setText(written);
    own.current = written;
  }, [written]);

  const { filter: typed, faults } = parseFilter(text, rule);
  const next = writeFilter(typed, rule);
  const take = () => {
    if (faults.length > 0 || next === written) return;
    own.current = next;
    onChange(typed);
  };
  const latest = useRef(take);
  latest.current = take;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each change of the text begins the pause again.
  useEffect(() => {
    const timer = setTimeout(() => latest.current(), 400);
    return () => clearTimeout(timer);
  }, [text]);

  const [fault] = faults;
  return (
    <div className="filter">
      <div className="filter-field">
        <Search size={16} aria-hidden />
        <input
          id={id}
          data-filter
          className="input"
          type="text"
          autoComplete="off"
          spellCheck={false}
          aria-label={t('filterLabel')}
          aria-invalid={fault !== undefined}
          aria-describedby={fault ? `${id}-fault` : undefined}
          placeholder={placeholder ?? `${rule.names.slice(0, 3).join(': ')}:`}
          value={text}
          onChange={event => setText(event.target.value)}
          onKeyDown={event => event.key === 'Enter' && take()}
        />
        {text !== '' && <Button look="quiet" icon={X} label={t('clearFilter')} onClick={() => setText('')} />}
      </div>
      {fault && (
        <p id={`${id}-fault`} className="fault" role="status">
          {t('filterUnknown', { name: fault.name })} {fault.meant && t('filterMeant', { meant: fault.meant })}{' '}
          {t('filterNames', { names: rule.names.join(', ') })}
        </p>
      )}
    </div>
  );
}
