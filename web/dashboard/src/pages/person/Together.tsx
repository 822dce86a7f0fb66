import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Panel } from '../../parts';
import { useTexts } from '../../texts/texts';
import { FaceImage, ShownPeople } from '../people/Faces';
import { pictureById } from '../people/pictures';
import { peopleQueries } from '../people/queries';
import { peopleTexts } from '../people/texts';
import { personTexts } from './texts';

/** Who else is on photos of the person, on most photos first. */
export function Together({ id }: { readonly id: string }) {
  const t = useTexts(personTexts);
  const p = useTexts(peopleTexts);
  const together = useQuery(peopleQueries.together(id));
  return (
    <Panel title={t('together')}>
      <ShownPeople query={together}>
        {({ data }) =>
          data.length === 0 ? (
            <p className="quiet">{t('nobodyElse')}</p>
          ) : (
            <ul className="person-together" aria-label={t('together')}>
              {data.map(other => (
                <li key={other.id}>
                  <Link to="/people/$personId" params={{ personId: other.id }} className="row">
                    <FaceImage src={pictureById(other.id)} name={other.name ?? ''} className="people-small" />
                    <span className="cut">{other.name ?? other.id.slice(0, 8)}</span>
                    <span className="quiet">{p('photos', { count: other.photos })}</span>
                  </Link>
                </li>
              ))}
            </ul>
          )
        }
      </ShownPeople>
    </Panel>
  );
}
