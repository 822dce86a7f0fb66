import { useFeature, useMay } from '../../app/me';
import { useSearchState } from '../../app/useSearchState';
import { PageHeader, Segmented } from '../../parts';
import { useTexts } from '../../texts/texts';
import { Audit } from './Audit';
import './activity.css';
import { auditRule } from './auditFilter';
import { Bulks } from './Bulks';
import { activityTexts } from './texts';

type Tab = 'bulk' | 'audit';

/** What was done to many jobs at once, with its progress; and who changed what. */
export default function ActivityPage() {
  const t = useTexts(activityTexts);
  const [search, change] = useSearchState();
  const hasAudit = useFeature('audit');
  const mayAudit = useMay('operate') && hasAudit;
  const tab: Tab = search.tab === 'audit' && mayAudit ? 'audit' : 'bulk';
  return (
    <>
      <PageHeader
        title={t('title')}
        actions={
          mayAudit && (
            <Segmented<Tab>
              label={t('show')}
              choices={['bulk', 'audit']}
              chosen={tab}
              onChoose={one =>
                change({
                  tab: one === 'bulk' ? undefined : one,
                  id: undefined,
                  ...Object.fromEntries(auditRule.names.map(name => [name, undefined])),
                })
              }
              name={one => t(one)}
            />
          )
        }
      />
      {tab === 'audit' ? <Audit /> : <Bulks />}
    </>
  );
}
