import { openTable } from '../../app/table';
import { readIngestionEndpoint } from '../../azure/logs-ingestion';
import type { IngestSettings } from '../../settings';
import { assignRole, dataCollectionRuleScope, listDataCollectionRules } from './az';
import { notChecked, notOk, ok, type Check } from './check';
import { tokenCheck, type Examination } from './examination';

/** Whether the data collection rule would take rows; sends an empty list. */
export async function tableChecks({ table }: IngestSettings, examination: Examination): Promise<readonly Check[]> {
  const { endpoint, credential, ruleId, stream } = table;
  const what = `ingestion, data collection rule ${ruleId}, stream ${stream}`;
  const token = await tokenCheck('the Logs Ingestion API', credential, readIngestionEndpoint(endpoint).scope ?? '', examination);
  if (token.status !== 'ok') return [token, notChecked(what, 'there is no token')];
  const probe = await openTable(table).probe();
  if (probe.kind === 'ready') return [token, ok(what)];
  const role = assignRole('Monitoring Metrics Publisher', credential ?? { kind: 'default' }, dataCollectionRuleScope(ruleId));
  const names = probe.code === 'not-found' || probe.code === 'bad-request' || probe.code === 'network';
  return [token, notOk(what, probe.reason, probe.code === 'forbidden' ? [role] : names ? [listDataCollectionRules] : [])];
}
