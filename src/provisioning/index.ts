/** Provisioning, for setup/action.yml: ensure, rotate, teardown, and its ports. */
export type {
  Assignment,
  AssignmentRequest,
  ChangeOutcome,
  ContainerResource,
  IssuedSas,
  PipelineState,
  ProvisioningClient,
  SecretState,
  VaultResource,
} from './ports.ts';
export type {
  DesiredPipeline,
  EnsureRequest,
  PipelineIdentity,
  ProvisioningRequest,
  ProvisioningTerms,
  RotateRequest,
  SasLifetime,
  TeardownRequest,
} from './request.ts';
export type { Change, ProvisioningEvent, ProvisioningResult } from './result.ts';
export { roleNameOf } from './role-grants.ts';
