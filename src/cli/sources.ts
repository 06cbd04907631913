import type { Sources } from '../hunt/sources';
import { SettingsError, SettingsReader, type Environment } from '../settings/environment';
import { readSources } from '../settings/sources';
import { InputError } from './io';

/** How tables are read by the setting HUNT_SOURCES of the environment. Throws InputError with every mistake in it. */
export function sourcesOf(environment: Environment): Sources {
  const reader = new SettingsReader(environment);
  const sources = readSources(reader);
  try {
    return reader.finish(sources);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    throw new InputError(`${error.message}\n\`hunt validate --sources\` says more`, { cause: error });
  }
}
