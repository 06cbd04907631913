import type { ExitCode, Io } from '../io';

/** What the file of a command needs to add it: the process, and where to say how it ended. Without a word it is done. */
export interface CommandContext {
  readonly io: Io;
  readonly exit: (code: ExitCode) => void;
}
