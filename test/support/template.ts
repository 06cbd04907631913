import type { Resource } from './bicep';

/** What a test asks of the resources that a template would make. */

/** https://learn.microsoft.com/azure/role-based-access-control/built-in-roles, written down here a second time, apart from the template. */
const roleNames: Readonly<Record<string, string>> = {
  'a638d3c7-ab3a-418d-83e6-5f17a39d4fde': 'Azure Event Hubs Data Receiver',
  '2b629674-e913-4c01-ae53-ef4638d8f975': 'Azure Event Hubs Data Sender',
  '73c42c96-874c-492b-b04d-ab87d138a893': 'Log Analytics Reader',
  '3913510d-42f4-4e42-8a64-420c390055eb': 'Monitoring Metrics Publisher',
  'b7e6dc6d-f1e8-4753-8033-0f276bb0955b': 'Storage Blob Data Owner',
};

export interface RoleAssignment {
  readonly role: string;
  /** Resource id. */
  readonly scope: string;
  /** Its type, with all parents, as in Microsoft.EventHub/namespaces/eventhubs. */
  readonly scopeType: string;
  /** Whom it is assigned to, as the template says it. */
  readonly principal: string;
}

/** Every role assignment among the resources. Throws on one whose scope or role cannot be read. */
export function roleAssignments(resources: readonly Resource[]): readonly RoleAssignment[] {
  return resources.flatMap((resource) => {
    if (!/roleAssignments|roleDefinitions|roleManagementPolicies|locks$/i.test(resource.type)) return [];
    const [, scope] = /^\[extensionResourceId\('([^']+)', 'Microsoft.Authorization\/roleAssignments'/.exec(resource.id) ?? [];
    const { roleDefinitionId, principalId } = resource.properties as { readonly roleDefinitionId: string; readonly principalId: string };
    const role = roleNames[roleDefinitionId.split('/').at(-1) ?? ''];
    if (scope === undefined || role === undefined) throw new Error(`cannot read ${JSON.stringify(resource)}`);
    return [{ role, scope, scopeType: typeOf(scope), principal: principalId }];
  });
}

function typeOf(id: string): string {
  const [provider = '', ...rest] = id.split('/providers/').at(-1)?.split('/') ?? [];
  return [provider, ...rest.filter((_, index) => index % 2 === 0)].join('/');
}

/** The resource whose principal or client id an expression asks for. */
export function identityOf(expression: string): string | undefined {
  return /^\[reference\('([^']+)', '[\d-]+'\)\.principalId\]$/.exec(expression)?.[1];
}

/** App settings of a function app, name to value. Throws on a name that stands twice. */
export function appSettings(app: Resource): ReadonlyMap<string, string> {
  const [list] = valuesAt(app, 'appSettings') as (readonly { readonly name: string; readonly value: string }[])[];
  const settings = new Map((list ?? []).map(({ name, value }) => [name, value]));
  if (settings.size !== list?.length) throw new Error('a setting stands twice');
  return settings;
}

/** The values of all members of this name, at whatever depth, in order. */
export function valuesAt(value: unknown, member: string): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [...(name === member ? [inner] : []), ...valuesAt(inner, member)]);
}
