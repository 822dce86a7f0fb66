import { defineTexts } from '../../texts/texts';

export const loginTexts = defineTexts(
  {
    title: 'Log in',
    lead: 'This server asks for an API key. Your browser keeps the login for 30 days, and no script can read it.',
    key: 'API key',
    submit: 'Log in',
    wrong: 'This key is not valid here.',
    where: 'Where do I get a key?',
    whereText:
      'An admin makes one for you in Settings, API keys. The first is made on the machine of the server; --scope is its role:',
    container: 'in a container',
  },
  {
    title: 'Anmelden',
    lead: 'Dieser Server verlangt einen API-Schlüssel. Der Browser behält die Anmeldung 30 Tage, und kein Skript kann sie lesen.',
    key: 'API-Schlüssel',
    submit: 'Anmelden',
    wrong: 'Dieser Schlüssel gilt hier nicht.',
    where: 'Woher bekomme ich einen Schlüssel?',
    whereText:
      'Wer die Rolle admin hat, legt ihn für Sie unter Einstellungen, API-Schlüssel an. Der erste entsteht auf dem Rechner des Servers; --scope ist seine Rolle:',
    container: 'in einem Container',
  },
);
