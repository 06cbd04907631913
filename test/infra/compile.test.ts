import { readFileSync } from 'node:fs';
import { bicep, describeWithBicep } from '../support/bicep';
import { valuesAt } from '../support/template';

interface Diagnostic {
  readonly ruleId: string;
  readonly level: string;
  readonly message: { readonly text: string };
}

describeWithBicep("Bicep's compiler and linter", () => {
  // The compiler ends with 0 on wrong types and missing members, which it calls warnings: every result counts here.
  it.each(['infra/main.bicep', 'infra/main.bicepparam'])('have nothing to say about %s', async (file) => {
    const { stdout } = await bicep(['lint', file, '--diagnostics-format', 'sarif']);
    const results = valuesAt(JSON.parse(stdout), 'results').flat() as Diagnostic[];
    expect(results.map(({ ruleId, message }) => `${ruleId} ${message.text}`)).toEqual([]);
  });

  it('would say something about a wrong type', async () => {
    const { stdout } = await bicep(['lint', 'test/infra/wrong-type.bicep', '--diagnostics-format', 'sarif']);
    const results = valuesAt(JSON.parse(stdout), 'results').flat() as Diagnostic[];
    expect(results.map(({ ruleId }) => ruleId)).toContain('BCP036');
  });

  it('describe every parameter and output to whoever reads the template', async () => {
    const { stdout, exitCode } = await bicep(['build', 'infra/main.bicep', '--stdout']);
    expect(exitCode).toBe(0);
    const template: unknown = JSON.parse(stdout);
    for (const kind of ['parameters', 'outputs']) {
      // Those of a user-defined function stand in a list, and Bicep takes no description of them.
      const blocks = valuesAt(template, kind).filter((block) => !Array.isArray(block)) as Record<
        string,
        { readonly metadata?: { readonly description?: string }; value?: unknown }
      >[];
      // A module's call has parameters too: values, which need no description.
      const declared = blocks.flatMap((block) => Object.entries(block)).filter(([, each]) => 'type' in each || '$ref' in each);
      expect(declared.length).toBeGreaterThan(5);
      expect(declared.filter(([, each]) => each.metadata?.description === undefined).map(([name]) => name)).toEqual([]);
    }
  });
});

describeWithBicep('infra/main.bicepparam', () => {
  const parameters = async (environment: Readonly<Record<string, string>>): Promise<Record<string, { readonly value: unknown }>> => {
    const { stdout, stderr, exitCode } = await bicep(['build-params', 'infra/main.bicepparam', '--stdout'], environment);
    if (exitCode !== 0) throw new Error(stderr);
    const { parametersJson } = JSON.parse(stdout) as { readonly parametersJson: string };
    return (JSON.parse(parametersJson) as { readonly parameters: Record<string, { readonly value: unknown }> }).parameters;
  };

  it("takes azd's values, lists with commas between", async () => {
    const environment = {
      AZURE_ENV_NAME: 'prod',
      AZURE_LOCATION: 'uksouth',
      SENTINEL_WORKSPACE_ID: '/subscriptions/a',
      WATCHED_WORKSPACE_IDS: '/subscriptions/a, /subscriptions/b',
      DELEGATED_WORKSPACE_IDS: 'c',
      RULE_IDS: 'd,e',
      CYCLE_MINUTES: '10',
      DRY_RUN: 'true',
      SPLIT_PAIRS: 'false',
      HUNT_SOURCES: '{"T":"U | extend A = 1"}',
    };
    expect(await parameters(environment)).toMatchObject({
      environmentName: { value: 'prod' },
      location: { value: 'uksouth' },
      sentinelWorkspaceId: { value: '/subscriptions/a' },
      watchedWorkspaceIds: { value: ['/subscriptions/a', '/subscriptions/b'] },
      delegatedWorkspaceIds: { value: ['c'] },
      ruleIds: { value: ['d', 'e'] },
      cycleMinutes: { value: 10 },
      dryRun: { value: true },
      splitPairs: { value: false },
      sources: { value: { T: 'U | extend A = 1' } },
    });
  });

  it('reads only variables that docs/deploy.md lists', () => {
    const read = [...readFileSync('infra/main.bicepparam', 'utf8').matchAll(/readEnvironmentVariable\('(\w+)'/g)].map(([, name]) => name);
    const page = readFileSync('docs/deploy.md', 'utf8');
    expect(read.length).toBeGreaterThan(10);
    expect(read.filter((name) => !page.includes(`\`${name ?? ''}\``))).toEqual([]);
  });
});
