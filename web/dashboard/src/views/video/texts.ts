import { defineTexts } from '../../texts/texts';

export const videoTexts = defineTexts(
  {
    video: 'Video {name}',
    coverOf: 'Cover of {name}',
    unknown: 'Nobody known',
    play: '{name}: play from {time}',
    more_one: 'and {count} more time',
    more_other: 'and {count} more times',
    nobody_one: 'No face in {count} frame.',
    nobody_other: 'No face in {count} frames.',
    incomplete: 'Frames at the end are missing.',
  },
  {
    video: 'Video {name}',
    coverOf: 'Titelbild von {name}',
    unknown: 'Niemand Bekanntes',
    play: '{name}: ab {time} abspielen',
    more_one: 'und {count} weiteres Mal',
    more_other: 'und {count} weitere Male',
    nobody_one: 'Kein Gesicht in {count} Bild.',
    nobody_other: 'Kein Gesicht in {count} Bildern.',
    incomplete: 'Am Ende fehlen Bilder.',
  },
);
