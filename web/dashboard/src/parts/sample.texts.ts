import { defineTexts } from '../texts/texts';

export const sampleTexts = defineTexts(
  {
    photos: 'Photos',
    run: 'Run the sample job',
    drawings: 'Drawings, not photos',
    drawingsText: 'No faces will be found in them. “stashai demo” fetches the sample photos into the data folder.',
    missing: 'This needs the face service, which this server runs without.',
  },
  {
    photos: 'Fotos',
    run: 'Beispielauftrag starten',
    drawings: 'Zeichnungen, keine Fotos',
    drawingsText: 'Darin werden keine Gesichter gefunden. „stashai demo“ holt die Beispielfotos in den Datenordner.',
    missing: 'Dafür braucht es den Gesichtsdienst, ohne den dieser Server läuft.',
  },
);
