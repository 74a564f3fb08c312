/** Why a host could not be reached, by the codes of Node and OpenSSL. */
import { recognise, type Rule } from './rule.ts';

/** Failures of the network; all of them speak of a host and a reason. */
export type NetworkFailureId = 'ACRT2005' | 'ACRT2012' | 'ACRT2013';

const NETWORK_RULES: readonly Rule<NetworkFailureId>[] = [
  { pattern: /^(?:ENOTFOUND|EAI_AGAIN)$/, id: 'ACRT2012' },
  { pattern: /^(?:CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|ERR_TLS_CERT)/, id: 'ACRT2013' },
];

/** What a code means; ACRT2005 when it says no more than that nothing came back. */
export const networkFailureId = (code: string | null): NetworkFailureId =>
  (code === null ? null : recognise(NETWORK_RULES, code)) ?? 'ACRT2005';
