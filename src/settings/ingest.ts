import type { Parsed, SettingsReader } from './environment';
import { parseEndpoint } from './values';

/** Where `ingest-incidents` sends rows: a data collection rule of the Logs Ingestion API. */
export interface TableSettings {
  /** Scheme, host and port. */
  readonly endpoint: string;
  /** Immutable id of the data collection rule. */
  readonly ruleId: string;
  readonly stream: string;
}

/** The setting without which `ingest-incidents` is not registered. */
export const ingestEndpointSetting = 'INGEST_ENDPOINT';

/** Undefined where something is missing or wrong; every mistake is reported. */
export function readTable(settings: SettingsReader): TableSettings | undefined {
  const endpoint = settings.required(
    ingestEndpointSetting,
    'Set it to the logs ingestion endpoint of the data collection rule, https://NAME.REGION.ingest.monitor.azure.com.',
    parseEndpoint,
  );
  const ruleId = settings.required('INGEST_RULE_ID', 'Set it to the immutable id of the data collection rule, dcr-….', parseRuleId);
  const stream = settings.required('INGEST_STREAM', 'Set it to the stream of the data collection rule, Custom-….', parseStream);
  return endpoint && ruleId && stream ? { endpoint, ruleId, stream } : undefined;
}

function parseRuleId(text: string): Parsed<string> {
  if (/^dcr-[0-9a-f]{32}$/.test(text)) return { value: text };
  const remedy = 'Write dcr- and 32 hexadecimal digits, as immutableId in the JSON view of the data collection rule; it is not its name.';
  return { problem: 'is not the immutable id of a data collection rule', remedy };
}

function parseStream(text: string): Parsed<string> {
  if (/^Custom-\w{1,100}$/.test(text)) return { value: text };
  return {
    problem: 'is not the name of a custom stream',
    remedy: 'Write Custom- and the name, as in streamDeclarations of the data collection rule.',
  };
}
