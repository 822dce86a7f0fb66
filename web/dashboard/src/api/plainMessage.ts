/** A message of the server without the route that it names to programs at its end, such as "; GET /api/jobs lists the jobs.". */
export function plainMessage(message: string): string {
  return message.replace(/; GET \/\S+ lists [^;]*$/, '.');
}
