import { defineTexts } from '../../texts/texts';

export const backupTexts = defineTexts(
  {
    title: 'Backups',
    good: 'good',
    none: 'none yet',
    failed: 'failed',
    damaged: 'damaged',
    incomplete: 'incomplete',
    old: 'old',
    noneText:
      'No backup was recorded. This command makes one while the server runs; let a timer of the machine run it every day.',
    failedText: 'The newest run wrote no backup.',
    damagedText: 'Parts of the newest backup are missing or altered. Take another one into a new folder.',
    incompleteText: 'The database is on a server of its own, and its dump is not in the backup: dump it first.',
    oldText: 'The newest backup is old. Let a timer of the machine run this command every day.',
    last: 'Last backup',
    where: '{folder} on {host}',
    size: 'Size',
    lost_one: '{count} photo or other input of the queue itself was missing or altered.',
    lost_other: '{count} photos or other inputs of the queue itself were missing or altered.',
    verified: 'Verified',
    notVerified: 'not yet',
    failure: 'Failed',
    how: 'All about backups: docs/operations.md, “Backup and restore”.',
  },
  {
    title: 'Sicherungen',
    good: 'gut',
    none: 'noch keine',
    failed: 'gescheitert',
    damaged: 'beschädigt',
    incomplete: 'unvollständig',
    old: 'alt',
    noneText:
      'Es ist keine Sicherung bekannt. Dieser Befehl macht eine, während der Server läuft; lassen Sie ihn jeden Tag zeitgesteuert laufen.',
    failedText: 'Der letzte Lauf hat keine Sicherung geschrieben.',
    damagedText:
      'Teile der letzten Sicherung fehlen oder sind verändert. Machen Sie eine neue in einen anderen Ordner.',
    incompleteText:
      'Die Datenbank liegt auf einem eigenen Server, und ihr Abzug fehlt in der Sicherung: Ziehen Sie sie zuerst ab.',
    oldText: 'Die letzte Sicherung ist alt. Lassen Sie diesen Befehl jeden Tag zeitgesteuert laufen.',
    last: 'Letzte Sicherung',
    where: '{folder} auf {host}',
    size: 'Größe',
    lost_one: '{count} Foto oder andere Eingabe der Warteschlange selbst fehlte oder war verändert.',
    lost_other: '{count} Fotos oder andere Eingaben der Warteschlange selbst fehlten oder waren verändert.',
    verified: 'Geprüft',
    notVerified: 'noch nicht',
    failure: 'Gescheitert',
    how: 'Alles über Sicherungen: docs/operations.md, „Backup and restore“.',
  },
);
