/** Why Entra gave no token (Microsoft: "Microsoft Entra authentication and authorization error codes"). */
import { recognise, type Rule } from './rule.ts';

/** Failures of signing in; all of them speak of a side, an authority, a tenant and Entra's own words. */
export type SignInFailureId = 'ACRT2001' | 'ACRT2006' | 'ACRT2007' | 'ACRT2008' | 'ACRT2009' | 'ACRT2010' | 'ACRT2011';

const SIGN_IN_RULES: readonly Rule<SignInFailureId>[] = [
  // Tenant not found, no such tenant in this cloud; resource principal not in this tenant. The identity library looks for
  // the endpoints of a tenant first, and says in its own words that there are none.
  { pattern: /AADSTS(?:90002|900021|900023|90072|500011|5000224)\b|endpoints_resolution_error/, id: 'ACRT2006' },
  // Application not in the directory, without a service principal there, or disabled.
  { pattern: /AADSTS(?:700016|7000229|7000112)\b/, id: 'ACRT2007' },
  // Secret wrong, expired, missing.
  { pattern: /AADSTS(?:7000215|7000222|7000216|70002)\b/, id: 'ACRT2008' },
  // No federated credential at all, or none for the issuer, the audience or the subject of the id-token.
  { pattern: /AADSTS(?:70021|70025|700211|700212|700213|7002138)\b/, id: 'ACRT2009' },
  // Conditional Access, multi-factor authentication, blocked for risk; federation switched off in the tenant, or for
  // issuers without its enterprise claim (Microsoft: "Troubleshoot an Azure Resource Manager workload identity service
  // connection").
  {
    pattern: /AADSTS(?:53000|53001|53003|530035|530036|50076|50079|50158|700223|700238|7002381)\b/,
    id: 'ACRT2010',
  },
  // Assertion outside of its time, with a signature that Entra cannot check, or of an issuer that it cannot ask.
  { pattern: /AADSTS(?:700024|700027|50013|500133|50166)\b/, id: 'ACRT2011' },
];

/** What a refusal of Entra means; ACRT2001 when nobody knows it. */
export const signInFailureId = (reason: string): SignInFailureId => recognise(SIGN_IN_RULES, reason) ?? 'ACRT2001';

/** What a federated credential has to have, to the letter. */
export interface Presented {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
}

/** What may stand in a command within quotes; anything else that a text holds is not what an id-token has there. */
const SAFE = /^[\w:@./*-]{1,300}$/;

function presentedPart(reason: string, name: keyof Presented, otherwise: string): string {
  const found = new RegExp(`assertion ${name}:? '([^']{1,300})'`, 'i').exec(reason)?.[1] ?? '';
  return SAFE.test(found) ? found : otherwise;
}

/**
 * What the id-token said of itself, as far as Entra repeats it (AADSTS70021 all of it, AADSTS700211 to 700213 the part that
 * did not fit), with placeholders for the rest. The issuer is GitHub's own otherwise.
 */
export const presentedIn = (reason: string): Presented => ({
  issuer: presentedPart(reason, 'issuer', 'https://token.actions.githubusercontent.com'),
  subject: presentedPart(reason, 'subject', 'SUBJECT'),
  audience: presentedPart(reason, 'audience', 'AUDIENCE'),
});
