import { DefaultAzureCredential, ManagedIdentityCredential } from '@azure/identity';
import { createCredential } from '../../../src/azure/credential';

describe('a credential', () => {
  it('is the managed identity, of a client or of the system, where the settings say so', () => {
    expect(createCredential({ kind: 'managedidentity' })).toBeInstanceOf(ManagedIdentityCredential);
    const clientId = '33333333-cccc-4ccc-8ccc-333333333333';
    expect(createCredential({ kind: 'managedidentity', clientId })).toMatchObject({ clientId });
  });

  it('is that of whoever is signed in where they do not', () => {
    expect(createCredential({ kind: 'default' })).toBeInstanceOf(DefaultAzureCredential);
  });
});
