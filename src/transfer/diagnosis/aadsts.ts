/** Why Entra gave no token (Microsoft: "Microsoft Entra authentication and authorization error codes"). */
import { recognise, type Rule } from './rule.ts';

/** Failures of signing in; all of them speak of a side, an authority, a tenant and Entra's own words. */
export type SignInFailureId = 'ACRT2001' | 'ACRT2006' | 'ACRT2007' | 'ACRT2008' | 'ACRT2009' | 'ACRT2010' | 'ACRT2011';

const RULES: readonly Rule<SignInFailureId>[] = [
  // Tenant not found, no such tenant in this cloud; resource principal not in this tenant. The identity library looks for
  // the endpoints of a tenant first, and says in its own words that there are none.
  { pattern: /AADSTS(?:90002|900021|900023|90072|500011|5000224)\b|endpoints_resolution_error/, id: 'ACRT2006' },
  // Application not in the directory, or disabled there.
  { pattern: /AADSTS(?:700016|7000112|90130)\b/, id: 'ACRT2007' },
  // Secret wrong, expired, missing.
  { pattern: /AADSTS(?:7000215|7000222|7000216|70002)\b/, id: 'ACRT2008' },
  // No federated credential for the issuer, the audience or the subject of the id-token.
  { pattern: /AADSTS(?:70021|700211|700212|700213|700223|700238)\b/, id: 'ACRT2009' },
  // Conditional Access, multi-factor authentication, blocked for risk.
  { pattern: /AADSTS(?:53003|530035|530036|50076|50079|50158|53000|53001)\b/, id: 'ACRT2010' },
  // Assertion outside of its time, or with a key that Entra does not find.
  { pattern: /AADSTS(?:700024|700023|700027|700030|50013|500133)\b/, id: 'ACRT2011' },
];

/** What a refusal of Entra means; ACRT2001 when nobody knows it. */
export const signInFailureId = (reason: string): SignInFailureId => recognise(RULES, reason) ?? 'ACRT2001';
