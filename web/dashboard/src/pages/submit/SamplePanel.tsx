import { Panel } from '../../parts';
import { SampleJob } from '../../parts/SampleJob';
import { useTexts } from '../../texts/texts';
import { submitTexts } from './texts';

/** What to submit without files of one's own. */
export function SamplePanel() {
  const t = useTexts(submitTexts);
  return (
    <Panel title={t('sample')}>
      <div className="row">
        <p className="quiet">{t('sampleText')}</p>
        <SampleJob />
      </div>
    </Panel>
  );
}
