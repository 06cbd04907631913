/** Keys, signatures and bearer tokens (JWT), should a text of the service or of a credential repeat one. */
export function withoutSecrets(text: string): string {
  return text.replace(/(SharedAccess(?:Key|Signature)|\bsig)([= ])[^;&\s"']+/gi, '$1$2***').replace(/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '***');
}
