import { z } from 'zod';
import type { CloudSettings, RateLimits } from './description.ts';
import { LIST_FORMS } from './list-forms.ts';

const seconds = z.number().nonnegative();
const message = z.string().min(1).nullable();

const runs = z.strictObject({
  style: z.enum(['operation', 'body']),
  retryAfterSeconds: seconds.nullable(),
  seconds: z.array(seconds).nonempty().readonly(),
  failAtOnce: message,
  failLate: message,
  corruptImports: z.array(z.string()).readonly(),
  endStatus: z.enum(['state', 'blank', 'absent']),
  partialMessages: z.boolean(),
  brokenExports: z.array(z.string()).readonly(),
  skipImports: z.array(z.string()).readonly(),
  importedArtifacts: z.enum(LIST_FORMS),
  alsoListed: z.array(z.string()).readonly(),
});

const perMinute = z.number().positive().nullable();

const rateLimits = z.strictObject({
  readsPerMinute: perMinute,
  referrersPerMinute: perMinute,
  registryReadsPerMinute: perMinute,
  registryReferrersPerMinute: perMinute,
  oauthPerMinute: perMinute,
});

const registry = z.strictObject({
  sku: z.enum(['Premium', 'Standard', 'Basic']),
  exportPolicy: z.enum(['enabled', 'disabled']),
  publicNetworkAccess: z.enum(['Enabled', 'Disabled']).nullable(),
  networkDefaultAction: z.enum(['Allow', 'Deny']),
  networkRuleBypassOptions: z.enum(['AzureServices', 'None']),
  roleAssignmentMode: z.enum(['LegacyRegistryPermissions', 'AbacRepositoryPermissions']),
  azureADAuthenticationAsArmPolicy: z.enum(['enabled', 'disabled']),
  rateLimits: rateLimits.partial(),
});

const storage = z.strictObject({
  delegation: z.enum(['open', 'refused']),
  copySource: z.enum(['open', 'unreachable', 'refused']),
  publicNetworkAccess: z.enum(['Enabled', 'Disabled']),
  defaultAction: z.enum(['Allow', 'Deny']),
  bypass: z.enum(['AzureServices', 'None']),
  ageDays: z.number().nonnegative(),
  allowSharedKeyAccess: z.boolean(),
  skewSeconds: z.number(),
});

const pipelines = z.strictObject({
  provisioningState: z.string().min(1),
  identity: z.enum(['given', 'none']),
  missingAnsweredBy: z.enum(['provider', 'gateway']),
});

const directory = z.strictObject({ registryAudience: z.enum(['known', 'unknown']) });

const vault = z.strictObject({ authorization: z.enum(['rbac', 'policies']) });

const patchSchema = z.strictObject({
  runs: runs.partial().optional(),
  sourceTriggerSeconds: z.number().positive().optional(),
  tokenLifetimeSeconds: z.int().positive().optional(),
  propagationSeconds: seconds.optional(),
  registry: registry.partial().optional(),
  storage: storage.partial().optional(),
  pipelines: pipelines.partial().optional(),
  vault: vault.partial().optional(),
  directory: directory.partial().optional(),
});

/** Any part of a cloud's settings. Other settings keep their values. Lists are replaced as a whole. */
export type SettingsPatch = z.input<typeof patchSchema>;

/** The limits of Premium registries (Microsoft Learn, "Azure Container Registry SKU features and limits"). */
const PREMIUM_LIMITS: RateLimits = {
  readsPerMinute: 10_000,
  referrersPerMinute: 1000,
  registryReadsPerMinute: 20_000,
  registryReferrersPerMinute: 2000,
  oauthPerMinute: 20_000,
};

/** The default settings: no misconfiguration, and runs as fast as the machine allows. */
export const defaultSettings: CloudSettings = {
  runs: {
    style: 'operation',
    retryAfterSeconds: null,
    seconds: [0],
    failAtOnce: null,
    failLate: null,
    corruptImports: [],
    endStatus: 'state',
    partialMessages: false,
    brokenExports: [],
    skipImports: [],
    importedArtifacts: 'references',
    alsoListed: [],
  },
  sourceTriggerSeconds: 900,
  tokenLifetimeSeconds: 3600,
  propagationSeconds: 0,
  registry: {
    sku: 'Premium',
    exportPolicy: 'enabled',
    publicNetworkAccess: null,
    networkDefaultAction: 'Allow',
    networkRuleBypassOptions: 'AzureServices',
    roleAssignmentMode: 'LegacyRegistryPermissions',
    azureADAuthenticationAsArmPolicy: 'enabled',
    rateLimits: PREMIUM_LIMITS,
  },
  storage: {
    delegation: 'open',
    copySource: 'open',
    publicNetworkAccess: 'Enabled',
    defaultAction: 'Allow',
    bypass: 'AzureServices',
    ageDays: 0,
    allowSharedKeyAccess: true,
    skewSeconds: 0,
  },
  pipelines: { provisioningState: 'Succeeded', identity: 'given', missingAnsweredBy: 'provider' },
  vault: { authorization: 'rbac' },
  directory: { registryAudience: 'known' },
};

type Given<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

/** A member with the value undefined counts as absent. */
const given = <T extends object>(part: T | undefined): Given<T> =>
  Object.fromEntries(Object.entries(part ?? {}).filter(([, value]) => value !== undefined)) as Given<T>;

/** Parses a patch. Throws a ZodError. */
export const parsePatch = (json: unknown): SettingsPatch => patchSchema.parse(json);

/** Applies a patch to settings. */
export function patchSettings(settings: CloudSettings, patch: SettingsPatch): CloudSettings {
  const { rateLimits: limits, ...registryPatch } = patch.registry ?? {};
  return {
    ...settings,
    ...given({
      sourceTriggerSeconds: patch.sourceTriggerSeconds,
      tokenLifetimeSeconds: patch.tokenLifetimeSeconds,
      propagationSeconds: patch.propagationSeconds,
    }),
    runs: { ...settings.runs, ...given(patch.runs) },
    registry: {
      ...settings.registry,
      ...given(registryPatch),
      rateLimits: { ...settings.registry.rateLimits, ...given(limits) },
    },
    storage: { ...settings.storage, ...given(patch.storage) },
    pipelines: { ...settings.pipelines, ...given(patch.pipelines) },
    vault: { ...settings.vault, ...given(patch.vault) },
    directory: { ...settings.directory, ...given(patch.directory) },
  };
}
