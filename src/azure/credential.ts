import { DefaultAzureCredential, ManagedIdentityCredential, type TokenCredential } from '@azure/identity';
import type { CredentialChoice } from '../settings/connection';

/**
 * The credential of a connection by identity. The connection's own settings decide, in the Functions convention: with
 * `NAME__credential` = `managedidentity` the app's managed identity, user-assigned where `NAME__clientId` names one, and no other is
 * ever tried; without it whatever DefaultAzureCredential finds, such as a developer's `az login`.
 * Asks for no token yet. https://learn.microsoft.com/azure/azure-functions/functions-reference#common-properties-for-identity-based-connections
 */
export function createCredential(choice: CredentialChoice): TokenCredential {
  if (choice.kind === 'default') return new DefaultAzureCredential();
  return choice.clientId === undefined ? new ManagedIdentityCredential() : new ManagedIdentityCredential({ clientId: choice.clientId });
}
