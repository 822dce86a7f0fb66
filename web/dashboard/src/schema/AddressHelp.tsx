import { Copyable } from '../parts';
import { useTexts } from '../texts/texts';
import { addressTexts } from './address.texts';
import type { PrivateAddress } from './privateAddress';

/** How whoever runs the server lets it reach an address at home: what the rule is for, what to write, and where. */
export function AddressHelp({ at }: { readonly at: PrivateAddress }) {
  const t = useTexts(addressTexts);
  const setting = `${at.setting}=${at.address}`;
  return (
    <div className="stack">
      <p>{t('why', { address: at.address })}</p>
      <p>{t('how')}</p>
      <Copyable text={setting}>
        <code>{setting}</code>
      </Copyable>
      <ul>
        <li>{t('docker')}</li>
        <li>
          {t('terminal')} <code>{`${setting} stashai serve`}</code>
        </li>
      </ul>
      <p className="quiet">{t('more')}</p>
    </div>
  );
}
