import { defineTexts } from '../../texts/texts';

/** What the rarer acts of a job say. */
export const actTexts = defineTexts(
  {
    rename: 'Rename',
    newName: 'New name',
    didRename: 'The job is called “{name}”',
    didRetry_one: '{count} task runs again',
    didRetry_other: '{count} tasks run again',
    failedAgain_one: '{count} task failed again',
    failedAgain_other: '{count} tasks failed again',
    skipTitle: 'Skip these tasks?',
    skipText_one:
      '{count} task that failed is not tried any more. It counts as cancelled then, no longer as failed. Its page still says why it failed.',
    skipText_other:
      '{count} tasks that failed are not tried any more. They count as cancelled then, no longer as failed. Their pages still say why they failed.',
    didSkip_one: '{count} task is skipped',
    didSkip_other: '{count} tasks are skipped',
    tryNow: 'Try now',
  },
  {
    rename: 'Umbenennen',
    newName: 'Neuer Name',
    didRename: 'Der Auftrag heißt „{name}“',
    didRetry_one: '{count} Aufgabe läuft noch einmal',
    didRetry_other: '{count} Aufgaben laufen noch einmal',
    failedAgain_one: '{count} Aufgabe ist wieder gescheitert',
    failedAgain_other: '{count} Aufgaben sind wieder gescheitert',
    skipTitle: 'Diese Aufgaben überspringen?',
    skipText_one:
      '{count} gescheiterte Aufgabe wird nicht mehr versucht. Sie zählt dann als abgebrochen, nicht mehr als gescheitert. Ihre Seite sagt weiter, woran sie scheiterte.',
    skipText_other:
      '{count} gescheiterte Aufgaben werden nicht mehr versucht. Sie zählen dann als abgebrochen, nicht mehr als gescheitert. Ihre Seiten sagen weiter, woran sie scheiterten.',
    didSkip_one: '{count} Aufgabe ist übersprungen',
    didSkip_other: '{count} Aufgaben sind übersprungen',
    tryNow: 'Jetzt versuchen',
  },
);
