/** A message of the server without the hint for programs at its end: "…; GET /api/queue/jobs lists the jobs." */
export function withoutRoute(message: string): string {
  return message.replace(/; (?:GET|POST|PUT|PATCH|DELETE) \/.*$/s, '.');
}
