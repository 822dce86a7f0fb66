import { Menu } from '@base-ui/react/menu';
import type { ReactNode } from 'react';
import { jobTakes } from '../../api/acts';
import { ownAddress } from '../../api/base';
import { MenuBox } from '../../parts/MenuBox';
import { useTexts } from '../../texts/texts';
import { actTexts } from './acts.texts';
import type { MoreMenuProps } from './MoreMenu';
import { jobTexts } from './texts';

const formats = { ndjson: 'exportNdjson', csv: 'exportCsv', zip: 'exportZip' } as const;
const priorities = Array.from({ length: 10 }, (_, at) => at);

type MoreActsProps = MoreMenuProps & { readonly children: ReactNode };

/** The menu of the rarer acts. Loaded when somebody may open it. */
export default function MoreActs(props: MoreActsProps) {
  const { job, mayChange, maySubmit, onRerun, onRename, onPriority, onDelete, children } = props;
  const t = useTexts(jobTexts);
  const a = useTexts(actTexts);
  const address = ownAddress(`/api/jobs/${job.id}`);
  return (
    <MenuBox name={children} label={t('moreOfJob')}>
      {maySubmit && (
        <Menu.Group>
          <Menu.GroupLabel className="menu-label">{t('rerun')}</Menu.GroupLabel>
          <Menu.Item className="menu-item" onClick={() => onRerun()}>
            {t('rerunAll')}
          </Menu.Item>
          {job.tasks.failed > 0 && (
            <Menu.Item className="menu-item" onClick={() => onRerun('failed')}>
              {t('rerunFailed')}
            </Menu.Item>
          )}
        </Menu.Group>
      )}
      <Menu.Group>
        <Menu.GroupLabel className="menu-label">{t('export')}</Menu.GroupLabel>
        {(['ndjson', 'csv', 'zip'] as const).map(format => (
          <Menu.Item
            key={format}
            className="menu-item"
            render={<a href={`${address}/results?format=${format}`} download />}
          >
            {t(formats[format])}
          </Menu.Item>
        ))}
      </Menu.Group>
      <Menu.Group>
        <Menu.GroupLabel className="menu-label">{t('openIn')}</Menu.GroupLabel>
        <Menu.Item className="menu-item" render={<a href={address} target="_blank" rel="noreferrer" />}>
          {t('openApi')}
        </Menu.Item>
      </Menu.Group>
      {mayChange && jobTakes(job, 'priority') && (
        <Menu.Group>
          <Menu.GroupLabel className="menu-label">{t('changePriority')}</Menu.GroupLabel>
          <Menu.RadioGroup value={job.priority} onValueChange={value => onPriority(value as number)}>
            <div className="job-priorities">
              {priorities.map(one => (
                <Menu.RadioItem key={one} value={one} className="menu-item job-priority">
                  {one}
                </Menu.RadioItem>
              ))}
            </div>
          </Menu.RadioGroup>
        </Menu.Group>
      )}
      {mayChange && (
        <>
          <Menu.Separator className="menu-line" />
          <Menu.Item className="menu-item" onClick={onRename}>
            {a('rename')}
          </Menu.Item>
          <Menu.Item className="menu-item fault" onClick={onDelete}>
            {t('delete')}
          </Menu.Item>
        </>
      )}
    </MenuBox>
  );
}
