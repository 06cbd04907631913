import { defaultSources, type Sources } from '../hunt/sources';
import { sourceMistakes } from '../hunt/source-text';
import type { SettingsReader } from './environment';

const HUNT_SOURCES = 'HUNT_SOURCES';
const EXAMPLE = '{"SecurityEvent": "SecurityEvent | extend …"}';

/** HUNT_SOURCES over the default sources. Every mistake in it is reported, with the table's name and the place in its text. */
export function readSources(settings: SettingsReader): Sources {
  const text = settings.text(HUNT_SOURCES);
  const given = text === undefined ? {} : parseObject(text);
  if (given === undefined) {
    settings.report(HUNT_SOURCES, 'is not a JSON object', `Write a JSON object of texts, e.g. ${EXAMPLE}.`);
    return defaultSources;
  }
  const sources = new Map(defaultSources);
  for (const [table, source] of Object.entries(given)) {
    const place = `for the table ${JSON.stringify(table)}`;
    if (typeof source !== 'string') {
      settings.report(HUNT_SOURCES, `${place} has something other than a text`, `Write a JSON object of texts, e.g. ${EXAMPLE}.`);
      continue;
    }
    for (const { offset, found, remedy } of sourceMistakes(source)) {
      settings.report(HUNT_SOURCES, `${place} has, at character ${offset + 1}, ${found}`, remedy);
    }
    sources.set(table, source);
  }
  return sources;
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    // JSON.parse quotes the text in its message, and the text may be a secret in the wrong setting.
    return undefined;
  }
}
