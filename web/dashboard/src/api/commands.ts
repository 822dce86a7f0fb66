/** Commands that a person types on the server's machine, as docker-compose.yml and docs/cli.md have them. */
export const commands = {
  firstKey: 'stashai keys create --name me --scope admin',
  firstKeyInContainer: 'docker compose exec stash-ai-server /app/stashai keys create --name me --scope admin',
};
