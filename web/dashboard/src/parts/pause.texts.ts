import { defineTexts } from '../texts/texts';

export const pauseTexts = defineTexts(
  {
    howLong: 'Pause',
    resumed: 'until somebody resumes',
    hour: 'for one hour, until {time}',
    morning: 'until {time}',
    own: 'until another time',
    ownTime: 'It goes on at',
    past: 'This time is over.',
    setEnd: 'Set the end',
    setEndTitle: 'When does it go on?',
    until: 'until {time}',
  },
  {
    howLong: 'Pausieren',
    resumed: 'bis jemand fortsetzt',
    hour: 'eine Stunde lang, bis {time}',
    morning: 'bis {time}',
    own: 'bis zu einer anderen Zeit',
    ownTime: 'Es geht weiter um',
    past: 'Diese Zeit ist vorbei.',
    setEnd: 'Ende festlegen',
    setEndTitle: 'Wann geht es weiter?',
    until: 'bis {time}',
  },
);
