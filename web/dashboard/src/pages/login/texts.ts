import { defineTexts } from '../../texts/texts';

export const loginTexts = defineTexts(
  {
    title: 'Log in',
    lead: 'This server asks for an API key. Your browser keeps the login for 30 days, and no script can read it.',
    key: 'API key',
    submit: 'Log in',
    wrong: 'This key is not valid here.',
    where: 'Where do I get a key?',
    whereText: 'Whoever runs the server makes one on its machine, for you or for the first time:',
    container: 'in a container',
  },
  {
    title: 'Anmelden',
    lead: 'Dieser Server verlangt einen API-Schlüssel. Der Browser behält die Anmeldung 30 Tage, und kein Skript kann sie lesen.',
    key: 'API-Schlüssel',
    submit: 'Anmelden',
    wrong: 'Dieser Schlüssel gilt hier nicht.',
    where: 'Woher bekomme ich einen Schlüssel?',
    whereText: 'Wer den Server betreibt, macht ihn auf dessen Rechner, für Sie oder zum ersten Mal:',
    container: 'in einem Container',
  },
);
