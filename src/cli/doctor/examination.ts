import type { TokenCheck } from '../../app/tokens';
import type { CredentialChoice } from '../../settings/connection';
import type { Environment } from '../../settings/environment';
import type { Instant } from '../../value/instant';
import { signIn } from './az';
import { notOk, ok, type Check } from './check';

/** What the checks are given. */
export interface Examination {
  readonly environment: Environment;
  /** Folder of the compiled rules. */
  readonly compiledRules: string;
  readonly now: Instant;
  readonly checkToken: TokenCheck;
}

/** Whether a token can be had for a service; without a credential none is needed. */
export async function tokenCheck(
  service: string,
  credential: CredentialChoice | undefined,
  scope: string,
  { checkToken }: Examination,
): Promise<Check> {
  const what = `token for ${service}`;
  if (credential === undefined) return ok(what, 'none is needed');
  const reason = await checkToken(credential, scope);
  if (reason === undefined) return ok(what);
  return credential.kind === 'default'
    ? notOk(what, `nobody is signed in who could be asked: ${reason}`, [signIn])
    : notOk(
        what,
        `the managed identity gives none: ${reason}. It does so in Azure alone: elsewhere unset the settings that end in __credential and __clientId, and sign in`,
        [signIn],
      );
}
