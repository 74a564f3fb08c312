/** Why a registry could not be read (OCI distribution specification; Microsoft: "Troubleshoot network issues with registry"). */
import { recognise, type Rule } from './rule.ts';

/** Failures of reading a registry; all of them speak of a registry, of what was to be read, and of the registry's own words. */
export type RegistryFailureId = 'ACRT6004' | 'ACRT6005' | 'ACRT6006';

const REGISTRY_RULES: readonly Rule<RegistryFailureId>[] = [
  // "client with IP '…' is not allowed access. Refer https://aka.ms/acr/firewall to grant access."
  { pattern: /is not allowed access|aka\.ms\/acr\/firewall/i, id: 'ACRT6005' },
  { pattern: /Too ?Many ?Requests|\bHTTP 429\b/i, id: 'ACRT6006' },
];

/** What a refusal of a registry means; ACRT6004 when nobody knows it. */
export const registryFailureId = (reason: string): RegistryFailureId => recognise(REGISTRY_RULES, reason) ?? 'ACRT6004';
