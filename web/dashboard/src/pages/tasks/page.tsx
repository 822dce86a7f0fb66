import { Link } from '@tanstack/react-router';
import { PageHeader } from '../../parts';
import { useTexts } from '../../texts/texts';
import { TaskList } from './TaskList';
import { tasksTexts } from './texts';

/** The tasks of all jobs. */
export default function TasksPage() {
  const t = useTexts(tasksTexts);
  return (
    <>
      <PageHeader title={t('title')} actions={<Link to="/jobs">{t('allJobs')}</Link>} />
      <TaskList isOpen />
    </>
  );
}
