import { createFaultBoard } from './faults.ts';
import type { FaultBoard } from './faults.ts';
import type { CloudContext } from './contracts.ts';
import type { CloudSettings, Side } from './description.ts';
import { createPolicyList } from './policies.ts';
import type { PolicyList } from './policies.ts';
import { createRoleList } from './roles.ts';
import type { RoleList } from './roles.ts';
import { defaultSettings, patchSettings } from './settings.ts';
import { createSecretsSeen } from './secrets-seen.ts';
import type { SecretsSeen } from './secrets-seen.ts';
import type { SettingsPatch } from './settings.ts';
import type { CertificateAuthority } from './tls.ts';

/** The state of a cloud that can be read and changed while it runs. */
export interface CloudState {
  readonly settings: () => CloudSettings;
  readonly patch: (patch: SettingsPatch) => void;
  readonly roles: RoleList;
  readonly policies: PolicyList;
  readonly faults: FaultBoard;
  readonly secrets: SecretsSeen;
}

/** @param patch differences from the default settings at the start */
export function createCloudState(patch: SettingsPatch = {}): CloudState {
  const secrets = createSecretsSeen();
  let settings = patchSettings(defaultSettings, patch);
  return {
    settings: () => settings,
    patch: (change) => {
      settings = patchSettings(settings, change);
    },
    roles: createRoleList(),
    policies: createPolicyList(),
    faults: createFaultBoard(secrets),
    secrets,
  };
}

/** The state of a cloud that is fixed at its start. */
export interface CloudFacts {
  readonly side: Side;
  readonly authority: CertificateAuthority;
  readonly tenantId: string;
  readonly folder: string;
}

/** The state as the services of the cloud see it. */
export const contextOf = (facts: CloudFacts, state: CloudState): CloudContext => ({
  ...facts,
  settings: state.settings,
  roles: state.roles.effective,
  assigned: state.roles,
  policies: state.policies,
  interceptor: state.faults.interceptor,
  noteSecret: state.secrets.note,
});
