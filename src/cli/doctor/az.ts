import type { CredentialChoice } from '../../settings/connection';

/** Commands of the Azure CLI that mend what the doctor finds. Ids that only Azure knows are asked for by the command itself. */

type Role = 'Log Analytics Reader' | 'Azure Event Hubs Data Sender' | 'Storage Blob Data Contributor' | 'Monitoring Metrics Publisher';

/** The identity that needs the role, as `--assignee-…` options. */
function assignee(choice: CredentialChoice): string {
  if (choice.kind === 'default') return '--assignee "$(az ad signed-in-user show --query id -o tsv)"';
  const id =
    choice.clientId === undefined
      ? 'az functionapp identity show --name APP --resource-group GROUP --query principalId -o tsv'
      : `az identity list --query "[?clientId=='${choice.clientId}'].principalId" -o tsv`;
  return `--assignee-object-id "$(${id})" --assignee-principal-type ServicePrincipal`;
}

/** `scope` is a resource id, or a command in $( ) that gives one. */
export function assignRole(role: Role, choice: CredentialChoice, scope: string): string {
  return `az role assignment create --role "${role}" ${assignee(choice)} --scope "${scope}"`;
}

export const workspaceScope = (workspaceId: string): string =>
  `$(az monitor log-analytics workspace list --query "[?customerId=='${workspaceId}'].id" -o tsv)`;

export const hubScope = (fullyQualifiedNamespace: string, eventHubName: string): string =>
  `$(az eventhubs namespace list --query "[?name=='${fullyQualifiedNamespace.split('.')[0] ?? ''}'].id" -o tsv)/eventhubs/${eventHubName}`;

export const storageScope = (blobServiceUri: string): string =>
  `$(az storage account list --query "[?name=='${new URL(blobServiceUri).hostname.split('.')[0] ?? ''}'].id" -o tsv)`;

export const dataCollectionRuleScope = (ruleId: string): string =>
  `$(az monitor data-collection rule list --query "[?immutableId=='${ruleId}'].id" -o tsv)`;

export const signIn = 'az login';

export const listWorkspaces = 'az monitor log-analytics workspace list --query "[].{name:name, id:customerId}" -o table';

export const listDataCollectionRules =
  'az monitor data-collection rule list --query "[].{name:name, id:immutableId, endpoint:endpoints.logsIngestion}" -o table';

export const listHubs = (fullyQualifiedNamespace: string): string => {
  const name = fullyQualifiedNamespace.split('.')[0] ?? '';
  return `az eventhubs eventhub list --namespace-name ${name} --resource-group "$(az eventhubs namespace list --query "[?name=='${name}'].resourceGroup" -o tsv)" --query "[].name" -o tsv`;
};
