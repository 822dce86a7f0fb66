import { defineTexts } from '../texts/texts';

export const addressTexts = defineTexts(
  {
    isPrivate: '{address} is an address of this machine or of your own network, which the server may not reach yet.',
    why: 'The server reaches addresses of its own machine and of your network only after whoever runs it has allowed them. So nobody with a key can make it look around at home. To allow {address}:',
    how: 'Start the server with this setting; several addresses have commas between them.',
    docker: 'With Docker: a line of the file .env beside docker-compose.yml, then docker compose up -d.',
    terminal: 'In a terminal: stop the server and start it again with',
    more: 'TRUST_LAN=true in its place allows every address of your network. All settings are in docs/configuration.md.',
  },
  {
    isPrivate:
      '{address} ist eine Adresse dieses Rechners oder Ihres eigenen Netzes, die der Server noch nicht erreichen darf.',
    why: 'Adressen des eigenen Rechners und Ihres Netzes erreicht der Server erst, wenn es erlaubt ist. So kann niemand mit einem Schlüssel ihn bei Ihnen zu Hause umsehen lassen. Um {address} zu erlauben:',
    how: 'Starten Sie den Server mit dieser Einstellung; zwischen mehreren Adressen stehen Kommas.',
    docker: 'Mit Docker: eine Zeile der Datei .env neben docker-compose.yml, danach docker compose up -d.',
    terminal: 'Im Terminal: Server beenden und wieder starten mit',
    more: 'TRUST_LAN=true an dieser Stelle erlaubt alle Adressen Ihres Netzes. Alle Einstellungen stehen in docs/configuration.md.',
  },
);
