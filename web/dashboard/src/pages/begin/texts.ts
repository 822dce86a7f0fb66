import { defineTexts } from '../../texts/texts';

export const beginTexts = defineTexts(
  {
    title: 'Begin',
    lead: 'Three ways to your first job:',
    demo: 'See it work',
    demoText:
      'A real job of sample photos for the face service. It needs no network and takes a few seconds. Until “stashai demo” has fetched the photos, it uses drawings, in which no faces are found.',
    curl: 'Bring your own AI',
    curlText: 'Paste a curl command that calls your service for one item. It becomes a service that takes thousands.',
    curlAct: 'Import a curl command',
    drop: 'Drop files',
    dropText: 'Photos, a folder, JSONL or CSV: each file or line becomes a task.',
    dropAct: 'Submit files',
    notAllowed: 'Your key may only read. With one of the role “submit” you can begin here.',
    docs: 'For programs: the description of the API',
    keyTitle: 'Before others can reach this server',
    keyText: 'Without API keys only this machine is let in. Make the first key, and every request needs one:',
    guestTitle: 'You are a guest here',
    guestText:
      'Guests may read and submit. People, services and keys need a key, whose first is made on the machine of the server:',
    guestLogIn: 'Log in with it in the settings',
    keyContainer: 'In a container:',
  },
  {
    title: 'Anfangen',
    lead: 'Drei Wege zum ersten Auftrag:',
    demo: 'Zusehen, wie es geht',
    demoText:
      'Ein echter Auftrag aus Beispielfotos für den Gesichtsdienst. Er braucht kein Netz und dauert ein paar Sekunden.',
    curl: 'Die eigene KI mitbringen',
    curlText:
      'Fügen Sie einen curl-Befehl ein, der Ihren Dienst für ein Stück aufruft. Daraus wird ein Dienst für Tausende.',
    curlAct: 'curl-Befehl importieren',
    drop: 'Dateien ablegen',
    dropText: 'Fotos, ein Ordner, JSONL oder CSV: Jede Datei oder Zeile wird eine Aufgabe.',
    dropAct: 'Dateien einreichen',
    notAllowed: 'Ihr Schlüssel darf nur lesen. Mit einem der Rolle „submit“ können Sie hier anfangen.',
    docs: 'Für Programme: die Beschreibung der API',
    keyTitle: 'Bevor andere diesen Server erreichen',
    keyText:
      'Ohne API-Schlüssel wird nur dieser Rechner eingelassen. Nach dem ersten Schlüssel braucht jede Anfrage einen:',
    guestTitle: 'Sie sind hier Gast',
    guestText:
      'Gäste dürfen lesen und einreichen. Für Personen, Dienste und Schlüssel braucht es einen Schlüssel; der erste wird auf dem Rechner des Servers gemacht:',
    guestLogIn: 'In den Einstellungen damit anmelden',
    keyContainer: 'In einem Container:',
  },
);
