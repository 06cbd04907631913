import type { Line } from '../../local/ndjson';
import { parseCells } from './cells';

/** Why a file none of whose lines is a row may be so, by its first line: a clause with the remedy. Holds no values of rows. */
export function whyNoRow(line: Line, eventTime: string | undefined): string {
  if ('problem' in line) {
    return line.problem === 'too-long'
      ? 'its first line is longer than 8 MB: write one JSON object a line'
      : "it is not UTF-8: write it anew as that (PowerShell's > may write UTF-16, Out-File -Encoding utf8 does not)";
  }
  const text = line.text.trimStart();
  if (text.startsWith('[')) return "it is a JSON list: write one object a line, for example with jq -c '.[]'";
  const cells = parseCells(text, false);
  if (typeof cells === 'string') {
    return text.startsWith('{')
      ? "its first line is not a whole JSON object: write one object a line, for example with jq -c '.'"
      : 'its first line is not JSON: write one JSON object a line (of CSV for example with mlr --icsv --ojsonl cat)';
  }
  const names = [...cells.keys()];
  if (eventTime === undefined || names.includes(eventTime)) return `its first row has a ${eventTime ?? 'time'} that is not a datetime`;
  const near = names.find((name) => name.toLowerCase().startsWith(eventTime.toLowerCase()));
  return near === undefined
    ? `its first row has no ${eventTime}, the event time`
    : `its first row has no ${eventTime}, the event time, but '${near}': rename that`;
}
