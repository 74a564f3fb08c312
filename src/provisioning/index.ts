/** Implements setup/action.yml: ensure, rotate, tear down, with its own ports. */
export type {
  Assignment,
  AssignmentOrder,
  ContainerPlace,
  Done,
  Estate,
  MadeSas,
  PipelineState,
  SecretState,
  VaultPlace,
} from './ports.ts';
export type {
  AbsentRequest,
  PipelineIdentity,
  PipelineWish,
  PresentRequest,
  RotateRequest,
  SasLife,
  SetupRequest,
  SetupTerms,
} from './request.ts';
export type { Change, SetupEvent, SetupResult } from './result.ts';
export { roleNameOf } from './role-grants.ts';
