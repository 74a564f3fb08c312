/** Emulations of third-party actions, limited to the features that the workflows use. */
import { azureLogin } from './azure-login.ts';
import { checkout } from './checkout.ts';
import { downloadArtifact } from './download-artifact.ts';
import { buildPush, dockerLogin } from './registry.ts';
import type { StandIn } from './stand-in.ts';
import { uploadArtifact } from './upload-artifact.ts';

/** By `owner/name`, in lower case. */
export const standIns: Readonly<Record<string, StandIn>> = {
  'actions/checkout': checkout,
  'actions/upload-artifact': uploadArtifact,
  'actions/download-artifact': downloadArtifact,
  'azure/login': azureLogin,
  'docker/login-action': dockerLogin,
  'docker/build-push-action': buildPush,
};
