import { PortUnavailable } from './ports';

/** An error that nobody foresaw. Its message may quote row contents, so only its name and place are told; a port's own words are safe. */
export function describeUnexpected(error: unknown): string {
  if (error instanceof PortUnavailable) return error.message;
  if (!(error instanceof Error)) return `an unexpected ${typeof error} was thrown`;
  const place = error.stack?.split('\n').find((line) => line.trimStart().startsWith('at '));
  return `${error.name} ${place?.trim() ?? ''}`.trim();
}
