import { PortUnavailable } from './ports';

/** An error that nobody foresaw. Its message may quote row contents, so only its name and place are told; a port's own words are safe. */
export function describeUnexpected(error: unknown): string {
  if (error instanceof PortUnavailable) return error.message;
  if (!(error instanceof Error)) return `an unexpected ${typeof error} was thrown`;
  return `${error.name} ${placeOf(error)}`.trim();
}

/** The first frame of the stack, in which the message stands before the frames and may have lines that look like one. */
function placeOf({ stack = '', message }: Error): string {
  const at = stack.indexOf(message);
  const isHead = at >= 0 && !stack.slice(0, at).includes('\n');
  const frames = isHead ? stack.slice(at + message.length) : '';
  return (
    frames
      .split('\n')
      .find((line) => line.trimStart().startsWith('at '))
      ?.trim() ?? ''
  );
}
