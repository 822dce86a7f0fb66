import { defineTexts } from '../texts/texts';

export const sampleTexts = defineTexts(
  {
    photos: 'Photos',
    run: 'Run the sample job',
    missing: 'This needs the face service, which this server runs without.',
  },
  {
    photos: 'Fotos',
    run: 'Beispielauftrag starten',
    missing: 'Dafür braucht es den Gesichtsdienst, ohne den dieser Server läuft.',
  },
);
