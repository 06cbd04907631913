import { createCredential } from '../azure/credential';
import { withDeadline } from '../deadline';
import { markedCredential, NoToken } from '../azure/pipeline';
import type { CredentialChoice } from '../settings/connection';

/** Why no token can be had for a scope, in one sentence; undefined where one can. The token itself goes nowhere. */
export type TokenCheck = (choice: CredentialChoice, scope: string) => Promise<string | undefined>;

const TIMEOUT_MS = 30_000;

export const checkToken: TokenCheck = async (choice, scope) => {
  try {
    const credential = markedCredential(createCredential(choice));
    const token = await withDeadline(TIMEOUT_MS, ({ signal, race }) => race(credential.getToken(scope, { abortSignal: signal })));
    return token === null ? 'the credential gave no token' : undefined;
  } catch (error) {
    if (error instanceof NoToken) return error.message;
    return error instanceof Error ? `no token within ${TIMEOUT_MS / 1000} s` : 'no token';
  }
};
